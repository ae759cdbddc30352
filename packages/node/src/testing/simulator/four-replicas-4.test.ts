import { describe, expect, it } from 'vitest';
import { runSuite } from './suite.ts';

/** The last 32 of the 500 are those in which batches expire, and those with certified states. */
const TO = 469;

describe('93 schedules of 200 commits with 4 replicas, fourth part', () => {
  it('keep every invariant, and every fault bites but blocks too large, which the other parts have', {
    timeout: 600_000,
  }, () => {
    const { line, schedules, short, never } = runSuite(4, 376, TO, 200, ['oversized']);
    console.log(line);
    expect({ schedules, short, never }).toEqual({ schedules: 93, short: 0, never: [] });
  });
});
