import type { FinalSubmission, RefusedSubmission } from './answers.ts';
import type { NodeClient } from './client.ts';
import { NodeError } from './node-error.ts';
import { sleep } from './sleep.ts';

/** How long an outcome is waited for. */
export interface Patience {
  /** Milliseconds in all. */
  readonly totalMs: number;
  readonly signal?: AbortSignal;
  /** Tells that something is asked again, and why. */
  readonly onWait?: (error: NodeError | null, ms: number) => void;
}

/** Times that nodes which never answered are tried: one that did and is away now may be on its way back. */
const MAX_UNREACHABLE = 6;
const FIRST_PAUSE_MS = 150;
/** A node that has it queued has it final soon. */
const QUEUED_PAUSE_MS = 300;
const MAX_PAUSE_MS = 5_000;
/** A `Retry-After` beyond this is honoured as this much. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Sends the same signed bytes again until their outcome is known: harmless, as a ledger answers a repeat with the first
 * outcome. Waits as the nodes ask (`Retry-After`), else twice as long each time. Rejects with the last `NodeError` when
 * the patience ends.
 */
export async function submitUntilFinal(
  client: NodeClient,
  bytes: Uint8Array,
  patience: Patience,
): Promise<FinalSubmission | RefusedSubmission> {
  const end = Date.now() + patience.totalMs;
  let unreachable = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    let fault: NodeError;
    try {
      const answer = await client.submit(bytes);
      if (answer.type !== 'pending') return answer;
      fault = new NodeError('not-final', 'taken in, not final yet');
    } catch (error) {
      if (!(error instanceof NodeError) || error.code === 'bad-answer') throw error;
      fault = error;
    }
    const isUnknown = fault.code === 'unreachable' && !client.hasAnswered;
    if (isUnknown && ++unreachable === MAX_UNREACHABLE) throw fault;
    const ms = Math.min(
      fault.retryAfterMs ?? (fault.code === 'not-final' ? QUEUED_PAUSE_MS : pause),
      MAX_RETRY_AFTER_MS,
    );
    if (Date.now() + ms >= end) throw fault;
    patience.onWait?.(fault, ms);
    await sleep(ms, patience.signal);
  }
}
