import { BUCKET, writeNumber } from './buckets.ts';
import type { KeyValue, View } from './key-value.ts';
import { readPresent, SealedBatch } from './sealed.ts';

/** Old pages that nobody needs any more and that are removed with one block. */
const MOST_REMOVED = 256;

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

/** Numbers under which old pages are kept, by path. */
type Kept = Map<string, number>;

/**
 * Pages of earlier moments: before a page is overwritten the first time after such a moment, its bytes are put under a key of
 * their own. A snapshot of LevelDB would do, but to overwrite keys while one is held breaks LevelDB before 1.23, and
 * classic-level has 1.20: a compaction may leave an old version above the new one, and all reads then give the old one
 * (google/leveldb#320).
 */
export class OldPages {
  /** What is kept for each moment, from the oldest to the newest. */
  readonly #moments: Kept[] = [];
  /** What is kept for none. */
  readonly #gone: Kept[] = [];
  #number = 0;

  /** Freezes what is on disk now. No page may be under way. */
  freeze(): FrozenPages {
    const kept: Kept = new Map();
    this.#moments.push(kept);
    return {
      old: (view, path) => {
        // What was overwritten only after a later moment is kept for that one.
        const number = this.#from(kept)
          .find(of => of.has(path))
          ?.get(path);
        return number === undefined
          ? undefined
          : readPresent(view, keyOf(number, path), `the earlier map page ${path}`);
      },
      release: () => this.#release(kept),
    };
  }

  /**
   * Puts those of the pages at `paths` that a moment needs, as they are on disk: all of them are to be overwritten by the
   * same batch. What to do once that is on disk.
   */
  stage(
    batch: SealedBatch,
    paths: Iterable<string>,
    onDisk: (path: string) => Uint8Array | null,
  ): () => void {
    const newest = this.#moments.at(-1);
    if (newest === undefined) return () => {};
    const number = ++this.#number;
    const staged: Kept = new Map();
    for (const path of paths) {
      const page = newest.has(path) ? null : onDisk(path);
      if (page === null) continue;
      batch.put(keyOf(number, path), page);
      staged.set(path, number);
    }
    // The newest moment may have been released meanwhile; an older one then needs what was kept for it.
    return () => this.#give(staged, this.#moments.at(-1));
  }

  /** Removes some of what is kept for no moment. */
  stageRemoval(batch: SealedBatch): void {
    for (let left = MOST_REMOVED; left > 0 && this.#gone.length > 0; ) {
      const kept = this.#gone[0]!;
      for (const [path, number] of kept) {
        if (left-- === 0) return;
        batch.delete(keyOf(number, path));
        kept.delete(path);
      }
      this.#gone.shift();
    }
  }

  #from(kept: Kept): readonly Kept[] {
    return this.#moments.slice(this.#moments.indexOf(kept));
  }

  #release(kept: Kept): void {
    const at = this.#moments.indexOf(kept);
    if (at < 0) return;
    this.#moments.splice(at, 1);
    this.#give(kept, this.#moments[at - 1]);
  }

  #give(kept: Kept, to: Kept | undefined): void {
    if (to !== undefined)
      for (const [path, number] of kept) {
        if (to.has(path)) continue;
        to.set(path, number);
        kept.delete(path);
      }
    if (kept.size > 0) this.#gone.push(kept);
  }
}

function keyOf(number: number, path: string): Uint8Array {
  const bytes = new Uint8Array(9 + path.length);
  bytes[0] = BUCKET.oldPage;
  writeNumber(bytes, 1, number);
  for (let i = 0; i < path.length; i++) bytes[9 + i] = path.charCodeAt(i);
  return bytes;
}
