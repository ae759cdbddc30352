import { describe, expect, it } from 'vitest';
import { runSuite } from './suite.ts';

describe('125 schedules of 200 commits with 4 replicas, fourth part', () => {
  it('keep every invariant, and every fault bites but blocks too large, which the other parts have', {
    timeout: 600_000,
  }, () => {
    const { line, schedules, short, never } = runSuite(4, 376, 501, 200, ['oversized']);
    console.log(line);
    expect({ schedules, short, never }).toEqual({ schedules: 125, short: 0, never: [] });
  });
});
