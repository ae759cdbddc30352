import { HASH_LENGTH } from '../crypto/hasher.ts';
import { invariant } from '../encoding/result.ts';
import type { LogHash } from './log-hash.ts';

/** Leaf hashes of 32 bytes each: one array a hash, or all of them end to end in one. */
export type LeafHashes = Uint8Array | readonly Uint8Array[];

/**
 * Root of the tree over `leafHashes` (RFC 6962 section 2.1), level by level in one buffer of half their length.
 * A last node without a sibling moves up unchanged, which is the same tree as the recursive definition.
 */
export function rootOf(hash: LogHash, leafHashes: LeafHashes): Uint8Array {
  const count = countOf(leafHashes);
  if (count === 0) return hash.emptyRoot.slice();
  const row = new Uint8Array(Math.ceil(count / 2) * HASH_LENGTH);
  if (leafHashes instanceof Uint8Array) {
    halve(hash, leafHashes, count, row);
  } else {
    for (let i = 0; i + 1 < count; i += 2) {
      hash.nodeInto(leafHashes[i]!, leafHashes[i + 1]!, row, (i / 2) * HASH_LENGTH);
    }
    if (count % 2 === 1) row.set(leafHashes[count - 1]!, row.length - HASH_LENGTH);
  }
  for (let left = Math.ceil(count / 2); left > 1; ) left = halve(hash, row, left, row);
  return row.slice(0, HASH_LENGTH);
}

/** Root of the tree over the entries themselves, each hashed as a leaf first. */
export function rootOfEntries(hash: LogHash, entries: readonly Uint8Array[]): Uint8Array {
  return rootOf(hash, leafHashesOf(hash, entries));
}

/** Leaf hashes of `entries` end to end. */
export function leafHashesOf(hash: LogHash, entries: readonly Uint8Array[]): Uint8Array {
  const hashes = new Uint8Array(entries.length * HASH_LENGTH);
  for (const [i, entry] of entries.entries()) hash.leafInto(entry, hashes, i * HASH_LENGTH);
  return hashes;
}

/** How many hashes there are; throws unless each is 32 bytes long. */
export function countOf(leafHashes: LeafHashes): number {
  if (leafHashes instanceof Uint8Array) {
    invariant(leafHashes.length % HASH_LENGTH === 0, 'hashes end to end are whole hashes of 32 bytes');
    return leafHashes.length / HASH_LENGTH;
  }
  for (const leafHash of leafHashes) invariant(leafHash.length === HASH_LENGTH, 'a leaf hash is 32 bytes');
  return leafHashes.length;
}

/** Writes the parents of the `count` hashes in `from` to `to`, which may be `from`; how many they are. */
export function halve(hash: LogHash, from: Uint8Array, count: number, to: Uint8Array): number {
  const pairs = Math.floor(count / 2);
  for (let i = 0; i < pairs; i++) hash.pairInto(from, 2 * i * HASH_LENGTH, to, i * HASH_LENGTH);
  if (count % 2 === 0) return pairs;
  const last = (count - 1) * HASH_LENGTH;
  to.set(from.subarray(last, last + HASH_LENGTH), pairs * HASH_LENGTH);
  return pairs + 1;
}
