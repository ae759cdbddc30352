import type { Leaf } from '../records/leaf.ts';
import type { Profile } from '../records/profile.ts';
import { type Disclosed, isSealedId } from '../records/sealed.ts';
import { unknownDates } from './validity.ts';
import { type Verdict, verdictShown } from './verdict.ts';

/** What a standing and a record in hand come to together. */
export interface ShownVerdict {
  /** The verdict, by the dates too that a sealed record's receipt shows. */
  readonly verdict: Verdict;
  /** Dates of a subject in force that nothing shows, by the names of their fields. */
  readonly undisclosed: readonly string[];
}

/** A record of a subject, and what its receipt opens: null for nothing, or for a record in the open. */
export interface HeldRecord {
  readonly index: number;
  readonly leaf: Leaf;
  readonly disclosed: Disclosed | null;
}

/**
 * The verdict on a subject with the dates that the receipt of a record of it shows and the state does not know, at a time in
 * ms. Without a record the verdict stays as it is. `head` is the index of the subject's last record; `profile` its profile, or
 * null where it is not known.
 */
export function judgeShown(
  verdict: Verdict,
  record: HeldRecord | null,
  profile: Profile | null,
  head: number | null,
  at: number,
): ShownVerdict {
  if (record === null) return { verdict, undisclosed: [] };
  const { index, leaf, disclosed } = record;
  // A sealed record without fields looks like one in the open.
  const isSealed =
    disclosed !== null ||
    (profile === null ? isSealedId(leaf.entry.value.subject.id) : profile.privacy === 'sealed');
  if (!isSealed) return { verdict, undisclosed: [] };
  const shown = disclosed ?? { meta: new Map() };
  const judged = verdictShown(verdict, shown, at);
  const unknown = judged.inForce ? unknownDates(leaf, shown, profile, index === head) : [];
  return { verdict: judged, undisclosed: unknown };
}
