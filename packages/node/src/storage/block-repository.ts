import {
  type Carried,
  decode,
  encode,
  fixedBytes,
  headerCodec,
  invariant,
  record,
  text,
  uint,
} from '@qifeng/core';
import type { Base, BlockWrite, Head } from '../ports/ledger-store.ts';
import { asciiKey, BUCKET, key, numberKey, packNumbers, readNumber } from './buckets.ts';
import { StorageError } from './errors.ts';
import type { KeyValue, View } from './key-value.ts';
import { LOG_BYTES } from './level-key-value.ts';
import { read, readPresent, type SealedBatch } from './sealed.ts';

const HEAD = asciiKey(BUCKET.meta, 'head');

/** Blocks in LevelDB's logs at most: there are two of them at a time, and no block's batch has fewer bytes than this. */
const RECENT = (2 * LOG_BYTES) / 512;

/** A block carries its hash, so that a damaged one can be told and fetched again. */
const blockCodec = record({
  header: headerCodec,
  hash: fixedBytes(32),
  text: text(64 * 1024),
  size: uint(),
  /** Values of the state that it changed. */
  changes: uint(),
});
type Block = Carried<typeof blockCodec>;

/** Puts an executed block and makes it the head; gives the head. */
export function stageBlock(batch: SealedBatch, block: BlockWrite): Head {
  const { header, hash, text } = block;
  const head: Head = { header, hash, text, size: block.firstIndex + block.leaves.length };
  stageHead(batch, head, block.state.length);
  return head;
}

/** Puts a block without what it did, and makes it the head: `changes` is how many values of the state it changed. */
export function stageHead(batch: SealedBatch, head: Head, changes = 0): void {
  const height = packNumbers([head.header.height]);
  batch.put(numberKey(BUCKET.block, head.header.height), encode(blockCodec, { ...head, changes }));
  batch.put(key(BUCKET.blockByHash, head.hash), height);
  batch.put(HEAD, height);
}

/** The block executed at a height, or null. */
export function readBlock(view: View, height: number): Block | null {
  const bytes = read(view, numberKey(BUCKET.block, height));
  if (bytes === null) return null;
  const block = decode(blockCodec, bytes);
  if (!block.ok) throw new StorageError('store-damaged', `block ${height}: ${block.fault.detail}`);
  if (block.value.header.height !== height)
    throw new StorageError('store-damaged', `block ${height} says it is ${block.value.header.height}`);
  return block.value;
}

/** Height of the executed block with this hash, or null. */
export function readHeight(view: View, hash: Uint8Array): number | null {
  const bytes = read(view, key(BUCKET.blockByHash, hash));
  return bytes && readNumber(bytes, 0);
}

/** The head as it was stored, or null before the first block. A head without its block is `store-damaged`. */
export function readHead(view: View): Head | null {
  const bytes = read(view, HEAD);
  if (bytes === null) return null;
  const height = readNumber(bytes, 0);
  const block = readBlock(view, height);
  if (block === null) throw new StorageError('store-damaged', `the store lacks block ${height}, its head`);
  const found = readNumber(readPresent(view, key(BUCKET.blockByHash, block.hash), 'the hash of its head'), 0);
  if (found !== height) throw new StorageError('store-damaged', `the head's hash is that of block ${found}`);
  const { header, hash, text, size } = block;
  return { header, hash, text, size };
}

/**
 * Looks whether the blocks before the head are there. LevelDB opens a store whose own log is damaged by leaving out the
 * writes that were hit, without a word, and puts in those after them: a block that is not there means that its state
 * is not either. Only what was in its logs can be lost so, and those hold fewer blocks than `RECENT`. Writes lost at the
 * end of the log cannot be seen here: then the head is an older one.
 */
export async function checkUnbroken(store: KeyValue, head: Head, base: Base | null): Promise<void> {
  const { height } = head.header;
  const before = Math.max(base?.height ?? 0, height - RECENT - 1);
  const keys = await store.between(numberKey(BUCKET.block, before), numberKey(BUCKET.block, height), RECENT);
  const there = new Set(keys.map(key => readNumber(key, 1)));
  for (let at = height - 1; at > before; at--)
    if (!there.has(at))
      throw new StorageError('store-damaged', `the store lacks block ${at}, below its head ${height}`);
}

/** Stops unless the block is the next one. */
export function checkNext(head: Head | null, block: BlockWrite): void {
  invariant(
    block.header.height === (head?.header.height ?? 0) + 1,
    'blocks are committed in order of height',
  );
  invariant(block.firstIndex === (head?.size ?? 0), 'the leaves of a block follow those before it');
}
