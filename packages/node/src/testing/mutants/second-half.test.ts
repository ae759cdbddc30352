import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../mutants.ts';
import { trial } from './load.ts';

const HALF = Math.ceil(MUTANTS.length / 2);

describe('protocol mutants, second half', () => {
  it.each(MUTANTS.slice(HALF))(
    '$name is killed by the $by checker with $n replicas in schedule $seed, which the protocol itself passes',
    { timeout: 120_000 },
    async mutant => {
      const why = 'if the protocol or the simulator changed: npm run mutants finds a new seed';
      expect(await trial(mutant), why).toEqual({ mutant: mutant.by, itself: null });
    },
  );
});
