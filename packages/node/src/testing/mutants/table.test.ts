import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../mutants.ts';
import { loadMutant } from './load.ts';

describe('the table of mutants', () => {
  it('has at least 40, each named once and each with a rule', () => {
    console.log(
      `${MUTANTS.length} protocol mutants of ${new Set(MUTANTS.map(({ rule }) => rule)).size} rules`,
    );
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it('is made of lines that exist: a stale one is refused, not run as the real protocol', async () => {
    const stale = { name: 'stale', file: 'votes.ts', line: 'no such line', broken: '' };
    await expect(loadMutant(stale)).rejects.toThrow('stands 0 times');
  });

  it('has no mutant that changes nothing', () => {
    expect(MUTANTS.filter(({ line, broken }) => line === broken)).toEqual([]);
  });
});
