export { fieldsFlaw } from './check-fields.ts';
export { MAX_AHEAD_MS, wouldRefuse } from './check-submission.ts';
export { type EpochAt, epochAt, epochSet } from './epochs.ts';
export { executeBlock } from './execute.ts';
export { genesisState } from './genesis-state.ts';
export { PlainState } from './plain-state.ts';
export { profileRules } from './profile-rules.ts';
export { baseRoots, type RebuildBase, type RebuildBlock, type Rebuilt, rebuild } from './rebuild.ts';
export type * from './types.ts';
