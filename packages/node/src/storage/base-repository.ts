import { type Carried, decode, encode, record, uint } from '@qifeng/core';
import { asciiKey, BUCKET } from './buckets.ts';
import { StorageError } from './errors.ts';
import type { View } from './key-value.ts';
import { read, type SealedBatch } from './sealed.ts';

const BASE = asciiKey(BUCKET.meta, 'base');

/** Height and log size at which the store begins, and places in use by the state as it was then. */
const baseCodec = record({ height: uint(), size: uint(), places: uint() });
/** Where a store that was made from a snapshot begins. */
export type StoredBase = Carried<typeof baseCodec>;

/** Says where the store begins. */
export function stageBase(batch: SealedBatch, base: StoredBase): void {
  batch.put(BASE, encode(baseCodec, base));
}

/** Where the store begins; null: with the genesis. */
export function readBase(view: View): StoredBase | null {
  const bytes = read(view, BASE);
  if (bytes === null) return null;
  const base = decode(baseCodec, bytes);
  if (!base.ok) throw new StorageError('store-damaged', `where the store begins: ${base.fault.detail}`);
  return base.value;
}
