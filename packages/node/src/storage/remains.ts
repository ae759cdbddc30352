import type { Remains } from '../ports/remains.ts';
import { readBase } from './base-repository.ts';
import { readBlock } from './block-repository.ts';
import { BUCKET, type Bucket, key, numberKey, readNumber } from './buckets.ts';
import { StorageError } from './errors.ts';
import { readGenesis } from './format-repository.ts';
import type { KeyValue } from './key-value.ts';
import { read } from './sealed.ts';

/**
 * Reads what is left in a store by what was written once and never changed: blocks, bodies, certificates, evidence. What is
 * worked out from them is not looked at. Throws what is no damage, as `store-version`.
 */
export async function remainsOf(store: KeyValue): Promise<Remains> {
  const blocks = await keysIn(store, BUCKET.block);
  const pending = await keysIn(store, BUCKET.pendingBatch);
  const accused = await keysIn(store, BUCKET.evidence);
  const top = blocks.at(-1);
  return {
    genesis: whole(() => readGenesis(store)),
    base: whole(() => readBase(store))?.height ?? null,
    top: top === undefined ? 0 : readNumber(top, 1),
    block: height => whole(() => readBlock(store, height)),
    batch: digest => whole(() => read(store, key(BUCKET.batch, digest))),
    certificate: height => whole(() => read(store, numberKey(BUCKET.certificate, height))),
    pendingBatches: () =>
      pending.flatMap(one => whole(() => read(store, key(BUCKET.batch, one.subarray(1)))) ?? []),
    evidence: () => accused.flatMap(one => whole(() => read(store, one)) ?? []),
  };
}

/** The keys of a bucket, as far as LevelDB can list them. */
async function keysIn(store: KeyValue, bucket: Bucket): Promise<readonly Uint8Array[]> {
  const found: Uint8Array[] = [];
  try {
    for await (const one of store.keys(bucket)) found.push(one);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  return found;
}

function whole<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'store-damaged';
}
