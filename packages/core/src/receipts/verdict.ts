import { ok, type Result, refuse } from '../encoding/result.ts';
import type { Link } from '../records/entry.ts';
import type { Leaf } from '../records/leaf.ts';
import { type Profile, STANDINGS } from '../records/profile.ts';
import type { Disclosed } from '../records/sealed.ts';
import type { SubjectValue } from '../records/state.ts';

/**
 * What a subject's standing comes to: what its state means by its profile, and what its dates and links add; `other` where
 * nothing says what the state means.
 */
export const VERDICTS = ['never-recorded', 'not-yet', ...STANDINGS, 'other'] as const;

/** A standing at one time. */
export interface Verdict {
  readonly word: (typeof VERDICTS)[number];
  /** Whether the subject is in force, amended or not. */
  readonly inForce: boolean;
  /** What amended, replaced or repealed it, as the last record says. */
  readonly by: readonly Link[];
}

/** First and last day of a validity, `YYYY-MM-DD`; null for none. */
export type Validity = Pick<SubjectValue, 'validFrom' | 'validTo'>;

/** Relations by which a record names what took its subject's place. */
const SUCCESSORS = ['replaced-by', 'superseded-by'];
/** And those to what says so. */
const REASONS = ['amended-by', 'repealed-by', 'revoked-by'];
const IN_FORCE = ['in-force', 'amended'];
const GONE = ['repealed', 'lapsed', 'ended'];
/** Chinese standard time has no summer time. */
const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** Days from 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468;

/**
 * The verdict on a subject of this value, null for none in the state, with this last record, at a time in ms. `profile` is
 * the subject's own, or null where it is not known: then a state that is named like a standing is that.
 */
export function verdictOf(
  value: SubjectValue | null,
  last: Leaf | null,
  profile: Profile | null,
  at: number,
): Verdict {
  if (value === null) return { word: 'never-recorded', inForce: false, by: [] };
  const links = last?.entry.value.links ?? [];
  const by = links.filter(({ rel }) => SUCCESSORS.includes(rel) || REASONS.includes(rel));
  const replaced = by.some(({ rel }) => SUCCESSORS.includes(rel));
  const word = dated(meaning(value.state, profile), value, at);
  return {
    word: replaced && GONE.includes(word) ? 'superseded' : word,
    inForce: IN_FORCE.includes(word),
    by,
  };
}

/**
 * The validity that a receipt shows of a sealed record, and what it comes to at a time in ms; null where it shows none. The
 * state does not know it: whoever is shown it looks at both.
 */
export function shownValidity(
  { meta }: Disclosed,
  at: number,
): (Validity & { readonly word: 'in-force' | 'not-yet' | 'lapsed' }) | null {
  const date = (name: string) => {
    const value = meta.get(name);
    return typeof value === 'string' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) ? value : null;
  };
  const shown = { validFrom: date('effective'), validTo: date('expires') };
  if (shown.validFrom === null && shown.validTo === null) return null;
  const word = dated('in-force', shown, at);
  return { ...shown, word: word === 'not-yet' || word === 'lapsed' ? word : 'in-force' };
}

/**
 * That a subject is in force, amended or not, and a file its present one. Faults: `not-in-force`, and `standing-unproven`
 * where there is no proven verdict to judge by.
 */
export function verifyInForce(verdict: Verdict | null, present = true): Result<void> {
  if (verdict === null) return refuse('standing-unproven', 'no proof says where it stands');
  if (!verdict.inForce) return refuse('not-in-force', `its standing is ${verdict.word}`);
  return present ? ok(undefined) : refuse('not-in-force', 'the present text is another file');
}

function meaning(state: string, profile: Profile | null): Verdict['word'] {
  const known = profile?.states.find(({ name }) => name === state);
  return known?.standing ?? STANDINGS.find(standing => standing === state) ?? 'other';
}

/** The first and the last day of a validity are days in force. */
function dated(word: Verdict['word'], { validFrom, validTo }: Validity, at: number): Verdict['word'] {
  if (!IN_FORCE.includes(word)) return word;
  const day = Math.floor((at + CHINA_OFFSET_MS) / DAY_MS);
  if (validFrom !== null && day < dayOf(validFrom)) return 'not-yet';
  return validTo !== null && day > dayOf(validTo) ? 'lapsed' : word;
}

/** Days from 1970-01-01 to a date `YYYY-MM-DD` of the Gregorian calendar; years are counted from March, so that a leap day ends one. */
function dayOf(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const y = month > 2 ? year : year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * y + leapDays + dayOfYear - DAYS_TO_1970;
}
