import { expect, it } from 'vitest';
import { gatherMs } from './mempool.ts';

it('submissions gather for a quarter of the last round, no less than 5 ms and no more than 50', () => {
  expect([0, 10, 20, 40, 100, 200, 5_000].map(gatherMs)).toEqual([5, 5, 5, 10, 25, 50, 50]);
});
