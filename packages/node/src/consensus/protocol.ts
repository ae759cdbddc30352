/** The protocol's whole surface: what a host, real or simulated, needs of it. */
export { namedBatches } from './chain.ts';
export { type Config, DEFAULT_TIMING, type Timing } from './config.ts';
export { isEvidence } from './evidence.ts';
export {
  admit,
  emptyGuard,
  type Guard,
  type HashBody,
  hasSigned,
  memoryLoss,
  nextEpoch,
  prune,
} from './guard.ts';
export type { Clock, Input } from './input.ts';
export type { Output, ToSign, WalRecord } from './output.ts';
export type { Draft, HashBlock } from './propose.ts';
export { compacted, type Executed, isOver, opened, recover, skipped } from './recover.ts';
export { isSettled } from './settled.ts';
export { initialState, type State } from './state.ts';
export { step } from './step.ts';
