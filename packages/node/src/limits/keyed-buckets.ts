import { type Rate, TokenBucket } from './token-bucket.ts';

/** A bucket for each key, such as an address that anybody may come from: at most `most` are remembered. */
export class KeyedBuckets {
  readonly #rate: Rate;
  readonly #most: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate, most: number) {
    this.#rate = rate;
    this.#most = most;
  }

  /** Keys remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Ms until `key` may take something; 0: at once. */
  wait(key: string, now: number): number {
    return this.#buckets.get(key)?.wait(now) ?? 0;
  }

  take(key: string, amount: number, now: number): void {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#most) this.#makeRoom(now);
      bucket = new TokenBucket(this.#rate, now);
      this.#buckets.set(key, bucket);
    }
    bucket.take(amount, now);
  }

  /** A full bucket is as good as none. If all are in use, the one that was made first is forgotten. */
  #makeRoom(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    if (this.#buckets.size < this.#most) return;
    const [oldest] = this.#buckets.keys();
    this.#buckets.delete(oldest!);
  }
}
