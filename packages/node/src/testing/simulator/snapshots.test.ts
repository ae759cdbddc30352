import { expect, it } from 'vitest';
import { runSchedule, runSchedules } from './suite.ts';

const options = { snapshots: true };

it('16 schedules of 200 blocks keep every invariant while those far behind take certified states', {
  timeout: 120_000,
}, () => {
  const { reports, counts } = runSchedules(4, 1, 17, 200, options);
  expect(reports.map(({ blocks }) => blocks).filter(blocks => blocks < 200)).toEqual([]);
  expect([counts.snapshots > 20, counts.skippedEpochs > 0]).toEqual([true, true]);
});

it('who has no vote is waited for before everything is read again', () => {
  // Its last block reaches the one without a vote when the voters have long done with it.
  const { blocks } = runSchedule(4, 165740308, 200, { expiry: true, snapshots: true });
  expect(blocks).toBeGreaterThanOrEqual(200);
});

it('who never wrote a log has one when a certified state comes, and goes on to vote', () => {
  // A member of epoch 0 hears nothing of the first blocks.
  const { counts } = runSchedule(4, 172705722, 200, { expiry: true, snapshots: true });
  expect(counts.snapshots).toBeGreaterThan(0);
});
