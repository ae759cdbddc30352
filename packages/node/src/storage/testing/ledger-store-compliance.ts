import {
  compareBytes,
  digestValueCodec,
  edgeFromTiles,
  emptyEdge,
  encode,
  encodeBundle,
  mapRoot,
  memoryNodeStore,
  stateName,
  TILE_WIDTH,
} from '@qifeng/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { blockMaker, change, GENESIS, hashOf, pagesOf, publisher, remembered, trees } from './blocks.ts';

/** A place for one store that outlives its closing. */
export interface StorePlace {
  open(): Promise<LedgerStore>;
  remove(): Promise<void>;
}

const leaf = (n: number) => new TextEncoder().encode(`leaf ${n}`);
const leaves = (from: number, count: number) => Array.from({ length: count }, (_, i) => leaf(from + i));

/** The suite that every ledger store passes. */
export function ledgerStoreCompliance(name: string, place: () => Promise<StorePlace>): void {
  describe(`${name} is a ledger store`, () => {
    let where: StorePlace;
    let store: LedgerStore;
    const reopen = async () => {
      await store.close();
      store = await where.open();
    };
    beforeEach(async () => {
      where = await place();
      store = await where.open();
      const members = ['11', '44']
        .map(code => change(stateName('member', code), hashOf(code)))
        .sort((a, b) => compareBytes(a.key, b.key));
      await store.initialise(GENESIS, members, pagesOf(memoryNodeStore(), members));
    });
    afterEach(async () => {
      await store.close();
      await where.remove();
    });

    it('holds the state of a fresh chain, and of no other', async () => {
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(store.head()).toBeNull();
        expect(store.stateValue(change(stateName('member', '44'), null).key)).toEqual(hashOf('44'));
        await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
        await expect(
          store.initialise(hashOf('other'), [], pagesOf(memoryNodeStore(), [])),
        ).rejects.toMatchObject({ code: 'store-other-chain' });
        expect([...store.stateOfKind('member')]).toHaveLength(2);
      }
    });

    it('gives back all of a block, in one synced write', async () => {
      const batch = hashOf('batch');
      const outcome = { id: hashOf('id'), height: 1, first: 0, count: 3, refusal: null };
      const refusal = { code: 'bad-prev', entry: 2, detail: 'wrong' };
      const refused = { id: hashOf('other'), height: 1, first: null, count: 0, refusal };
      const state = [publisher('a', 'one'), publisher('b', 'two')];
      const outcomes = [outcome, refused];
      const block = blockMaker(store.pages).next({ leaves: leaves(0, 3), state, batches: [batch], outcomes });
      const before = store.syncs;
      await store.commit(block);
      expect(store.syncs - before).toBe(1);
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(store.head()).toEqual({ header: block.header, hash: block.hash, text: block.text, size: 3 });
        expect([store.header(1), store.header(2), store.header(0)]).toEqual([block.header, null, null]);
        expect([store.heightOf(block.hash), store.heightOf(GENESIS)]).toEqual([1, null]);
        expect([store.checkpointText(1), store.checkpointText(2)]).toEqual([block.text, null]);
        expect([store.leaf(2), store.leaf(3)]).toEqual([leaf(2), null]);
        expect([store.outcome(outcome.id), store.outcome(refused.id), store.outcome(batch)]).toEqual([
          outcome,
          refused,
          null,
        ]);
        expect(store.stateValue(state[0]!.key)).toEqual(state[0]!.value);
        expect(mapRoot(trees.map, store.pages)).toEqual(block.pages.root);
        expect([...store.stateOfKind('publisher')].map(([name]) => name)).toEqual(
          state.map(({ name }) => name).sort(Buffer.compare),
        );
        for (const [after, rest] of [
          ['A', ['a', 'b']],
          ['a', ['b']],
          ['aa', []],
          ['b', []],
        ] as const)
          expect(
            [...store.stateOfKind('publisher', stateName('publisher', after))].map(([name]) => name),
          ).toEqual(rest.map(id => stateName('publisher', id)));
      }
    });

    it('takes values back out of the state and its listing', async () => {
      const maker = blockMaker(store.pages);
      await store.commit(maker.next({ state: [publisher('a', 'one'), publisher('b', 'two')] }));
      await store.commit(maker.next({ state: [publisher('a', null), publisher('b', 'three')] }));
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(store.stateValue(publisher('a', null).key)).toBeNull();
        const { name, value } = publisher('b', 'three');
        expect([...store.stateOfKind('publisher')]).toEqual([[name, value]]);
      }
    });

    it('takes heights strictly in order, one at a time, and only of its chain', async () => {
      const maker = blockMaker(store.pages);
      const [first, second] = [maker.next(), maker.next()];
      await expect(store.commit(second)).rejects.toThrow(/order/);
      const foreign = { ...first, header: { ...first.header, genesis: hashOf('other') } };
      await expect(store.commit(foreign)).rejects.toThrow(/chain/);
      const running = store.commit(first);
      await expect(store.commit(first)).rejects.toThrow(/one block/);
      await running;
      await expect(store.commit(first)).rejects.toThrow(/order/);
      await store.commit(second);
      expect(store.head()?.header.height).toBe(2);
    });

    it('shows whole blocks only', async () => {
      const maker = blockMaker(store.pages);
      await store.commit(maker.next({ leaves: leaves(0, 1), state: [publisher('a', '0')] }));
      for (let height = 2; height <= 20; height++) {
        const state = [publisher('a', `${height}`), publisher(`n${height}`, 'new')];
        const block = maker.next({ leaves: leaves(height - 1, 1), state });
        const root = mapRoot(trees.map, store.pages);
        let done = false;
        const running = store.commit(block).then(() => {
          done = true;
        });
        for (let look = 0; !done; look++) {
          const seen = store.head()!.header.height;
          expect(store.leaf(height - 1) === null).toBe(seen < height);
          expect(store.header(height) === null).toBe(seen < height);
          expect(mapRoot(trees.map, store.pages)).toEqual(seen < height ? root : block.pages.root);
          expect([...store.stateOfKind('publisher')]).toHaveLength(seen === 1 ? 1 : seen);
          await (look % 2 ? new Promise(setImmediate) : Promise.resolve());
        }
        await running;
        expect(store.head()?.header.height).toBe(height);
      }
    });

    it('serves tiles and leaves of a growing log', async () => {
      const maker = blockMaker(store.pages);
      let size = 0;
      for (const count of [1, 200, 100, 0, 600]) {
        await store.commit(maker.next({ leaves: leaves(size, count) }));
        size += count;
        if (count === 100) await reopen();
        const edge = edgeFromTiles(store.tiles, size);
        const whole = blockMaker(memoryNodeStore(), emptyEdge).next({ leaves: leaves(0, size) });
        for (const { level, index, hashes } of whole.tiles)
          expect(store.tiles.hashes(level, index, hashes.length / 32)).toEqual(hashes);
        expect(edge.size).toBe(size);
      }
      expect(store.tiles.hashes(0, 1, 5)).toEqual(store.tiles.hashes(0, 1, TILE_WIDTH).subarray(0, 160));
      expect(() => store.tiles.hashes(0, 3, 134)).toThrow(expect.objectContaining({ code: 'store-damaged' }));
      expect(() => store.tiles.hashes(0, 4, 1)).toThrow(expect.objectContaining({ code: 'store-damaged' }));
      const bundle = Array.from({ length: TILE_WIDTH }, (_, i) => store.leaf(TILE_WIDTH + i)!);
      expect(encodeBundle(bundle)).toEqual(encodeBundle(leaves(TILE_WIDTH, TILE_WIDTH)));
    });

    it('lists records by name, over chunks, from any index, the last one from the state', async () => {
      const maker = blockMaker(store.pages);
      const [one, two] = ['one', 'two'].map(id => stateName('digest', 'sha256', hashOf(id))) as [
        Uint8Array,
        Uint8Array,
      ];
      const last = (name: Uint8Array, index: number) =>
        change(name, encode(digestValueCodec, { first: 0, last: index, count: 1 }));
      const all: number[] = [];
      const row = (name: Uint8Array, index: number | undefined) =>
        index === undefined ? [] : [{ list: 'digest', name, index } as const];
      for (const [block, count] of [1, 126, 1, 1, 300, 0, 5].entries()) {
        const rows = row(two, block === 0 ? undefined : block - 1);
        for (let i = 0; i < count; i++) {
          rows.push(...row(one, all.at(-1)));
          all.push((all.at(-1) ?? 0) + 3);
        }
        await store.commit(maker.next({ rows, state: [last(one, all.at(-1)!), last(two, block)] }));
      }
      for (const again of [false, true]) {
        if (again) await reopen();
        for (const from of [0, 3, 4, 381, 384, 385, 1299, 1302, 1303, 5000])
          for (const limit of [0, 1, 128, 1000])
            expect(store.list('digest', one, from, limit)).toEqual(
              all.filter(index => index >= from).slice(0, limit),
            );
        expect(store.list('digest', two, 0, 100)).toEqual([0, 1, 2, 3, 4, 5, 6]);
        const none = stateName('digest', 'sha256', hashOf('none'));
        expect(store.list('digest', none, 0, 100)).toEqual([]);
      }
    });

    it('gives what has expired in the order of (expires, id), until it is deleted', async () => {
      const maker = blockMaker(store.pages);
      const times: Record<string, number> = { a: 2100, b: 2050, c: 2050, d: 3000, e: 3001, f: 90_000_000 };
      const put = (...ids: string[]) => ids.map(id => remembered(id, times[id]!));
      await store.commit(maker.next({ state: put('a', 'b', 'f') }));
      await store.commit(maker.next({ state: put('c', 'd', 'e') }));
      const by = (...ids: string[]) =>
        ids.toSorted((a, b) => times[a]! - times[b]! || Buffer.compare(hashOf(a), hashOf(b))).map(hashOf);
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(store.expired(2049)).toEqual([]);
        expect(store.expired(2050)).toEqual(by('b', 'c'));
        expect(store.expired(3000)).toEqual(by('a', 'b', 'c', 'd'));
        expect(store.expired(100_000_000)).toEqual(by('a', 'b', 'c', 'd', 'e', 'f'));
      }
      await store.commit(maker.next({ state: ['a', 'b', 'c', 'd'].map(id => remembered(id, null)) }));
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(store.expired(100_000_000)).toEqual(by('e', 'f'));
      }
    });

    it('finds certificates at or above a height', async () => {
      expect([store.lastCertificate(), store.certificateFrom(0)]).toEqual([null, null]);
      const at = (height: number) => ({ height, bytes: hashOf(`${height}`) });
      const heights = [1, 2, 3, 9, 1023, 1024, 5000];
      const before = store.syncs;
      await Promise.all([9, 1, 2, 3].map(height => store.putCertificate(height, at(height).bytes)));
      expect(store.syncs - before).toBe(1);
      for (const height of [5000, 1024, 1023]) await store.putCertificate(height, at(height).bytes);
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(store.lastCertificate()).toEqual(at(5000));
        for (const height of [0, 1, 2, 4, 9, 10, 1023, 1024, 1025, 5000, 5001, 9000]) {
          const found = heights.find(one => one >= height);
          expect(store.certificateFrom(height)).toEqual(found === undefined ? null : at(found));
        }
      }
    });

    it('keeps log lines of checkpoints', async () => {
      await Promise.all([7, 9].map(height => store.putLogLine(height, hashOf(`${height}`))));
      for (const again of [false, true]) {
        if (again) await reopen();
        expect([7, 8, 9].map(height => store.logLine(height))).toEqual([hashOf('7'), null, hashOf('9')]);
      }
    });

    it('keeps bodies, and knows which wait to be executed', async () => {
      const bodies = ['a', 'b', 'c'].map(name => new TextEncoder().encode(name));
      const digests = ['a', 'b', 'c'].map(hashOf);
      await Promise.all(digests.map((digest, i) => store.putBatch(digest, bodies[i]!)));
      await store.commit(blockMaker(store.pages).next({ batches: [digests[0]!] }));
      // An executed batch is neither dropped nor pending again.
      await store.dropBatches(digests.slice(0, 2), () => true);
      await store.putBatch(digests[0]!, bodies[0]!);
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(store.pendingBatches()).toEqual([bodies[2]]);
        expect(digests.map(digest => store.batch(digest))).toEqual([bodies[0], null, bodies[2]]);
      }
    });

    it('drops only bodies that may go, of which readers find nothing from then on', async () => {
      const bodies = ['a', 'b'].map(name => new TextEncoder().encode(name));
      const digests = ['a', 'b', 'c'].map(hashOf);
      await Promise.all(bodies.map((body, i) => store.putBatch(digests[i]!, body)));
      const asked: (Uint8Array | null)[] = [];
      await store.dropBatches(digests, digest => {
        asked.push(digest);
        queueMicrotask(() => asked.push(store.batch(digests[0]!)));
        return asked.length === 1;
      });
      expect(asked).toEqual([digests[0], digests[1], null, null]);
      await store.putBatch(digests[0]!, bodies[0]!);
      await store.dropBatches(digests, digest => asked.includes(digest) && digest !== digests[0]);
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(store.pendingBatches()).toEqual([bodies[0]]);
        expect(digests.map(digest => store.batch(digest))).toEqual([bodies[0], null, null]);
      }
    });
  });
}
