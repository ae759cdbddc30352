import { HASH_LENGTH } from '../crypto/hasher.ts';
import { concat } from '../encoding/bytes.ts';
import { invariant } from '../encoding/result.ts';
import { appendLeaves, type Frontier } from './log-frontier.ts';
import type { LogHash } from './log-hash.ts';
import { countOf, rootOf } from './log-root.ts';
import { perfectSizes } from './log-shape.ts';
import { hashesAt, TILE_WIDTH, type TileId } from './tile.ts';
import { readTile, type TileSource } from './tile-source.ts';

/**
 * The partial tiles at the right edge of a log of `size` leaves: `partials[level]` holds the
 * floor(size / 256^level) mod 256 hashes, maybe none, after the last full tile, up to the highest level in use.
 */
export interface TileEdge {
  readonly size: number;
  readonly partials: readonly Uint8Array[];
}

/** A tile with its content, `width` hashes end to end. */
export interface BuiltTile extends TileId {
  readonly hashes: Uint8Array;
}

/** What an append writes: every tile that is new or wider, by level, then index; and the edge after it. */
export interface BuiltTiles {
  readonly tiles: readonly BuiltTile[];
  readonly edge: TileEdge;
}

/** The edge of the empty log. */
export const emptyEdge: TileEdge = { size: 0, partials: [] };

const TILE_BYTES = TILE_WIDTH * HASH_LENGTH;

/** The tiles of a log with `leafHashes`, end to end, appended. They are `tilesAfterAppend` of the two sizes. */
export function buildTiles(hash: LogHash, edge: TileEdge, leafHashes: Uint8Array): BuiltTiles {
  const size = edge.size + countOf(leafHashes);
  invariant(Number.isSafeInteger(size), 'a log size is a safe integer');
  const tiles: BuiltTile[] = [];
  const partials: Uint8Array[] = [];
  let added = leafHashes;
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const before = edge.partials[level] ?? new Uint8Array(0);
    if (added.length === 0) {
      partials.push(before);
      continue;
    }
    const row = concat(before, added);
    const full: Uint8Array[] = [];
    let index = hashesAt(level + 1, edge.size);
    let at = 0;
    for (; at + TILE_BYTES <= row.length; at += TILE_BYTES, index++) {
      const hashes = row.subarray(at, at + TILE_BYTES);
      tiles.push({ level, index, width: TILE_WIDTH, hashes });
      full.push(rootOf(hash, hashes));
    }
    // A copy of what is left, so that the edge does not keep the whole row alive.
    const partial = at === 0 ? row : row.slice(at);
    if (partial.length > 0)
      tiles.push({ level, index, width: partial.length / HASH_LENGTH, hashes: partial });
    partials.push(partial);
    added = concat(...full);
  }
  const built = { size, partials };
  const known = frontiers.get(edge);
  if (known !== undefined) frontiers.set(built, appendLeaves(hash, known, leafHashes));
  return { tiles, edge: built };
}

/** The edge of a stored log of `size` leaves. */
export function edgeFromTiles(source: TileSource, size: number): TileEdge {
  const partials: Uint8Array[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const width = hashesAt(level, size) % TILE_WIDTH;
    const index = hashesAt(level + 1, size);
    partials.push(width === 0 ? new Uint8Array(0) : readTile(source, level, index, width));
  }
  return { size, partials };
}

// From block to block a frontier is carried on: hashing the partial tiles again is up to 255 hashes a level, most of what
// a block of one record would take (measured).
const frontiers = new WeakMap<TileEdge, Frontier>();

/** The frontier of the log with this edge, which must not be changed from then on. */
export function frontierFromEdge(hash: LogHash, edge: TileEdge): Frontier {
  let frontier = frontiers.get(edge);
  if (frontier === undefined) {
    frontier = frontierOfPartials(hash, edge);
    frontiers.set(edge, frontier);
  }
  return frontier;
}

function frontierOfPartials(hash: LogHash, edge: TileEdge): Frontier {
  const hashes: Uint8Array[] = [];
  for (const partial of edge.partials.toReversed()) {
    let at = 0;
    for (const size of perfectSizes(partial.length / HASH_LENGTH)) {
      hashes.push(rootOf(hash, partial.subarray(at, at + size * HASH_LENGTH)));
      at += size * HASH_LENGTH;
    }
  }
  return { size: edge.size, hashes: concat(...hashes) };
}
