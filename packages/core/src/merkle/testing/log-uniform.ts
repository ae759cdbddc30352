import type { TileSource } from '../tile-source.ts';
import { flat, k, nodeOf, testLeaf } from './log-oracle.ts';

// A log whose leaves are all the same: a subtree depends on its size alone, so RFC 6962 can be followed to the letter
// at 2^40 leaves and more.

type Bytes = Uint8Array;
const roots = new Map<number, Bytes>([[1, testLeaf(0)]]);

/** MTH of `n` equal leaves, `n` at least 1. */
export function uniformRoot(n: number): Bytes {
  const known = roots.get(n);
  if (known) return known;
  const root = nodeOf(uniformRoot(k(n)), uniformRoot(n - k(n)));
  roots.set(n, root);
  return root;
}

/** PATH(m, D[n]) of equal leaves. */
export function uniformPath(m: number, n: number): Bytes[] {
  if (n === 1) return [];
  if (m < k(n)) return [...uniformPath(m, k(n)), uniformRoot(n - k(n))];
  return [...uniformPath(m - k(n), n - k(n)), uniformRoot(k(n))];
}

/** SUBPROOF(m, D[n], b) of equal leaves. */
export function uniformProof(m: number, n: number, b = true): Bytes[] {
  if (m === n) return b ? [] : [uniformRoot(n)];
  if (m <= k(n)) return [...uniformProof(m, k(n), b), uniformRoot(n - k(n))];
  return [...uniformProof(m - k(n), n - k(n), false), uniformRoot(k(n))];
}

/** Its tiles. Throws on a tile that a log of `size` leaves does not have. */
export function uniformTiles(size: number): TileSource {
  return {
    hashes: (level, index, width) => {
      const leaves = 256 ** level;
      if ((index * 256 + width) * leaves > size) throw new Error(`no tile ${level}/${index} of ${width}`);
      return flat(Array.from({ length: width }, () => uniformRoot(leaves)));
    },
  };
}
