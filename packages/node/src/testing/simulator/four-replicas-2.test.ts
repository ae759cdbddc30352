import { describe, expect, it } from 'vitest';
import { runSuite } from './suite.ts';

describe('125 schedules of 200 commits with 4 replicas, second part', () => {
  it('keep every invariant, and every fault bites', { timeout: 600_000 }, () => {
    const { line, schedules, short, never } = runSuite(4, 126, 251, 200);
    console.log(line);
    expect({ schedules, short, never }).toEqual({ schedules: 125, short: 0, never: [] });
  });
});
