import { describe, expect, it } from 'vitest';
import { runSuite } from './suite.ts';

describe('50 schedules of 200 commits with 7 replicas, second part', () => {
  it('keep every invariant, and every fault bites but blocks too large, which the first part has', {
    timeout: 600_000,
  }, () => {
    const { line, schedules, short, never } = runSuite(7, 51, 101, 200, ['oversized']);
    console.log(line);
    expect({ schedules, short, never }).toEqual({ schedules: 50, short: 0, never: [] });
  });
});
