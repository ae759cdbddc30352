import { HASH_LENGTH } from '../crypto/hasher.ts';
import type { LogHash } from './log-hash.ts';
import { TILE_WIDTH } from './tile.ts';

/**
 * A tile with the nodes inside it: rows of 256, 128, … 2 hashes one after the other. The nodes of a wider tile begin
 * with those of a narrower one, so a tree grows in place and a wide one serves every earlier size of the log.
 */
export interface TileTree {
  width: number;
  readonly nodes: Uint8Array;
}

/** A tree of no hashes, with room for a full tile (16 KiB). */
export function emptyTileTree(): TileTree {
  return { width: 0, nodes: new Uint8Array((2 * TILE_WIDTH - 2) * HASH_LENGTH) };
}

/** Widens `tree` to the tile `hashes`, whose first hashes it already has. */
export function widenTileTree(hash: LogHash, tree: TileTree, hashes: Uint8Array): void {
  const { nodes } = tree;
  const width = hashes.length / HASH_LENGTH;
  nodes.set(hashes);
  for (let height = 1; height < 8; height++) {
    const from = rowStart(height - 1);
    const to = rowStart(height);
    for (let i = tree.width >> height; i < width >> height; i++) {
      hash.pairInto(nodes, (from + 2 * i) * HASH_LENGTH, nodes, (to + i) * HASH_LENGTH);
    }
  }
  tree.width = width;
}

/** A copy of node `i` of the row `height` (0 to 7) levels above the tile's hashes. */
export function tileTreeNode(tree: TileTree, height: number, i: number): Uint8Array {
  const at = (rowStart(height) + i) * HASH_LENGTH;
  return tree.nodes.slice(at, at + HASH_LENGTH);
}

function rowStart(height: number): number {
  return 2 * TILE_WIDTH - ((2 * TILE_WIDTH) >> height);
}
