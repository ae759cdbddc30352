import { ACCEPTANCE_MUTANTS } from './mutants/acceptance.ts';
import { COUNTING_MUTANTS } from './mutants/counting.ts';
import { EPOCH_MUTANTS } from './mutants/epochs.ts';
import { MEMORY_MUTANTS } from './mutants/memory.ts';
import type { Mutant } from './mutants/mutant.ts';
import { NORMAL_CASE_MUTANTS } from './mutants/normal-case.ts';
import { PROPOSAL_MUTANTS } from './mutants/proposals.ts';
import { SERVICE_MUTANTS } from './mutants/service.ts';
import { VIEW_CHANGE_MUTANTS } from './mutants/view-change.ts';

/** Every rule that the protocol cannot do without, broken by one line, with the schedule that finds it out. */
export const MUTANTS: readonly Mutant[] = [
  ...NORMAL_CASE_MUTANTS,
  ...COUNTING_MUTANTS,
  ...PROPOSAL_MUTANTS,
  ...ACCEPTANCE_MUTANTS,
  ...VIEW_CHANGE_MUTANTS,
  ...MEMORY_MUTANTS,
  ...SERVICE_MUTANTS,
  ...EPOCH_MUTANTS,
];
