import { edgeFromTiles, mapRoot, stateName } from '@qifeng/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrozenState, LedgerStore, StateEntry } from '../ports/ledger-store.ts';
import type { KeyValue } from './key-value.ts';
import { openLedgerStore } from './ledger-store.ts';
import { snapshotStore } from './snapshot-store.ts';
import {
  BLOCK_MS,
  type BlockPlan,
  blockMaker,
  change,
  GENESIS,
  hashOf,
  pagesOf,
  publisher,
  remembered,
  trees,
} from './testing/blocks.ts';
import { memoryKeyValue } from './testing/memory-key-value.ts';

const leaf = (n: number) => new TextEncoder().encode(`leaf ${n}`);

/** A block that does so much: leaves, publishers, files, submissions remembered; what has expired is forgotten. */
function planOf(
  height: number,
  size: number,
  leaves: number,
  values: number,
  expired: readonly Uint8Array[],
): BlockPlan {
  const many = Array.from({ length: values }, (_, i) => `${height}/${i}`);
  return {
    leaves: Array.from({ length: leaves }, (_, i) => leaf(size + i)),
    state: [
      publisher(`p${height % 3}`, `at ${height}`),
      ...many.map(name => change(stateName('digest', 'sha256', hashOf(name)), hashOf(`${name} value`))),
      ...many.map((name, i) => remembered(name, (height + 1 + i) * BLOCK_MS)),
      ...expired.map(id => change(stateName('submission', id), null)),
    ],
  };
}

async function ledgerOf(plans: readonly { leaves: number; values: number }[]) {
  const store = await openLedgerStore(memoryKeyValue());
  await store.initialise(GENESIS, [publisher('first', 'x')], pagesOf(store.pages, [publisher('first', 'x')]));
  const maker = blockMaker(store.pages);
  for (const [i, { leaves, values }] of plans.entries()) {
    const height = i + 1;
    const size = store.head()?.size ?? 0;
    await store.commit(maker.next(planOf(height, size, leaves, values, store.expired(height * BLOCK_MS))));
  }
  return { store, maker };
}

/** The values of a state, part by part, each no larger than asked for unless it is one value. */
function* partsOf(state: FrozenState, path: string, count: number): Generator<readonly StateEntry[]> {
  const values = state.values(path, { count, bytes: 4_000 });
  if (values !== null) {
    if (values.length > 0) yield values;
    return;
  }
  for (const [i, child] of state.children(path).entries())
    if (child !== null) yield* partsOf(state, path + i.toString(16), count);
}

async function copyOf(
  store: LedgerStore,
  state: FrozenState,
  target: KeyValue,
  count: number,
): Promise<void> {
  const made = snapshotStore(target, () => {});
  // All at once, as they come from several members.
  await Promise.all(Array.from(partsOf(state, '', count), values => made.add(values)));
  await made.finish({
    genesis: GENESIS,
    head: state.head,
    stateRoot: mapRoot(trees.map, store.pages),
    edge: edgeFromTiles(store.tiles, state.head.size),
    ends: [],
    certificates: [{ height: state.head.header.height, bytes: hashOf('certificate') }],
    handovers: [],
  });
}

const plans = fc.array(fc.record({ leaves: fc.nat(200), values: fc.nat(12) }), {
  minLength: 1,
  maxLength: 12,
});

