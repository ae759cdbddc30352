import { describe, expect, it } from 'vitest';
import { runSuite } from './suite.ts';

/** Seeds whose shapes have nearly every fault among them. */
const [FROM, TO] = [555, 560];

describe('5 schedules of 200 commits with 31 replicas', () => {
  it('keep every invariant, and every fault bites but two, which fewer replicas have', {
    timeout: 600_000,
  }, () => {
    const { line, schedules, short, never } = runSuite(31, FROM, TO, 200, ['grafts', 'calms']);
    console.log(line);
    expect({ schedules, short, never }).toEqual({ schedules: 5, short: 0, never: [] });
  });
});
