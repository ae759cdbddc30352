import { describe, expect, it } from 'vitest';
import { runSuite } from './suite.ts';

/** The first twenty of the 500 are those with real signatures. */
const FROM = 21;

describe('105 schedules of 200 commits with 4 replicas, first part', () => {
  it('keep every invariant, and every fault bites', { timeout: 600_000 }, () => {
    const { line, schedules, short, never } = runSuite(4, FROM, 126, 200);
    console.log(line);
    expect({ schedules, short, never }).toEqual({ schedules: 105, short: 0, never: [] });
  });
});
