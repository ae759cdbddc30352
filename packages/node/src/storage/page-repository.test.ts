import { mapRoot, memoryNodeStore, proveMapKey } from '@qifeng/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET } from './buckets.ts';
import { openLedgerStore } from './ledger-store.ts';
import { blockMaker, change, GENESIS, hashOf, pagesOf, trees } from './testing/blocks.ts';
import { memoryKeyValue } from './testing/memory-key-value.ts';
import { recordedKeyValue } from './testing/unsynced.ts';

/** Sets or deletes a value under one of few names. */
const changeOf = (name: number, value: number | null) =>
  change(hashOf(`name ${name}`), value === null ? null : Uint8Array.of(value));

const writesPages = ({ changes }: { changes: readonly (readonly [Uint8Array, unknown])[] }) =>
  changes.some(([key]) => key[0] === BUCKET.page);

describe('pages of the map', () => {
  it('are those of a map in memory, whatever is written back when and wherever the process ends', async () => {
    const blocks = fc.array(
      fc.record({
        changes: fc.uniqueArray(fc.tuple(fc.nat(400), fc.option(fc.nat(3), { freq: 3 })), {
          selector: ([name]) => name,
          maxLength: 60,
        }),
        // Bytes of the cache after the process ended here; undefined: it goes on.
        ends: fc.option(fc.constantFrom(1, 20_000, 1_000_000), { nil: undefined }),
      }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(blocks, async plan => {
        const disk = memoryKeyValue();
        const model = memoryNodeStore();
        let store = await openLedgerStore(disk, { cacheBytes: 20_000 });
        await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
        const maker = blockMaker(model);
        const values = new Map<number, number | null>();
        for (const { changes, ends } of plan) {
          const block = maker.next({ state: changes.map(([name, value]) => changeOf(name, value)) });
          await store.commit(block);
          model.apply(block.pages);
          for (const [name, value] of changes) values.set(name, value);
          if (ends !== undefined) store = await openLedgerStore(disk, { cacheBytes: ends });
          expect(mapRoot(trees.map, store.pages)).toEqual(block.pages.root);
          for (const [path, page] of model.pages) expect(store.pages.get(path)).toEqual(page);
          for (const [name, value] of values) {
            const { key } = changeOf(name, null);
            expect(store.stateValue(key)).toEqual(value === null ? null : Uint8Array.of(value));
            expect(proveMapKey(trees.map, store.pages, key)).toEqual(proveMapKey(trees.map, model, key));
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are written back once for many blocks', async () => {
    const disk = recordedKeyValue(memoryKeyValue());
    const store = await openLedgerStore(disk);
    await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
    const maker = blockMaker(store.pages);
    for (let i = 0; i < 1100; i++) await store.commit(maker.next({ state: [changeOf(i % 50, i % 200)] }));
    expect(disk.writes.filter(writesPages)).toHaveLength(1);
  });

  it('tell an earlier page from the one that is there, which no checksum does', async () => {
    const pagesOn = async (disk: ReturnType<typeof memoryKeyValue>) => {
      const pages: [Uint8Array, Uint8Array][] = [];
      for await (const key of disk.keys(BUCKET.page)) pages.push([key, disk.get(key)!]);
      return pages;
    };
    const disk = memoryKeyValue();
    const store = await openLedgerStore(disk, { cacheBytes: 1 });
    await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
    const maker = blockMaker(store.pages);
    const state = (value: number) => Array.from({ length: 200 }, (_, i) => changeOf(i, value));
    await store.commit(maker.next({ state: state(1) }));
    await store.commit(maker.next({ state: state(2) }));
    const before = await pagesOn(disk);
    await store.commit(maker.next({ state: state(3) }));
    await store.commit(maker.next({ state: [] }));
    const now = await pagesOn(disk);
    expect(now.length).toBeGreaterThan(10);
    const damaged = expect.objectContaining({ code: 'store-damaged' });
    for (const [key, page] of before) {
      await disk.write([[key, page]], true);
      await expect(
        openLedgerStore(disk, { cacheBytes: 1 }).then(again =>
          state(3).map(({ key: name }) => again.stateValue(name)),
        ),
      ).rejects.toThrow(damaged);
      await disk.write(now, true);
    }
  });

  it('tell a page that is missing from an empty map', async () => {
    const disk = memoryKeyValue();
    const store = await openLedgerStore(disk, { cacheBytes: 1 });
    await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
    const state = Array.from({ length: 60 }, (_, i) => changeOf(i, 1));
    const maker = blockMaker(store.pages);
    for (let i = 0; i < 2; i++) await store.commit(maker.next({ state: i === 0 ? state : [] }));
    for await (const key of disk.keys(BUCKET.page)) if (key.length > 1) await disk.write([[key, null]], true);
    const again = await openLedgerStore(disk);
    expect(() => state.map(({ key }) => again.stateValue(key))).toThrow(
      expect.objectContaining({ code: 'store-damaged' }),
    );
  });
});