describe('a store made from a snapshot', () => {
  it('goes on exactly as the one that it was made from', async () => {
    await fc.assert(
      fc.asyncProperty(plans, plans, fc.integer({ min: 1, max: 30 }), async (before, after, count) => {
        const { store, maker } = await ledgerOf(before);
        const frozen = await store.freeze();
        const place = memoryKeyValue();
        await copyOf(store, frozen, place, count);
        let copy = await openLedgerStore(place);
        const base = frozen.head;
        expect(copy.head()).toEqual(base);
        expect(copy.base()).toMatchObject({ height: base.header.height, size: base.size });
        const other = blockMaker(copy.pages, edgeFromTiles(copy.tiles, base.size), base.header);
        for (const { leaves, values } of after) {
          const height = copy.head()!.header.height + 1;
          const expired = store.expired(height * BLOCK_MS);
          expect(copy.expired(height * BLOCK_MS)).toEqual(expired);
          const plan = planOf(height, copy.head()!.size, leaves, values, expired);
          const [one, two] = [maker.next(plan), other.next(plan)];
          expect([two.hash, two.pages.root, two.tiles]).toEqual([one.hash, one.pages.root, one.tiles]);
          await store.commit(one);
          await copy.commit(two);
          await copy.close();
          copy = await openLedgerStore(place);
          Object.assign(
            other,
            blockMaker(copy.pages, edgeFromTiles(copy.tiles, copy.head()!.size), two.header),
          );
          const { size } = copy.head()!;
          expect(edgeFromTiles(copy.tiles, size)).toEqual(edgeFromTiles(store.tiles, size));
          for (let i = base.size; i < size; i++) expect(copy.leaf(i)).toEqual(leaf(i));
        }
        expect([...copy.stateOfKind('publisher')]).toEqual([...store.stateOfKind('publisher')]);
        expect([...copy.baseValues()].length).toBe([...partsOf(frozen, '', 1_000)].flat().length);
        frozen.release();
      }),
      { numRuns: 25 },
    );
  });

  it('holds nothing from before, and says so; a submission that is remembered has its outcome', async () => {
    const { store } = await ledgerOf([
      { leaves: 300, values: 3 },
      { leaves: 5, values: 3 },
    ]);
    const frozen = await store.freeze();
    const place = memoryKeyValue();
    await copyOf(store, frozen, place, 8);
    const copy = await openLedgerStore(place);
    expect([copy.leaf(0), copy.leaf(304), copy.leaf(305)]).toEqual([null, null, null]);
    expect([copy.header(1), copy.header(2)?.height]).toEqual([null, 2]);
    expect(copy.outcome(hashOf('2/2'))).toEqual({
      id: hashOf('2/2'),
      height: 1,
      first: 0,
      count: 1,
      refusal: null,
    });
    expect(copy.outcome(hashOf('never'))).toBeNull();
    expect(copy.certificateFrom(1)).toEqual({ height: 2, bytes: hashOf('certificate') });
  });

  it('is not made if a value is missing or is another one', async () => {
    const { store } = await ledgerOf([{ leaves: 1, values: 9 }]);
    const frozen = await store.freeze();
    for (const spoil of [
      (values: StateEntry[]) => values.slice(1),
      (values: StateEntry[]) => values.with(0, { ...values[0]!, value: hashOf('x') }),
    ]) {
      const made = snapshotStore(memoryKeyValue(), () => {});
      await made.add(spoil([...frozen.values('', { count: 1_000, bytes: 1e6 })!]));
      await expect(
        made.finish({
          genesis: GENESIS,
          head: frozen.head,
          stateRoot: mapRoot(trees.map, store.pages),
          edge: edgeFromTiles(store.tiles, 1),
          ends: [],
          certificates: [],
          handovers: [],
        }),
      ).rejects.toThrow();
    }
  });

  it('is frozen as it was, whatever comes later, until it is released', async () => {
    const { store, maker } = await ledgerOf([{ leaves: 1, values: 5 }]);
    const frozen = await store.freeze();
    const before = [...partsOf(frozen, '', 4)];
    for (let height = 2; height < 6; height++)
      await store.commit(maker.next(planOf(height, height - 1, 1, 5, store.expired(height * BLOCK_MS))));
    expect([...partsOf(frozen, '', 4)]).toEqual(before);
    expect(frozen.head.header.height).toBe(1);
    frozen.release();
    expect(() => frozen.values('', { count: 9, bytes: 9 })).toThrow('released');
  });
});
