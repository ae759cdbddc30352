import {
  type BuiltTile,
  HASH_LENGTH,
  type MapNodeStore,
  type MapUpdate,
  type TileSource,
} from '@qifeng/core';
import { asciiKey, BUCKET, key, numberKey } from './buckets.ts';
import { ByteCache } from './byte-cache.ts';
import { StorageError } from './errors.ts';
import type { View } from './key-value.ts';
import { read, type SealedBatch } from './sealed.ts';

/** What a block changes in the two trees. */
export interface TreeWrite {
  readonly tiles: readonly BuiltTile[];
  readonly pages: MapUpdate;
}

/** Pages of the map and tiles of the log, through a cache of bounded size that a commit writes through. */
export class TreeRepository {
  readonly #view: () => View;
  readonly #cache: ByteCache;
  readonly pages: MapNodeStore;
  readonly tiles: TileSource;

  constructor(view: () => View, cacheBytes: number) {
    this.#view = view;
    this.#cache = new ByteCache(cacheBytes);
    this.pages = { get: path => this.#read(path, () => asciiKey(BUCKET.page, path)) };
    this.tiles = { hashes: (level, index, width) => this.#hashes(level, index, width) };
  }

  stage(batch: SealedBatch, { tiles, pages }: TreeWrite): void {
    for (const tile of tiles) batch.put(tileKey(tile.level, tile.index), tile.hashes);
    for (const path of pages.removed) batch.delete(asciiKey(BUCKET.page, path));
    for (const [path, page] of pages.written) batch.put(asciiKey(BUCKET.page, path), page);
  }

  applied({ tiles, pages }: TreeWrite): void {
    // Copies: a built tile may be a view of a much larger row.
    for (const { level, index, hashes } of tiles) this.#cache.set(tileName(level, index), hashes.slice());
    for (const path of pages.removed) this.#cache.delete(path);
    for (const [path, page] of pages.written) this.#cache.set(path, page);
  }

  #hashes(level: number, index: number, width: number): Uint8Array {
    const hashes = this.#read(tileName(level, index), () => tileKey(level, index));
    const length = width * HASH_LENGTH;
    if (hashes === undefined || hashes.length < length)
      throw new StorageError('store-damaged', `the store lacks tile ${level}/${index} of width ${width}`);
    return hashes.subarray(0, length);
  }

  #read(name: string, stored: () => Uint8Array): Uint8Array | undefined {
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const value = read(this.#view(), stored()) ?? undefined;
    if (value !== undefined) this.#cache.set(name, value);
    return value;
  }
}

/** Puts the leaves of a block. */
export function stageLeaves(batch: SealedBatch, firstIndex: number, leaves: readonly Uint8Array[]): void {
  leaves.forEach((leaf, i) => {
    batch.put(numberKey(BUCKET.leaf, firstIndex + i), leaf);
  });
}

/** The leaf with a log index, or null. */
export function readLeaf(view: View, index: number): Uint8Array | null {
  return read(view, numberKey(BUCKET.leaf, index));
}

/** Cannot be a page's path, which is hex digits. */
function tileName(level: number, index: number): string {
  return `${level}/${index}`;
}

function tileKey(level: number, index: number): Uint8Array {
  const place = numberKey(BUCKET.tile, index);
  return key(BUCKET.tile, Uint8Array.of(level, ...place.subarray(1)));
}
