import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import type { LogHash } from './log-hash.ts';
import {
  bitLength,
  consistencyRanges,
  inclusionRanges,
  isCount,
  type LeafRange,
  perfectSizes,
} from './log-shape.ts';
import { tileWidth } from './tile.ts';
import { readTile, type TileSource } from './tile-source.ts';
import { emptyTileTree, type TileTree, tileTreeNode, widenTileTree } from './tile-tree.ts';

/** Makes proofs from stored tiles. Sizes up to that of the stored log; the source throws beyond it. */
export interface LogProver {
  /** Audit path of leaf `index` in the first `size` leaves, leaf side first. `bad-tree-size`, `bad-leaf-index`. */
  inclusion(index: number, size: number): Result<Uint8Array[]>;
  /** Proof that the first `newSize` leaves begin with the first `oldSize`, 0 < old <= new. `bad-tree-size`. */
  consistency(oldSize: number, newSize: number): Result<Uint8Array[]>;
  /** Root of the first `size` leaves. `bad-tree-size`. */
  root(size: number): Result<Uint8Array>;
}

/**
 * A prover over `source`. It keeps the inner nodes of the `keep` tiles used last, 16 KiB each: proofs of one block
 * share theirs, and computing them anew would cost up to 255 hashes a tile.
 */
export function logProver(hash: LogHash, source: TileSource, keep = 64): LogProver {
  invariant(keep >= 1, 'a prover keeps at least one tile');
  const kept = new Map<number, TileTree>();

  const treeAt = (level: number, index: number, width: number): TileTree => {
    // Levels of safe sizes are 0 to 6, so this is one number a tile.
    const key = index * 8 + level;
    const known = kept.get(key);
    const tree = known ?? emptyTileTree();
    if (tree.width < width) widenTileTree(hash, tree, readTile(source, level, index, width));
    if (known !== undefined) kept.delete(key);
    else if (kept.size >= keep) kept.delete(kept.keys().next().value!);
    kept.set(key, tree);
    return tree;
  };

  // Root of the perfect subtree of `leaves` leaves at `start`, both of it inside the first `size`.
  const perfect = (start: number, leaves: number, size: number): Uint8Array => {
    const height = bitLength(leaves) - 1;
    const level = Math.floor(height / 8);
    const above = height % 8;
    const inRow = 2 ** (8 - above);
    const position = start / leaves;
    const index = Math.floor(position / inRow);
    return tileTreeNode(treeAt(level, index, tileWidth(level, index, size)), above, position % inRow);
  };

  const rangeRoot = ({ start, end }: LeafRange, size: number): Uint8Array => {
    const parts: Uint8Array[] = [];
    let at = start;
    for (const leaves of perfectSizes(end - start)) {
      parts.push(perfect(at, leaves, size));
      at += leaves;
    }
    return parts.reduceRight((right, left) => hash.node(left, right));
  };

  return {
    inclusion: (index, size) => {
      if (!isCount(size)) return refuse('bad-tree-size', `a tree cannot have ${size} leaves`);
      if (!isCount(index) || index >= size) {
        return refuse('bad-leaf-index', `no leaf ${index} in a tree of ${size}`);
      }
      return ok(inclusionRanges(index, size).map(range => rangeRoot(range, size)));
    },
    consistency: (oldSize, newSize) => {
      if (!isCount(oldSize) || !isCount(newSize) || oldSize === 0 || oldSize > newSize) {
        return refuse('bad-tree-size', `no consistency from ${oldSize} to ${newSize} leaves`);
      }
      return ok(consistencyRanges(oldSize, newSize).map(range => rangeRoot(range, newSize)));
    },
    root: size => {
      if (!isCount(size)) return refuse('bad-tree-size', `a tree cannot have ${size} leaves`);
      return ok(size === 0 ? hash.emptyRoot.slice() : rangeRoot({ start: 0, end: size }, size));
    },
  };
}
