import { describe, expect, it } from 'vitest';
import { lacking, longRun } from './long-run.ts';
import { zeroCounts } from './simulator/counts.ts';

describe('a long run', () => {
  it('fails over what never happened once it had as many schedules as a suite, and not before', () => {
    const counts = zeroCounts();
    for (const kind of Object.keys(counts) as (keyof typeof counts)[]) counts[kind] = 1;
    expect(lacking(counts, 500)).toEqual([]);
    counts.lostSyncs = 0;
    expect(lacking(counts, 499)).toEqual([]);
    expect(lacking(counts, 500)).toEqual(['lostSyncs']);
  });

  it('says with which seed it began, and draws Twins of four and of seven identities', () => {
    const told: string[] = [];
    longRun(121, 0, 5, {}, line => told.push(line));
    expect(told[0]).toContain('--from 121');
    expect(told[1]).toMatch(/schedules 1 at n=4; Twins 3 at n=4, 1 at n=7/);
  });
});
