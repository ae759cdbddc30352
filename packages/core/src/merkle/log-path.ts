import { HASH_LENGTH } from '../crypto/hasher.ts';
import { invariant } from '../encoding/result.ts';
import type { LogHash } from './log-hash.ts';
import { countOf, halve } from './log-root.ts';

/**
 * Audit path of leaf `index` of a small tree held in memory, such as the entries of one submission; leaf side first
 * (RFC 6962 section 2.1.1). `leafHashes` end to end.
 */
export function pathOf(hash: LogHash, leafHashes: Uint8Array, index: number): Uint8Array[] {
  let count = countOf(leafHashes);
  invariant(Number.isInteger(index) && index >= 0 && index < count, 'the leaf is one of the tree');
  const path: Uint8Array[] = [];
  const row = leafHashes.slice();
  for (let at = index; count > 1; at = Math.floor(at / 2)) {
    const sibling = (at % 2 === 0 ? at + 1 : at - 1) * HASH_LENGTH;
    if (sibling < count * HASH_LENGTH) path.push(row.slice(sibling, sibling + HASH_LENGTH));
    count = halve(hash, row, count, row);
  }
  return path;
}
