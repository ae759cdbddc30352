import { decode, encode, fixedBytes, record, toHex, uint } from '@qifeng/core';
import { asciiKey, BUCKET } from './buckets.ts';
import { StorageError } from './errors.ts';
import type { View } from './key-value.ts';
import { read, type SealedBatch } from './sealed.ts';

const FORMAT = asciiKey(BUCKET.meta, 'format');
const VERSION = 3;
const formatCodec = record({ version: uint(), genesis: fixedBytes(32) });

/** Says which format the store has and whose chain it holds. */
export function stageFormat(batch: SealedBatch, genesis: Uint8Array): void {
  batch.put(FORMAT, encode(formatCodec, { version: VERSION, genesis }));
}

/** Genesis hash of the chain in the store, or null in an empty one. Another format is `store-version`. */
export function readGenesis(view: View): Uint8Array | null {
  const bytes = read(view, FORMAT);
  if (bytes === null) return null;
  const format = decode(formatCodec, bytes);
  if (!format.ok) throw new StorageError('store-damaged', `the store's format: ${format.fault.detail}`);
  const { version, genesis } = format.value;
  if (version !== VERSION)
    throw new StorageError('store-version', `the store has format ${version}, this release reads ${VERSION}`);
  return genesis;
}

/** A store that holds another chain than the one wanted. */
export function otherChain(found: Uint8Array, wanted: Uint8Array): StorageError {
  return new StorageError('store-other-chain', `the store holds chain ${toHex(found)}, not ${toHex(wanted)}`);
}
