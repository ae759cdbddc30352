import {
  type BuiltTile,
  HASH_LENGTH,
  type Hasher,
  leafHashesOf,
  logHash,
  TILE_WIDTH,
  type TileSource,
} from '@qifeng/core';
import { BUCKET, key, numberKey } from './buckets.ts';
import { ByteCache } from './byte-cache.ts';
import { StorageError } from './errors.ts';
import type { View } from './key-value.ts';
import { readLeaf } from './leaf-repository.ts';
import { read, type SealedBatch } from './sealed.ts';

/**
 * Tiles of the log. The last one of level 0 is kept in memory until it is full, since its leaves are on disk: written
 * with every block, it would be most of what a block of one record writes (4 of 5.8 KB, measured).
 */
export class TileRepository implements TileSource {
  readonly #view: () => View;
  readonly #cache: ByteCache;
  #last: BuiltTile;

  /** Of a stored log of `size` leaves. */
  constructor(view: () => View, hasher: Hasher, size: number, cacheBytes: number) {
    this.#view = view;
    this.#cache = new ByteCache(cacheBytes);
    this.#last = lastTile(view(), hasher, size);
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

function isStored({ level, width }: BuiltTile): boolean {
  return level > 0 || width === TILE_WIDTH;
}

/** The last tile of level 0, maybe of no leaves, from the leaves. */
function lastTile(view: View, hasher: Hasher, size: number): BuiltTile {
  const index = Math.floor(size / TILE_WIDTH);
  const width = size % TILE_WIDTH;
  const leaves = Array.from({ length: width }, (_, i) => {
    const leaf = readLeaf(view, index * TILE_WIDTH + i);
    if (leaf === null)
      throw new StorageError('store-damaged', `the store lacks leaf ${index * TILE_WIDTH + i}`);
    return leaf;
  });
  return { level: 0, index, width, hashes: leafHashesOf(logHash(hasher), leaves) };
}

function tileName(level: number, index: number): string {
  return `${level}/${index}`;
}

function tileKey(level: number, index: number): Uint8Array {
  const place = numberKey(BUCKET.tile, index);
  return key(BUCKET.tile, Uint8Array.of(level, ...place.subarray(1)));
}
