import { BUCKET } from './buckets.ts';
import { StorageError } from './errors.ts';
import type { KeyValue } from './key-value.ts';
import { read } from './sealed.ts';

/** A key of a store with its value, seal and all; null if that is not as it was written. */
export interface SealedEntry {
  readonly key: Uint8Array;
  readonly sealed: Uint8Array | null;
}

/** Every key of a store, ascending by bucket. Keys that LevelDB itself cannot list are `store-damaged`. */
export async function* sealedEntries(store: KeyValue): AsyncGenerator<SealedEntry> {
  for (const bucket of Object.values(BUCKET))
    for await (const key of store.keys(bucket))
      yield { key, sealed: isSound(store, key) ? store.get(key)! : null };
}

function isSound(store: KeyValue, key: Uint8Array): boolean {
  try {
    return read(store, key) !== null;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'store-damaged') return false;
    throw error;
  }
}
