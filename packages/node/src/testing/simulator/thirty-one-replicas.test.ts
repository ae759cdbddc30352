import { describe, expect, it } from 'vitest';
import type { CountName } from './counts.ts';
import { runSuite } from './suite.ts';

/** Seeds whose shapes have many faults, lost memories among them, and take no longer than others. */
const [FROM, TO] = [172, 177];
/** What so few schedules do not bring about. */
const RARE: readonly CountName[] = ['bitFlips', 'dead', 'strangers', 'oversized', 'calms'];

describe('5 schedules of 200 commits with 31 replicas', () => {
  it('keep every invariant, and all faults bite but those that fewer replicas have', {
    timeout: 600_000,
  }, () => {
    const { line, schedules, short, never } = runSuite(31, FROM, TO, 200, RARE);
    console.log(line);
    expect({ schedules, short, never }).toEqual({ schedules: 5, short: 0, never: [] });
  });
});
