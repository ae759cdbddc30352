import { type Bucket, numberKey, readNumber } from './buckets.ts';
import type { KeyValue } from './key-value.ts';
import { readPresent, type SealedBatch } from './sealed.ts';

/** Few small things under two numbers each, written once and never changed: all of them are in memory. */
export class KeptRepository {
  readonly #bucket: Bucket;
  readonly #kept: Map<string, Uint8Array>;

  constructor(bucket: Bucket, kept: Map<string, Uint8Array>) {
    this.#bucket = bucket;
    this.#kept = kept;
  }

  get(first: number, second = 0): Uint8Array | null {
    return this.#kept.get(`${first} ${second}`) ?? null;
  }

  all(): readonly Uint8Array[] {
    return [...this.#kept.values()];
  }

  stage(batch: SealedBatch, bytes: Uint8Array, first: number, second = 0): void {
    batch.put(numberKey(this.#bucket, first, second), bytes);
  }

  applied(bytes: Uint8Array, first: number, second = 0): void {
    this.#kept.set(`${first} ${second}`, bytes);
  }
}

/** What a bucket of the store keeps. */
export async function loadKept(store: KeyValue, bucket: Bucket): Promise<KeptRepository> {
  const kept = new Map<string, Uint8Array>();
  for await (const stored of store.keys(bucket)) {
    const name = `${readNumber(stored, 1)} ${readNumber(stored, 9)}`;
    kept.set(name, readPresent(store, stored, `${name} of bucket ${bucket}`));
  }
  return new KeptRepository(bucket, kept);
}
