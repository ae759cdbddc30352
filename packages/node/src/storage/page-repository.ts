import { type Hasher, invariant, type MapNodeStore, type MapUpdate, mapHash, pageJudge } from '@qifeng/core';
import { asciiKey, BUCKET, packNumbers, readNumber } from './buckets.ts';
import { ByteCache } from './byte-cache.ts';
import { StorageError } from './errors.ts';
import type { KeyValue, View } from './key-value.ts';
import { type FrozenPages, OldPages } from './old-pages.ts';
import { read, type SealedBatch } from './sealed.ts';

/** Height as of which the pages on disk are: those of later blocks are worked out again when the store is opened. */
const PAGES = asciiKey(BUCKET.meta, 'pages');
/** Blocks whose pages are held in memory only, at most: bounds what opening the store works out again. */
const HELD_BLOCKS = 1024;
/** Bytes of these at most: a block waits while they are written. */
const MOST_HELD = 12 * 1024 * 1024;
/** About what a page that is held takes besides its bytes. */
const OVERHEAD = 250;

/**
 * Pages of the map. A block changes the same few upper pages as the one before, so pages are written back together, in
 * the batch of a block, once they make up half of the bound of bytes, or as much as one batch may have. Written with every
 * block they were a third of its puts and two thirds of its bytes (measured).
 */
export class PageRepository implements MapNodeStore {
  readonly #view: () => View;
  readonly #isIn: ReturnType<typeof pageJudge>;
  readonly #cache: ByteCache;
  readonly #heldLimit: number;
  /** Pages that differ from those on disk; null: removed. */
  #held = new Map<string, Uint8Array | null>();
  #heldBytes = 0;
  #written: number;
  readonly #old = new OldPages();

  constructor(view: () => View, hasher: Hasher, bytes: number) {
    this.#view = view;
    this.#isIn = pageJudge(mapHash(hasher));
    this.#heldLimit = Math.min(MOST_HELD, bytes / 2);
    this.#cache = new ByteCache(bytes - this.#heldLimit);
    this.#written = writtenHeight(view());
  }

  /** Height of the block as of which the pages on disk are. */
  get written(): number {
    return this.#written;
  }

  get(path: string): Uint8Array | undefined {
    const held = this.#held.get(path);
    if (held !== undefined) return held ?? undefined;
    const cached = this.#cache.get(path);
    if (cached !== undefined) return cached;
    const page = readPage(this.#view(), path);
    if (page === undefined) return undefined;
    this.#judge(path, page);
    this.#cache.set(path, page);
    return page;
  }

  /**
   * A page from the disk must be what its parent says. A bad checksum is seen without; this is against a page that was right
   * once: executed upon, it would make a state of its own.
   */
  #judge(path: string, page: Uint8Array): void {
    if (path === '') return;
    const parent = this.get(path.slice(0, -1));
    const slot = Number.parseInt(path.at(-1)!, 16);
    if (parent === undefined || !this.#isIn(page, parent, slot))
      throw new StorageError('store-damaged', `map page ${path} is not the one that the map has there`);
  }

  /** Puts the pages held if it is time to; what to do once the block of this height, which changes pages, is on disk. */
  stage(batch: SealedBatch, height: number, update: MapUpdate): () => void {
    const due = height === 0 || this.#due(height);
    this.#old.stageRemoval(batch);
    if (due) {
      const last = new Set([...update.written.map(([path]) => path), ...update.removed]);
      this.#keepOld(batch, new Set([...this.#held.keys(), ...last]));
      for (const [path, page] of this.#held) if (!last.has(path)) put(batch, path, page);
      for (const [path, page] of update.written) put(batch, path, page);
      for (const path of update.removed) put(batch, path, null);
      batch.put(PAGES, packNumbers([height]));
    }
    return () => {
      this.hold(update);
      if (due) this.#settle(height);
    };
  }

  /** Puts all pages that are held, as of the block of this height; what to do once they are on disk. */
  stageHeld(batch: SealedBatch, height: number): () => void {
    this.#keepOld(batch, this.#held.keys());
    for (const [path, page] of this.#held) put(batch, path, page);
    batch.put(PAGES, packNumbers([height]));
    return () => this.#settle(height);
  }

  /** Freezes the pages as they are on disk; all that are held must be. */
  freeze(): FrozenPages {
    invariant(this.#held.size === 0, 'the pages are on disk when they are frozen');
    return this.#old.freeze();
  }

  /** Looks for old pages that the next block's batch may remove. */
  findOld(store: KeyValue): Promise<void> {
    return this.#old.find(store);
  }

  /** Takes the pages of an update that are on disk no more than those held before. */
  hold({ written, removed }: MapUpdate): void {
    for (const path of removed) this.#hold(path, null);
    for (const [path, page] of written) this.#hold(path, page);
  }

  /** What is cached and not held is on disk. */
  #keepOld(batch: SealedBatch, paths: Iterable<string>): void {
    const onDisk = (path: string): Uint8Array | null =>
      this.#cache.get(path) ?? read(this.#view(), asciiKey(BUCKET.page, path));
    this.#old.stage(batch, this.#view(), paths, onDisk);
  }

  #due(height: number): boolean {
    return this.#heldBytes >= this.#heldLimit || height - this.#written >= HELD_BLOCKS;
  }

  #hold(path: string, page: Uint8Array | null): void {
    this.#heldBytes += cost(page) - cost(this.#held.get(path));
    this.#held.set(path, page);
  }

  /** What is held is on disk. */
  #settle(height: number): void {
    for (const [path, page] of this.#held) {
      if (page === null) this.#cache.delete(path);
      else this.#cache.set(path, page);
    }
    this.#held = new Map();
    this.#heldBytes = 0;
    this.#written = height;
  }
}

/** A page on disk; undefined for the root's of an empty map. The map asks for no other page that it does not have. */
export function readPage(view: View, path: string): Uint8Array | undefined {
  const page = read(view, asciiKey(BUCKET.page, path)) ?? undefined;
  if (page === undefined && path !== '')
    throw new StorageError('store-damaged', `the store lacks map page ${path}`);
  return page;
}

function writtenHeight(view: View): number {
  const bytes = read(view, PAGES);
  return bytes === null ? 0 : readNumber(bytes, 0);
}

function put(batch: SealedBatch, path: string, page: Uint8Array | null): void {
  if (page === null) batch.delete(asciiKey(BUCKET.page, path));
  else batch.put(asciiKey(BUCKET.page, path), page);
}

function cost(page: Uint8Array | null | undefined): number {
  return page === undefined ? 0 : OVERHEAD + (page?.length ?? 0);
}
