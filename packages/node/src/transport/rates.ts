import { type Rate, TokenBucket } from '../limits/token-bucket.ts';
import type { Lane } from '../ports/transport.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What one member may send in one lane. */
export interface LaneRate {
  /** Frames, those with a higher `cost` counted as so many. */
  readonly frames: Rate;
  /** Bytes of the stream, frames or not. */
  readonly bytes: Rate;
  /** Frames handed over and not dealt with, and bytes in them, above which no further one is. */
  readonly underWay: { readonly frames: number; readonly bytes: number };
}

/** What a member may send, by lane. */
export type PeerRates = Readonly<Record<Lane, LaneRate>>;

/**
 * Well above what an honest member sends: 125 blocks a second with a full window are some 1,500 votes, and one that
 * catches up at ten times the pace asks for as many bodies. A liar's bytes are signatures to check, 72 bytes each, so those
 * of the lane of votes have less room: 0.4 MB a second is what they take, and two NEW-VIEWs are the burst.
 */
export const PEER_RATES: PeerRates = {
  votes: {
    frames: { perSecond: 4000, burst: 8000 },
    bytes: { perSecond: 2 * MIB, burst: 8 * MIB },
    underWay: { frames: 64, bytes: 4 * MIB },
  },
  bulk: {
    frames: { perSecond: 4000, burst: 8000 },
    bytes: { perSecond: 32 * MIB, burst: 64 * MIB },
    underWay: { frames: 8, bytes: MIB },
  },
};

/**
 * What an observer may send. It votes on nothing, so its lane of votes carries its status and what it asks for; in bulk go the
 * submissions of its own clients.
 */
export const OBSERVER_RATES: PeerRates = {
  votes: {
    frames: { perSecond: 2000, burst: 4000 },
    bytes: { perSecond: MIB / 4, burst: MIB },
    underWay: { frames: 16, bytes: MIB },
  },
  bulk: {
    frames: { perSecond: 2000, burst: 4000 },
    bytes: { perSecond: 4 * MIB, burst: 8 * MIB },
    underWay: { frames: 4, bytes: MIB },
  },
};

/** Ms between two lines of the log that say that the same lane is slowed. */
const SAY_INTERVAL = 60_000;

/** What a member has used of one lane, over all its connections: coming again does not fill a bucket. */
export class Allowance {
  readonly rate: LaneRate;
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;
  #said = Number.NEGATIVE_INFINITY;

  constructor(rate: LaneRate, now: number) {
    this.rate = rate;
    this.#frames = new TokenBucket(rate.frames, now);
    this.#bytes = new TokenBucket(rate.bytes, now);
  }

  /** Ms until the member may send more; 0: at once. */
  wait(now: number): number {
    return Math.max(this.#frames.wait(now), this.#bytes.wait(now));
  }

  takeFrame(cost: number, now: number): void {
    this.#frames.take(cost, now);
  }

  takeBytes(bytes: number, now: number): void {
    this.#bytes.take(bytes, now);
  }

  /** Whether it is time to say that the member is slowed. */
  sayNow(now: number): boolean {
    if (now - this.#said < SAY_INTERVAL) return false;
    this.#said = now;
    return true;
  }
}
