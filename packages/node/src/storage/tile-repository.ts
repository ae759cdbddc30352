import {
  type BuiltTile,
  concat,
  HASH_LENGTH,
  type Hasher,
  leafHashesOf,
  logHash,
  TILE_WIDTH,
  type TileEdge,
  type TileSource,
} from '@qifeng/core';
import { BUCKET, key, numberKey } from './buckets.ts';
import { ByteCache } from './byte-cache.ts';
import { StorageError } from './errors.ts';
import type { View } from './key-value.ts';
import { readLeaf } from './leaf-repository.ts';
import { read, readPresent, type SealedBatch } from './sealed.ts';

/**
 * Tiles of the log. The last one of level 0 is kept in memory until it is full, since its leaves are on disk: written
 * with every block, it would be most of what a block of one record writes (4 of 5.8 KB, measured).
 */
export class TileRepository implements TileSource {
  readonly #view: () => View;
  readonly #cache: ByteCache;
  #last: BuiltTile;

  /** Of a stored log of `size` leaves, of which those from `first` on are stored. */
  constructor(view: () => View, hasher: Hasher, size: number, first: number, cacheBytes: number) {
    this.#view = view;
    this.#cache = new ByteCache(cacheBytes);
    this.#last = lastTile(view(), hasher, size, first);
  }

  hashes(level: number, index: number, width: number): Uint8Array {
    const hashes = level === 0 && index === this.#last.index ? this.#last.hashes : this.#stored(level, index);
    const length = width * HASH_LENGTH;
    if (hashes === null || hashes.length < length)
      throw new StorageError('store-damaged', `the store lacks tile ${level}/${index} of width ${width}`);
    return hashes.subarray(0, length);
  }

  stage(batch: SealedBatch, tiles: readonly BuiltTile[]): void {
    for (const tile of tiles) if (isStored(tile)) batch.put(tileKey(tile.level, tile.index), tile.hashes);
  }

  applied(tiles: readonly BuiltTile[]): void {
    for (const tile of tiles) {
      // A copy: a built tile may be a view of a much larger row.
      if (isStored(tile)) this.#cache.set(tileName(tile.level, tile.index), tile.hashes.slice());
      if (tile.level === 0) this.#last = tile;
    }
  }

  #stored(level: number, index: number): Uint8Array | null {
    const name = tileName(level, index);
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const hashes = read(this.#view(), tileKey(level, index));
    if (hashes !== null) this.#cache.set(name, hashes);
    return hashes;
  }
}

/** Puts the partial tiles at the edge of a log whose leaves are not stored. */
export function stageEdge(batch: SealedBatch, { size, partials }: TileEdge): void {
  let leaves = size;
  for (const [level, hashes] of partials.entries()) {
    leaves = Math.floor(leaves / TILE_WIDTH);
    if (hashes.length > 0) batch.put(tileKey(level, leaves), hashes);
  }
}

function isStored({ level, width }: BuiltTile): boolean {
  return level > 0 || width === TILE_WIDTH;
}

/** The last tile of level 0, maybe of no leaves: of the leaves before `first` from the edge, of the others from them. */
function lastTile(view: View, hasher: Hasher, size: number, first: number): BuiltTile {
  const index = Math.floor(size / TILE_WIDTH);
  const width = size % TILE_WIDTH;
  const before = Math.max(0, first - index * TILE_WIDTH);
  const edge = before === 0 ? new Uint8Array(0) : readPresent(view, tileKey(0, index), 'the edge of its log');
  const leaves = Array.from({ length: width - before }, (_, i) => {
    const at = index * TILE_WIDTH + before + i;
    const leaf = readLeaf(view, at);
    if (leaf === null) throw new StorageError('store-damaged', `the store lacks leaf ${at}`);
    return leaf;
  });
  const hashes = concat(edge.subarray(0, before * HASH_LENGTH), leafHashesOf(logHash(hasher), leaves));
  return { level: 0, index, width, hashes };
}

function tileName(level: number, index: number): string {
  return `${level}/${index}`;
}

function tileKey(level: number, index: number): Uint8Array {
  const place = numberKey(BUCKET.tile, index);
  return key(BUCKET.tile, Uint8Array.of(level, ...place.subarray(1)));
}
