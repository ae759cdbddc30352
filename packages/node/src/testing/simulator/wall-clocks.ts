import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Random } from './random.ts';

/** One replica's machine clock against virtual time. */
interface Wall {
  readonly offset: number;
  /** Ms a second by which it runs fast or slow, until it is set right again. */
  readonly drift: number;
  jump: number;
  /** When it was last set right after a jump. */
  right: number;
}

/** How long a block may be under way that a wrong clock dated, ms: its leader may stand still, and so may who gets it. */
const UNDER_WAY = 30_000;
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
      right: Number.NEGATIVE_INFINITY,
    }));
  }

  /** A clock is `ms` off from `now` on; 0 sets it right. */
  jump(replica: number, ms: number, now: number): void {
    const wall = this.#walls[replica]!;
    if (wall.jump !== 0) wall.right = now;
    wall.jump = ms;
  }

  /**
   * The latest date that a block executed at virtual time `now` can have, if no more than `most` clocks are off. One that was
   * set right counts for a while: what it dated may be under way, and another that is off then finds it timely.
   */
  latestDate(now: number, most: number): number {
    const wrong = this.#walls.filter(({ jump, right }) => jump !== 0 || now - right < UNDER_WAY);
    return wrong.length > most ? Number.POSITIVE_INFINITY : EPOCH + now + 2 * DEFAULT_TIMING.precision;
  }

  /** How many are off now. */
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
