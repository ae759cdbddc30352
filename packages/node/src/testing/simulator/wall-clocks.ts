import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Random } from './random.ts';

/** One replica's machine clock against virtual time. */
interface Wall {
  readonly offset: number;
  /** Ms a second by which it runs fast or slow, until it is set right again. */
  readonly drift: number;
  jump: number;
}

/** Clocks are set right every so often, ms: what drift may add up to. */
const SET_RIGHT = 60_000;

/** What each replica takes for the time of day: within the precision of each other, but for jumps. */
export class WallClocks {
  readonly #walls: readonly Wall[];

  constructor(random: Random, n: number, drift: boolean) {
    // Offset and drift together stay within half of the precision on either side.
    const half = DEFAULT_TIMING.precision / 2;
    this.#walls = Array.from({ length: n }, () => ({
      offset: drift ? random.between(-half * 0.6, half * 0.6) : 0,
      drift: drift ? (random.between(-half * 0.4, half * 0.4) * 1_000) / SET_RIGHT : 0,
      jump: 0,
    }));
  }

  /** A clock is `ms` off from now on; 0 sets it right. */
  jump(replica: number, ms: number): void {
    this.#walls[replica]!.jump = ms;
  }

  /** How many are off now, and were lately: a block that they date must be gone. */
  get off(): number {
    return this.#walls.filter(({ jump }) => jump !== 0).length;
  }

  read(replica: number, now: number): number {
    const { offset, drift, jump } = this.#walls[replica]!;
    return Math.max(0, Math.floor(EPOCH + now + offset + (drift * (now % SET_RIGHT)) / 1_000 + jump));
  }
}

/** Time of day at virtual time 0: later than any jump back. */
const EPOCH = 100_000;

/** The latest date that a block can have at virtual time `now`, if every clock but f is within the precision. */
export function latestDate(now: number): number {
  return EPOCH + now + 2 * DEFAULT_TIMING.precision;
}
