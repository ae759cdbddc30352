import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, equalBytes, toHex } from '../encoding/bytes.ts';
import { FoldedPage } from './map-fold.ts';
import { type MapSlot, slotAt } from './map-page.ts';
import { proveMapKey } from './map-prove.ts';
import { type MemoryNodeStore, memoryNodeStore } from './map-store.ts';
import { findLeaf, type MapChange, mapRoot, updateMap } from './map-tree.ts';
import {
  branchingKeys,
  branchOff,
  bytes,
  flipped,
  oracleRoot,
  type Pair,
  sorted,
  testHash,
} from './testing/map-oracle.ts';

function apply(store: MemoryNodeStore, changes: readonly MapChange[]): Uint8Array {
  const update = updateMap(testHash, store, sorted(changes));
  const paths = [...update.written.map(([path]) => path), ...update.removed];
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of update.removed) expect(store.pages.has(path)).toBe(true);
  for (const [path, page] of update.written) expect(store.get(path) ?? []).not.toEqual(page);
  store.apply(update);
  return update.root;
}

const dump = (store: MemoryNodeStore) =>
  [...store.pages].map(([path, page]) => `${path} ${toHex(page)}`).sort();

/** Batches of changes to a shared pool of keys, so that inserts, updates, deletes and no-ops all occur. */
const histories = branchingKeys(1, 24).chain(keys => {
  const change = fc.tuple(fc.nat(keys.length - 1), fc.option(fc.nat(3), { freq: 2 }));
  const batch = fc.uniqueArray(change, { selector: ([at]) => at, maxLength: 12 });
  return fc
    .array(batch, { minLength: 1, maxLength: 6 })
    .map(batches =>
      batches.map(steps =>
        steps.map(
          ([at, value]): MapChange => [keys[at]!, value === null ? null : new Uint8Array(32).fill(value)],
        ),
      ),
    );
});

