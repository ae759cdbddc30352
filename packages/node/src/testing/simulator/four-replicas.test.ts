import { describe, expect, it } from 'vitest';
import * as protocol from '../../consensus/protocol.ts';
import { zeroCounts } from './faults.ts';
import { simulate } from './simulate.ts';
import { neverHappened, runSchedules } from './suite.ts';

describe('300 schedules of 100 commits with 4 replicas', () => {
  it('keep every invariant, and every fault bites', { timeout: 240_000 }, () => {
    const { reports, counts } = runSchedules(4, 1, 301, 100);
    console.log(`4 replicas, ${reports.length} schedules: ${JSON.stringify(counts)}`);
    expect(reports).toHaveLength(300);
    expect(reports.every(report => report.blocks >= 100 && report.records > 0)).toBe(true);
    expect(neverHappened(counts)).toEqual([]);
  });

  it('would fail if a fault never bit', () => {
    expect(neverHappened({ ...zeroCounts(), lost: 1 })).toContain('tornWrites');
  });

  it('replay: the same seed gives the same trace, another seed another', () => {
    const [first, again, other] = [7, 7, 8].map(seed => simulate(protocol, seed, 4, 40));
    expect(again).toEqual(first);
    expect(other!.trace).not.toBe(first!.trace);
  });
});
