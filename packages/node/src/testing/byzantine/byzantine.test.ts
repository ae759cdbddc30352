import { describe, expect, it } from 'vitest';
import { runSchedules } from '../simulator/suite.ts';
import { BEHAVIOURS } from './names.ts';

describe('Byzantine replicas', () => {
  it('do each kind of wrong, and who signs twice is named', { timeout: 120_000 }, () => {
    const { reports, counts } = runSchedules(4, 1, 31, 100, { profile: 'byzantine' });
    const drawn = new Set(
      reports.flatMap(({ shape }) => shape.faulty.flatMap(({ behaviours }) => behaviours)),
    );
    expect([...drawn].sort()).toEqual([...BEHAVIOURS].sort());
    const { equivocations, withheld, doubleVotes, replays, forgeries, newViews, floods, garbage } = counts;
    const { doubleCosignatures, repeats, repacked, repeatedBatches } = counts;
    expect(
      Math.min(equivocations, withheld, doubleVotes, replays, forgeries, newViews, floods, garbage),
    ).toBeGreaterThan(0);
    expect(Math.min(doubleCosignatures, repeats, repacked, repeatedBatches)).toBeGreaterThan(0);
    const voters = reports.filter(report => report.counts.doubleVotes > 0);
    expect(voters.filter(report => report.counts.accused === 0)).toEqual([]);
    console.log(`30 Byzantine schedules: ${counts.accused} accusations, ${counts.refused} messages refused`);
  });

  it('that lead poorly are replaced before clients wait too long', { timeout: 120_000 }, () => {
    const { reports, counts } = runSchedules(4, 1, 13, 100, { profile: 'service' });
    expect(Math.min(counts.slowLeaders, counts.censored)).toBeGreaterThan(0);
    const held = reports.filter(({ shape }) => shape.term > 30);
    expect(held.length).toBeGreaterThan(5);
    expect(held.filter(report => report.counts.viewChanges === 0)).toEqual([]);
  });
});
