import { expect, it } from 'vitest';
import { runSchedules } from './suite.ts';

const options = { snapshots: true };

it('16 schedules of 200 blocks keep every invariant while those far behind take certified states', {
  timeout: 120_000,
}, () => {
  const { reports, counts } = runSchedules(4, 1, 17, 200, options);
  expect(reports.map(({ blocks }) => blocks).filter(blocks => blocks < 200)).toEqual([]);
  expect([counts.snapshots > 20, counts.skippedEpochs > 0]).toEqual([true, true]);
});
