import { equalBytes } from '../encoding/bytes.ts';
import { GOVERNANCE } from '../records/governance.ts';
import type { Submission } from '../records/submission.ts';
import { entryFlaw } from './check-entry.ts';
import { governanceFlaw } from './governance.ts';
import type { Refusal, Rules, StateView } from './types.ts';
import { type WorkingState, workingState } from './working-state.ts';

/** Milliseconds by which a submission may be ahead of the block that takes it. */
export const MAX_AHEAD_MS = 60_000;

/**
 * Why a submission is outside its time window at `time` (ms): `expired` or `not-yet-valid`, else null. Its life of at
 * most 24 hours is part of being well-formed.
 */
export function windowRefusal({ header: { issuedAt, expires } }: Submission, time: number): Refusal | null {
  if (expires <= time) return refusal('expired', null, `expired at ${expires}, the block's time is ${time}`);
  if (issuedAt - MAX_AHEAD_MS > time)
    return refusal('not-yet-valid', null, `issued at ${issuedAt}, the block's time is ${time}`);
  return null;
}

const DAY_MS = 86_400_000;
/** China has one time zone, without summer time. */
const UTC_8_MS = 8 * 3_600_000;

/** The day that quotas count in, of a time in ms: days since 1970 in UTC+8. */
export function quotaDay(time: number): number {
  return Math.floor((time + UTC_8_MS) / DAY_MS);
}

/** The block that a submission is judged for. */
export interface BlockAt {
  readonly height: number;
  /** Ms. */
  readonly time: number;
}

/**
 * Why the state refuses, in a block at this height and time, a submission that is in its window and no repeat, or null. Reads the state
 * only.
 */
export function stateRefusal(
  state: WorkingState,
  submission: Submission,
  rules: Rules,
  { height, time }: BlockAt,
): Refusal | null {
  const { header, entries } = submission;
  if (!equalBytes(header.genesis, rules.chain.hash))
    return refusal('wrong-chain', null, 'the submission is for the chain of another genesis');
  const { value } = state.publisher(header.publisher);
  if (value === null) return refusal('unknown-publisher', null, `${header.publisher} is not enrolled`);
  if (value.status !== 'active')
    return refusal('publisher-suspended', null, `${header.publisher} is ${value.status}`);
  if (!value.keys.some(key => equalBytes(key, header.key)))
    return refusal('wrong-key', null, `not a key of ${header.publisher}`);
  const { quota, day, used } = value;
  const today = day === quotaDay(time) ? used : 0;
  if (quota > 0 && today + entries.length > quota)
    return refusal(
      'daily-quota',
      null,
      `${header.publisher} may make ${quota} records a day and made ${today}`,
    );
  const actor = { id: header.publisher, value };
  const named = new Set<string>();
  for (const [i, entry] of entries.entries()) {
    const flaw =
      entry.profile === GOVERNANCE
        ? governanceFlaw(state, actor, entry, rules, height, named)
        : entryFlaw(state, actor, entry);
    if (flaw !== null) return refusal(flaw.code, i, flaw.detail);
  }
  return null;
}

/**
 * Why a block at `time` and `height` on this very state would not record a well-formed submission, or null: the same
 * checks as execution's. Without a height it is that of any block above the last. A repeat is not refused, it has its first outcome; and whatever else is on its way may change the answer.
 */
export function wouldRefuse(
  submission: Submission,
  time: number,
  state: StateView,
  rules: Rules,
  height = Number.POSITIVE_INFINITY,
): Refusal | null {
  const outside = windowRefusal(submission, time);
  if (outside !== null) return outside;
  const working = workingState(state, rules.chain);
  if (working.submission(submission.id).value !== null) return null;
  return stateRefusal(working, submission, rules, { height, time });
}

function refusal(code: string, entry: number | null, detail: string): Refusal {
  return { code, entry, detail };
}
