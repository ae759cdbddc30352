import { describe, expect, it } from 'vitest';
import { neverHappened, runSchedules } from './suite.ts';

describe('50 schedules of 100 commits with 7 replicas', () => {
  it('keep every invariant, and every fault bites', { timeout: 240_000 }, () => {
    const { reports, counts } = runSchedules(7, 1, 51, 100);
    console.log(`7 replicas, ${reports.length} schedules: ${JSON.stringify(counts)}`);
    expect(reports).toHaveLength(50);
    expect(reports.every(report => report.blocks >= 100)).toBe(true);
    expect(neverHappened(counts)).toEqual([]);
  });
});
