import { describe, expect, it } from 'vitest';
import { lacking } from './long-run.ts';
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
});
