import { fromHex, invariant, toHex } from '@qifeng/core';
import { BUCKET, key } from './buckets.ts';
import type { KeyValue } from './key-value.ts';
import { read, readPresent, type SealedBatch } from './sealed.ts';

/** Bodies by digest, and which of them no executed block names. */
export class BatchRepository {
  readonly #store: KeyValue;
  readonly #pending: Set<string>;
  /** What the write under way drops: gone for everybody from the moment that it is staged. */
  readonly #going = new Set<string>();

  constructor(store: KeyValue, pending: Set<string>) {
    this.#store = store;
    this.#pending = pending;
  }

  get(digest: Uint8Array): Uint8Array | null {
    if (this.#going.size > 0 && this.#going.has(toHex(digest))) return null;
    return read(this.#store, key(BUCKET.batch, digest));
  }

  /** Bodies of all pending batches. */
  pending(): Uint8Array[] {
    return [...this.#pending].map(hex => {
      const digest = fromHex(hex);
      invariant(digest.ok, 'a pending digest is hex');
      return readPresent(this.#store, key(BUCKET.batch, digest.value), `batch ${hex}`);
    });
  }

  /** False if it is here: a digest stands for its bytes, and storing them again would make an executed batch pending. */
  stagePut(batch: SealedBatch, digest: Uint8Array, bytes: Uint8Array): boolean {
    if (this.#pending.has(toHex(digest)) || this.get(digest) !== null) return false;
    batch.put(key(BUCKET.batch, digest), bytes);
    batch.put(key(BUCKET.pendingBatch, digest), new Uint8Array(0));
    return true;
  }

  appliedPut(digest: Uint8Array): void {
    this.#pending.add(toHex(digest));
  }

  /** An executed block names these: they are pending no more. */
  stageExecuted(batch: SealedBatch, digests: readonly Uint8Array[]): void {
    for (const digest of digests) {
      batch.delete(key(BUCKET.pendingBatch, digest));
      this.#pending.delete(toHex(digest));
    }
  }

  /** Only what no executed block names, a block in the same write included. */
  stageDrop(batch: SealedBatch, digest: Uint8Array, mayGo: (digest: Uint8Array) => boolean): void {
    const hex = toHex(digest);
    if (!this.#pending.has(hex) || !mayGo(digest)) return;
    batch.delete(key(BUCKET.batch, digest));
    batch.delete(key(BUCKET.pendingBatch, digest));
    this.#pending.delete(hex);
    this.#going.add(hex);
  }

  appliedDrop(digest: Uint8Array): void {
    this.#going.delete(toHex(digest));
  }
}

/** The batches of a store. */
export async function loadBatches(store: KeyValue): Promise<BatchRepository> {
  const pending = new Set<string>();
  for await (const stored of store.keys(BUCKET.pendingBatch)) pending.add(toHex(stored.subarray(1)));
  return new BatchRepository(store, pending);
}
