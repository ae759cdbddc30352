import { fromHex, invariant, toHex } from '@qifeng/core';
import { BUCKET, key } from './buckets.ts';
import type { KeyValue } from './key-value.ts';
import { read, readPresent, type SealedBatch } from './sealed.ts';

/** Bodies by digest, and which of them no executed block names. */
export class BatchRepository {
  readonly #store: KeyValue;
  readonly #pending: Set<string>;

  constructor(store: KeyValue, pending: Set<string>) {
    this.#store = store;
    this.#pending = pending;
  }

  get(digest: Uint8Array): Uint8Array | null {
    return read(this.#store, key(BUCKET.batch, digest));
  }

  isPending(digest: Uint8Array): boolean {
    return this.#pending.has(toHex(digest));
  }

  /** Bodies of all pending batches. */
  pending(): Uint8Array[] {
    return [...this.#pending].map(hex => {
      const digest = fromHex(hex);
      invariant(digest.ok, 'a pending digest is hex');
      return readPresent(this.#store, key(BUCKET.batch, digest.value), `batch ${hex}`);
    });
  }

  stagePut(batch: SealedBatch, digest: Uint8Array, bytes: Uint8Array): void {
    batch.put(key(BUCKET.batch, digest), bytes);
    batch.put(key(BUCKET.pendingBatch, digest), new Uint8Array(0));
  }

  appliedPut(digest: Uint8Array): void {
    this.#pending.add(toHex(digest));
  }

  /** An executed block names these: they are pending no more. */
  stageExecuted(batch: SealedBatch, digests: readonly Uint8Array[]): void {
    for (const digest of digests) batch.delete(key(BUCKET.pendingBatch, digest));
  }

  stageDrop(batch: SealedBatch, digest: Uint8Array): void {
    batch.delete(key(BUCKET.batch, digest));
    batch.delete(key(BUCKET.pendingBatch, digest));
  }

  /** Executed or dropped. */
  appliedGone(digests: readonly Uint8Array[]): void {
    for (const digest of digests) this.#pending.delete(toHex(digest));
  }
}

/** The batches of a store. */
export async function loadBatches(store: KeyValue): Promise<BatchRepository> {
  const pending = new Set<string>();
  for await (const stored of store.keys(BUCKET.pendingBatch)) pending.add(toHex(stored.subarray(1)));
  return new BatchRepository(store, pending);
}
