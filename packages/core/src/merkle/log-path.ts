import { HASH_LENGTH } from '../crypto/hasher.ts';
import { invariant } from '../encoding/result.ts';
import type { LogHash } from './log-hash.ts';
import { countOf, halve } from './log-root.ts';

/**
 * Audit path of leaf `index` of a small tree held in memory, such as the entries of one submission; leaf side first
 * (RFC 6962 section 2.1.1). `leafHashes` end to end.
 */
export function pathOf(hash: LogHash, leafHashes: Uint8Array, index: number): Uint8Array[] {
  return pathsOf(hash, leafHashes)(index);
}

/** `pathOf` for many leaves of one tree: its inner nodes are hashed once, in the call that gives the function. */
export function pathsOf(hash: LogHash, leafHashes: Uint8Array): (index: number) => Uint8Array[] {
  const rows = [leafHashes.slice()];
  for (let count = countOf(leafHashes); count > 1; ) {
    const row = rows.at(-1)!;
    const next = new Uint8Array(Math.ceil(count / 2) * HASH_LENGTH);
    count = halve(hash, row, count, next);
    rows.push(next);
  }
  return index => {
    invariant(
      Number.isInteger(index) && index >= 0 && index < countOf(leafHashes),
      'the leaf is one of the tree',
    );
    const path: Uint8Array[] = [];
    for (const [height, row] of rows.slice(0, -1).entries()) {
      const at = Math.floor(index / 2 ** height);
      const sibling = (at % 2 === 0 ? at + 1 : at - 1) * HASH_LENGTH;
      if (sibling < row.length) path.push(row.slice(sibling, sibling + HASH_LENGTH));
    }
    return path;
  };
}
