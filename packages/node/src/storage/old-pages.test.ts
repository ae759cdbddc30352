import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { asciiKey, BUCKET } from './buckets.ts';
import type { KeyValue } from './key-value.ts';
import { openLevel } from './level-key-value.ts';
import { dropOldPages, type FrozenPages, OldPages } from './old-pages.ts';
import { read, SealedBatch } from './sealed.ts';
import { memoryKeyValue } from './testing/memory-key-value.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Of writes of 800 KB each: with a snapshot held in place of old pages LevelDB gave wrong ones after 150. */
const ROUNDS = 250;

/** LevelDB with tables so small that they are merged all the time. */
function smallLevel(): Promise<KeyValue> {
  const folder = mkdtempSync(join(tmpdir(), 'qifeng-pages-'));
  folders.push(folder);
  return openLevel(folder, 64 * 1024);
}

const onDisk = (store: KeyValue, path: string) => read(store, asciiKey(BUCKET.page, path));

/** Pages on disk that are overwritten as a node does it, with what they were whenever they were frozen. */
class Pages {
  readonly now = new Map<string, string>();
  readonly frozen: { readonly pages: FrozenPages; readonly past: ReadonlyMap<string, string> }[] = [];
  readonly #old = new OldPages();
  readonly #store: KeyValue;

  constructor(store: KeyValue) {
    this.#store = store;
  }

  async write(changes: ReadonlyMap<string, string | null>): Promise<void> {
    const batch = new SealedBatch();
    await this.#old.find(this.#store);
    this.#old.stage(batch, this.#store, changes.keys(), path => onDisk(this.#store, path));
    this.#old.stageRemoval(batch);
    for (const [path, page] of changes)
      if (page === null) batch.delete(asciiKey(BUCKET.page, path));
      else batch.put(asciiKey(BUCKET.page, path), Buffer.from(page));
    await this.#store.write(batch.changes, false);
    for (const [path, page] of changes)
      if (page === null) this.now.delete(path);
      else this.now.set(path, page);
  }

  freeze(): void {
    this.frozen.push({ pages: this.#old.freeze(), past: new Map(this.now) });
  }

  release(at: number): void {
    this.frozen.splice(at, 1)[0]?.pages.release();
  }

  /** Paths at which something else is read than what was written, of now and of each moment. */
  wrong(): string[] {
    const text = (page: Uint8Array | null | undefined) => (page ? Buffer.from(page).toString() : undefined);
    const found = [...this.now].filter(([path, page]) => text(onDisk(this.#store, path)) !== page);
    for (const { pages, past } of this.frozen)
      for (const [path, page] of past)
        if (text(pages.old(this.#store, path) ?? onDisk(this.#store, path)) !== page)
          found.push([path, page]);
    return found.map(([path]) => path);
  }

  async kept(): Promise<number> {
    let count = 0;
    for await (const _ of this.#store.keys(BUCKET.oldPage)) count++;
    return count;
  }
}

/** Short ones, and so long ones that the store is asked whether they are kept. */
const path = fc
  .tuple(fc.nat(30), fc.boolean())
  .map(([number, long]) => (number === 0 ? '' : number.toString(16).padStart(long ? 6 : 1, 'a')));
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .dictionary(path, fc.option(fc.string(), { freq: 4 }), { minKeys: 1, maxKeys: 12 })
      .map(pages => ({ write: new Map(Object.entries(pages)) })),
  },
  { weight: 1, arbitrary: fc.constant({ freeze: true as const }) },
  { weight: 1, arbitrary: fc.record({ release: fc.nat(2) }) },
);

describe('pages of earlier moments', () => {
  it('are what they were, in whatever order moments come and go, and nothing stays of what nobody needs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        const store = memoryKeyValue();
        const pages = new Pages(store);
        for (const one of steps) {
          if ('write' in one) await pages.write(one.write);
          else if ('freeze' in one) pages.freeze();
          else pages.release(one.release);
          expect(pages.wrong()).toEqual([]);
        }
        while (pages.frozen.length > 0) pages.release(0);
        await pages.write(new Map());
        expect(await pages.kept()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('are kept for an older moment when the newest is released while a write is under way', async () => {
    const store = memoryKeyValue();
    const old = new OldPages();
    const put = async (page: string, meanwhile: () => void) => {
      const batch = new SealedBatch();
      old.stage(batch, store, ['a'], at => onDisk(store, at));
      batch.put(asciiKey(BUCKET.page, 'a'), Buffer.from(page));
      const written = store.write(batch.changes, true);
      meanwhile();
      await written;
    };
    await put('first', () => {});
    const [older, newer] = [old.freeze(), old.freeze()];
    await put('second', () => newer.release());
    expect(Buffer.from(older.old(store, 'a')!).toString()).toBe('first');
  });

  it('of many pages are removed some at a time, while others are kept for the moments that came since', async () => {
    const store = await smallLevel();
    const pages = new Pages(store);
    const all = (text: string) =>
      new Map(Array.from({ length: 3000 }, (_, i) => [i.toString(16), text] as const));
    await pages.write(all('first'));
    pages.freeze();
    await pages.write(all('second'));
    pages.freeze();
    await pages.write(new Map([...all('third')].slice(0, 10)));
    expect(await pages.kept()).toBe(3010);
    pages.release(0);
    const left: number[] = [];
    for (let i = 0; i < 5; i++) {
      await pages.write(new Map([['1', `${i}`]]));
      left.push(await pages.kept());
    }
    expect(left).toEqual([1986, 962, 10, 10, 10]);
    expect(pages.wrong()).toEqual([]);
    pages.release(0);
    pages.freeze();
    await pages.write(new Map([['0', 'fourth']]));
    expect([pages.wrong(), await pages.kept()]).toEqual([[], 1]);
    await store.close();
  });

  it('of an earlier process are removed', async () => {
    const store = memoryKeyValue();
    const pages = new Pages(store);
    await pages.write(new Map([['a', 'first']]));
    pages.freeze();
    await pages.write(new Map([['a', 'second']]));
    expect(await pages.kept()).toBe(1);
    await dropOldPages(store);
    expect(await pages.kept()).toBe(0);
  });

  it('and the present ones are what they were on LevelDB, too, while its tables are merged', async () => {
    const store = await smallLevel();
    const pages = new Pages(store);
    const number = fc.sample(fc.nat(), { numRuns: ROUNDS * 200, seed: 1 }).values();
    for (let round = 0; round < ROUNDS; round++) {
      const changes = new Map<string, string>();
      for (let i = 0; i < 200; i++) {
        const path = (number.next().value! % 1000).toString(16);
        changes.set(path, randomBytes(3000).toString('base64'));
      }
      await pages.write(changes);
      if (round === 5) pages.freeze();
      if (round > 5 && round % 25 === 0) expect(pages.wrong()).toEqual([]);
    }
    await store.close();
  });
});
