import { faultsOf } from './config.ts';
import type { Block } from './messages.ts';
import type { State } from './state.ts';

/**
 * Whether a fresh block may be PREPAREd as far as its time goes: its header came within
 * [timestamp - precision, timestamp + delay + precision] by the local clock, or f+1 others have PREPAREd it in this view,
 * an honest one among them. Each failed view widens the delay, so that a network slower than believed moves on. Source:
 * proposer-based timestamps of CometBFT 1.0.
 */
export function isTimely(state: State, block: Block, arrived: number): boolean {
  const { precision, delay, baseTimeout } = state.config.timing;
  const age = arrived - block.timestamp;
  const widened = delay * (state.timer.timeout / baseTimeout);
  return (age >= -precision && age <= widened + precision) || vouchers(state, block) > faultsOf(state.config);
}

/** Others who have PREPAREd the block in this view, its proposer among them. */
function vouchers(state: State, { height, hash }: Block): number {
  const prepares = state.slots.get(state.view)?.votes.prepare.get(height)?.values() ?? [];
  return [...prepares].filter(vote => vote.hash === hash && vote.signer !== state.config.me).length;
}
