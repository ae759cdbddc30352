import type { Clock } from '../consensus/input.ts';

/** Ms that one tick brings at most. */
const MOST_MS = 200;

/**
 * The clock by which the protocol's timers run: time in which this process did. One that is starved or stopped for seconds
 * hears nobody meanwhile; taken for waiting, that would be laid on the leader, and a network on too few processors would
 * change views without end (31 nodes on two processors: nothing final for 54 s, measured). So a late tick counts as a
 * few. Dates are those of the machine.
 */
export class OwnClock {
  readonly #machine: () => Clock;
  #now = 0;
  #at: number;

  constructor(machine: () => Clock) {
    this.#machine = machine;
    this.#at = machine().now;
  }

  /** The time as of the last tick. */
  read(): Clock {
    return { now: this.#now, wall: this.#machine().wall };
  }

  /** Goes on by what has passed since the last tick, within bounds. */
  tick(): Clock {
    const { now, wall } = this.#machine();
    this.#now += Math.min(now - this.#at, MOST_MS);
    this.#at = now;
    return { now: this.#now, wall };
  }
}
