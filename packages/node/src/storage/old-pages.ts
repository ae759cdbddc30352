import { BUCKET, writeNumber } from './buckets.ts';
import type { KeyValue, View } from './key-value.ts';
import { read, SealedBatch } from './sealed.ts';
import { ShortPaths } from './short-paths.ts';

/** Old pages that nobody needs any more and that are removed with one block. */
const MOST_REMOVED = 1024;

/** Comes after every path: the root's has no nibble, and is to be found, too. */
const AFTER_ALL = '\xff';

/** The pages on disk as they were at one moment. */
export interface FrozenPages {
  /** The page at a path if it was overwritten since; undefined: the one on disk is still it. */
  old(view: View, path: string): Uint8Array | undefined;
  release(): void;
}

/** Removes what an earlier process kept: all that was frozen then is gone. */
export async function dropOldPages(store: KeyValue): Promise<void> {
  const batch = new SealedBatch();
  for await (const key of store.keys(BUCKET.oldPage)) batch.delete(key);
  if (batch.changes.length > 0) await store.write(batch.changes, false);
}

/**
 * Pages of earlier moments: before a page is overwritten the first time after such a moment, its bytes are put under a key of
 * their own. A snapshot of LevelDB would do, but to overwrite keys while one is held breaks LevelDB before 1.23, and
 * classic-level has 1.20: a compaction may leave an old version above the new one, and all reads then give the old one
 * (google/leveldb#320). What is kept is known by its keys, as a list of them in memory would grow with the state, of which nearly
 * every page is overwritten between two moments (12 MB for 500,000 records, measured); but for short paths a bit says so: to
 * look for the keys was a tenth of what a node's main thread does at saturation (measured).
 */
export class OldPages {
  /** Numbers of the moments that somebody needs, ascending. */
  readonly #needed: number[] = [];
  /** Number of the newest moment, needed or not; 0: there was none. */
  #newest = 0;
  /** Number of the oldest moment of which anything is on disk. */
  #oldest = 1;
  /** Of short paths those that are kept since the newest moment, or were not there then. */
  readonly #seen = new ShortPaths();
  /** Keys that the next batch removes, and the last one that was removed of those of needless moments. */
  #found: readonly Uint8Array[] = [];
  #removed: Uint8Array | null = null;

  /** Freezes what is on disk now. No page may be under way. */
  freeze(): FrozenPages {
    const moment = ++this.#newest;
    this.#needed.push(moment);
    this.#seen.clear();
    return {
      old: (view, path) => {
        // What was overwritten only after a later moment is kept for that one.
        for (let number = moment; number <= this.#newest; number++) {
          const page = read(view, keyOf(number, path));
          if (page !== null) return page;
        }
        return undefined;
      },
      release: () => {
        const at = this.#needed.indexOf(moment);
        if (at >= 0) this.#needed.splice(at, 1);
      },
    };
  }

  /**
   * Puts those of the pages at `paths` that a moment needs, as they are on disk: all of them are to be overwritten by the
   * same batch, and each is named once.
   */
  stage(
    batch: SealedBatch,
    view: View,
    paths: Iterable<string>,
    onDisk: (path: string) => Uint8Array | null,
  ): void {
    if (this.#needed.length === 0) return;
    for (const path of paths) {
      if (this.#seen.has(path)) continue;
      this.#seen.add(path);
      // Under the newest, also where only an older one is needed: that finds it there.
      const key = keyOf(this.#newest, path);
      if (!this.#seen.takes(path) && view.get(key) !== undefined) continue;
      const page = onDisk(path);
      if (page !== null) batch.put(key, page);
    }
  }

  /** Looks for some of what is kept for no moment, for `stageRemoval`. Nothing may be under way. */
  async find(store: KeyValue): Promise<void> {
    const end = this.#needed[0] ?? this.#newest + 1;
    if (this.#found.length > 0 || this.#oldest >= end) return;
    // From the last one on: what is deleted would have to be passed over again.
    const after = this.#removed ?? keyOf(this.#oldest - 1, AFTER_ALL);
    this.#found = await store.between(after, keyOf(end, ''), MOST_REMOVED);
    this.#removed = this.#found.at(-1) ?? null;
    if (this.#found.length < MOST_REMOVED) [this.#oldest, this.#removed] = [end, null];
  }

  /** Removes what was found. */
  stageRemoval(batch: SealedBatch): void {
    for (const key of this.#found) batch.delete(key);
    this.#found = [];
  }
}

function keyOf(number: number, path: string): Uint8Array {
  const bytes = new Uint8Array(9 + path.length);
  bytes[0] = BUCKET.oldPage;
  writeNumber(bytes, 1, number);
  for (let i = 0; i < path.length; i++) bytes[9 + i] = path.charCodeAt(i);
  return bytes;
}
