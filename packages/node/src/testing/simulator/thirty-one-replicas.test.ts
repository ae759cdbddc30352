import { describe, expect, it } from 'vitest';
import { runSuite } from './suite.ts';

describe('5 schedules of 200 commits with 31 replicas', () => {
  it('keep every invariant; so few cannot bring about every fault', { timeout: 600_000 }, () => {
    const { line, schedules, short } = runSuite(31, 1, 6, 200);
    console.log(line);
    expect({ schedules, short }).toEqual({ schedules: 5, short: 0 });
  });
});