describe('sparse Merkle map update', () => {
  test('has the oracle root after every batch, and keeps nothing but the pairs', () => {
    fc.assert(
      fc.property(histories, batches => {
        const store = memoryNodeStore();
        const pairs = new Map<string, Pair>();
        for (const batch of batches) {
          for (const [key, valueHash] of batch)
            if (valueHash === null) pairs.delete(toHex(key));
            else pairs.set(toHex(key), [key, valueHash]);
          const root = apply(store, batch);
          expect(toHex(root)).toBe(toHex(oracleRoot([...pairs.values()])));
          expect(mapRoot(testHash, store)).toEqual(root);
          for (const [key] of batch)
            expect(findLeaf(store, key)?.valueHash).toEqual(pairs.get(toHex(key))?.[1]);
        }
        // The same pairs one by one, in another order: the same pages.
        const fresh = memoryNodeStore();
        for (const pair of [...pairs.values()].reverse()) apply(fresh, [pair]);
        expect(dump(store)).toEqual(dump(fresh));
        apply(
          store,
          [...pairs.values()].map(([key]) => [key, null]),
        );
        expect(store.pages.size).toBe(0);
      }),
      { numRuns: 120 },
    );
  });

  test('reads each changed page once, writes no page that stays the same', () => {
    fc.assert(
      fc.property(branchingKeys(2, 20), fc.nat(), (keys, pick) => {
        const store = memoryNodeStore();
        const pairs = keys.map((key): Pair => [key, key]);
        const root = apply(store, pairs);
        const read: string[] = [];
        const get = (path: string) => {
          read.push(path);
          return store.get(path);
        };
        expect(updateMap(testHash, { get }, sorted(pairs))).toEqual({ root, written: [], removed: [] });
        expect(new Set(read).size).toBe(read.length);
        const gone = flipped(keys[pick % keys.length]!, pick % 256);
        if (!keys.some(key => equalBytes(key, gone)))
          expect(updateMap(testHash, store, [[gone, null]])).toEqual({ root, written: [], removed: [] });
      }),
      { numRuns: 60 },
    );
  });

  test('carries the place of a value, which changes with the value only', () => {
    const [a, b] = [new Uint8Array(32), new Uint8Array(32).fill(1)];
    const store = memoryNodeStore();
    const root = apply(store, [
      [a, a, Number.MAX_SAFE_INTEGER],
      [b, b, 1],
    ]);
    expect(findLeaf(store, a)?.place).toBe(Number.MAX_SAFE_INTEGER);
    expect(updateMap(testHash, store, [[a, a, 7]])).toEqual({ root, written: [], removed: [] });
    apply(store, [[a, b, 7]]);
    expect([a, b, new Uint8Array(32).fill(3)].map(key => findLeaf(store, key)?.place)).toEqual([
      7,
      1,
      undefined,
    ]);
  });

  test('many random keys: a bulk load, then half of them deleted', () => {
    const keys = fc.sample(bytes(32), { numRuns: 2000, seed: 7 });
    const store = memoryNodeStore();
    const pairs = keys.map((key): Pair => [key, key.toReversed()]);
    expect(apply(store, pairs)).toEqual(oracleRoot(pairs));
    const gone = pairs.slice(0, 1000).map(([key]): MapChange => [key, null]);
    expect(apply(store, gone)).toEqual(oracleRoot(pairs.slice(1000)));
  });

  test('a pair 256 bits deep takes one page for each four bits, and gives them back', () => {
    const store = memoryNodeStore();
    const key = new Uint8Array(32).fill(0xa5);
    const twin = flipped(key, 255);
    expect(
      apply(store, [
        [key, key],
        [twin, key],
      ]),
    ).toEqual(
      oracleRoot([
        [key, key],
        [twin, key],
      ]),
    );
    expect(store.pages.size).toBe(64);
    expect(proveMapKey(testHash, store, key).proof.bitmap).toEqual(flipped(new Uint8Array(32), 255));
    apply(store, [[twin, null]]);
    expect([...store.pages.keys()]).toEqual(['']);
  });

  test('unsorted, repeated or misshapen changes are a broken invariant', () => {
    const [a, b] = [new Uint8Array(32), new Uint8Array(32).fill(1)];
    const bad: MapChange[][] = [
      [
        [b, a],
        [a, a],
      ],
      [
        [a, a],
        [a, null],
      ],
      [[a.subarray(1), a]],
      [[a, a.subarray(1)]],
    ];
    for (const changes of bad)
      expect(() => updateMap(testHash, memoryNodeStore(), changes)).toThrow('invariant');
  });

  test('a damaged store is a broken invariant', () => {
    const key = new Uint8Array(32);
    const store = memoryNodeStore();
    apply(store, [
      [key, key],
      [flipped(key, 20), key],
    ]);
    const page = store.get('')!;
    const damaged = [
      new Uint8Array(3),
      page.subarray(0, page.length - 1),
      Uint8Array.of(0, 1, 0, 1, ...key, ...key),
    ];
    for (const bytes of damaged) {
      const broken = { get: (path: string) => (path === '' ? bytes : store.get(path)) };
      expect(() => updateMap(testHash, broken, [[key, null]])).toThrow('invariant');
      expect(() => proveMapKey(testHash, broken, key)).toThrow('invariant');
    }
    const missing = { get: (path: string) => (path === '00' ? undefined : store.get(path)) };
    expect(() => updateMap(testHash, missing, [[key, null]])).toThrow("'00' is in the store");
    expect(() => proveMapKey(testHash, missing, key)).toThrow("'00' is in the store");
  });

  test('a page is read back as written', () => {
    const slot = fc.oneof(
      fc.constant(null),
      fc.record({
        kind: fc.constant('leaf' as const),
        key: bytes(32),
        valueHash: bytes(32),
        place: fc.maxSafeNat(),
      }),
      fc.record({ kind: fc.constant('inner' as const), hash: bytes(32) }),
    );
    fc.assert(
      fc.property(fc.array(slot, { minLength: 16, maxLength: 16 }), slot, fc.nat(15), (slots, other, at) => {
        const pageOf = (page: Uint8Array | undefined, changes: Iterable<[number, MapSlot]>) => {
          const folded = new FoldedPage(testHash);
          folded.load(page);
          for (const [i, changed] of changes) folded.set(i, changed);
          folded.fold();
          return folded.encode();
        };
        const page = pageOf(undefined, slots.entries());
        expect(slots.map((_, i) => slotAt(page, i))).toEqual(slots);
        // Changed in one slot it is as if made anew.
        expect(pageOf(page, [[at, other]])).toEqual(pageOf(undefined, slots.with(at, other).entries()));
      }),
      { numRuns: 50 },
    );
  });

  test('the key generator shares exactly the bits it says', () => {
    fc.assert(
      fc.property(bytes(32), fc.nat(255), bytes(32), (key, shared, rest) => {
        const branch = branchOff(key, shared, rest);
        const bits = (b: Uint8Array) => [...b].map(x => x.toString(2).padStart(8, '0')).join('');
        expect([...bits(key)].findIndex((bit, i) => bit !== bits(branch)[i])).toBe(shared);
        expect(compareBytes(key, branch)).not.toBe(0);
      }),
    );
  });
});
