import { KeyedBuckets } from '../limits/keyed-buckets.ts';
import type { MempoolLimits } from './limits.ts';

/** Publishers whose recent pace is remembered. */
const MOST_PUBLISHERS = 65_536;

/**
 * What each publisher has waiting of what this node took in, and how fast it hands in. Only submissions whose signature
 * was checked and whose key is the publisher's are counted: else anybody could use up a quota in another's name. So what
 * came in batches of other members does not count either.
 */
export class Quotas {
  readonly #limits: MempoolLimits['publisher'];
  readonly #submissions: KeyedBuckets;
  readonly #bytes: KeyedBuckets;
  readonly #pending = new Map<string, number>();

  constructor(limits: MempoolLimits['publisher']) {
    this.#limits = limits;
    this.#submissions = new KeyedBuckets(limits.submissions, MOST_PUBLISHERS);
    this.#bytes = new KeyedBuckets(limits.bytes, MOST_PUBLISHERS);
  }

  /** Seconds after which a publisher, who may have `most` waiting, may hand in something of this weight; 0: now. */
  wait(publisher: string, weight: number, most: number, now: number): number {
    const pending = this.#pending.get(publisher) ?? 0;
    if (pending + weight > (pending === 0 ? this.#limits.pending : most)) return 1;
    const ms = Math.max(this.#submissions.wait(publisher, now), this.#bytes.wait(publisher, now));
    return Math.ceil(ms / 1000);
  }

  /** A submission of this publisher was taken in. */
  take(publisher: string, bytes: number, weight: number, now: number): void {
    this.#submissions.take(publisher, 1, now);
    this.#bytes.take(publisher, bytes, now);
    this.#pending.set(publisher, (this.#pending.get(publisher) ?? 0) + weight);
  }

  /** So much of it waits no more. */
  settle(publisher: string, weight: number): void {
    const rest = (this.#pending.get(publisher) ?? 0) - weight;
    if (rest > 0) this.#pending.set(publisher, rest);
    else this.#pending.delete(publisher);
  }
}
