import { describe, expect, it } from 'vitest';
import { Violation } from '../checkers/violation.ts';
import { loadMutant } from '../mutants/load.ts';
import { MUTANTS } from '../mutants.ts';
import { simulate } from '../simulator/simulate.ts';
import { TraceChecker } from './trace.ts';
import { checkTraces } from './traces.ts';

/** All checkers that can be deaf: the model has to find the deviations alone. */
const OTHERS = [
  'durability',
  'finality',
  'evidence',
  'signatures',
  'guard',
  'certificates',
  'heads',
  'amnesia',
  'time',
  'standing',
  'epochs',
];
/** Deviations of the protocol that the model finds within a few schedules. */
const DEVIATIONS = [
  'quorum-minus-one',
  'leader-is-me',
  'forgotten-vote',
  'commit-unprepared',
  'executed-out-of-order',
  'cosigned-twice',
  'prepares-commit',
  'tip-never-prepared',
  'prepared-not-logged',
  'cosignature-not-logged',
  'final-not-logged',
  'accepted-above-barrier',
  'opened-before-final',
  'old-set-counts-on',
];
const SEEDS = 5;

describe('what replicas do in the simulator', () => {
  it.each([
    [4, 25],
    [7, 8],
  ])('is enabled in the model, step by step, with %i replicas in %i schedules', (n, count) => {
    const { steps, epochs } = checkTraces(n, 1, 1 + count, 60);
    console.log(`n=${n}: ${steps} steps of ${count} schedules, ${epochs} changes of the set`);
    expect(steps).toBeGreaterThan(count * 1_000);
    expect(epochs).toBeGreaterThan(0);
  });

  it.each(DEVIATIONS)('is not if the protocol has the mutant %s', async name => {
    const mutant = MUTANTS.find(one => one.name === name)!;
    const protocol = await loadMutant({ ...mutant, name: `trace-${name}` });
    let found: Violation | null = null;
    for (let seed = 1; seed <= SEEDS && found?.checker !== 'model'; seed++) {
      try {
        const profile = seed % 2 === 0 ? 'ambush' : 'rough';
        simulate(protocol, seed, 4, 60, {
          deaf: OTHERS,
          profile,
          observe: observed => new TraceChecker(observed),
        });
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        found = error;
      }
    }
    expect(found?.message).toMatch(/^model: /);
  });
});
