import type { CrashPoint } from './world.ts';

/**
 * One crash of one replica in place of those that chance brings. Its points are numbered over a whole run: in each step
 * after every number of its records that is not all, and then after every output that follows the sync.
 */
export class CrashPlan {
  readonly replica: number;
  readonly #point: number;
  #passed = 0;

  /** `point`: -1 for none, to see how many there are. */
  constructor(replica: number, point: number) {
    this.replica = replica;
    this.#point = point;
  }

  /** Points of the steps so far. */
  get passed(): number {
    return this.#passed;
  }

  /** Where a step of so many records and outputs after them is cut, if it is. */
  step(records: number, rest: number): CrashPoint | null {
    const point = this.#point - this.#passed;
    this.#passed += records + rest + 1;
    if (point < 0 || point > records + rest) return null;
    return point < records ? { records: point, rest: 0 } : { records, rest: point - records };
  }
}
