import { describe, expect, it } from 'vitest';
import { runSchedules } from './suite.ts';

describe('20 schedules of 200 commits with 4 replicas and Ed25519', () => {
  it('keep every invariant, every signature of every message checked by its key', {
    timeout: 600_000,
  }, () => {
    const { reports, counts } = runSchedules(4, 1, 21, 200, { realSignatures: true });
    console.log(`real signatures, ${reports.length} schedules: ${counts.refused} messages refused`);
    expect(reports.filter(({ blocks }) => blocks >= 200)).toHaveLength(20);
    expect(counts.refused).toBeGreaterThan(0);
  });
});
