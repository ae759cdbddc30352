import { compareBytes, mapHash, mapRoot, memoryNodeStore, toHex, updateMap } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrozenState, StateEntry } from '../../ports/ledger-store.ts';
import { openLedgerStore } from '../../storage/ledger-store.ts';
import { blockMaker, change, GENESIS, hashOf, pagesOf } from '../../storage/testing/blocks.ts';
import { memoryKeyValue } from '../../storage/testing/memory-key-value.ts';
import type { StatePart } from '../wire/snapshots.ts';
import { partOf } from './part-desk.ts';
import { PartFetcher } from './part-fetcher.ts';

const map = mapHash(nativeHasher);
const HEIGHT = 1;

/** A frozen state of so many values, parts of which are split when they have more than a few. */
async function stateOf(
  count: number,
): Promise<{ state: FrozenState; root: Uint8Array; entries: StateEntry[] }> {
  const store = await openLedgerStore(memoryKeyValue());
  await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
  const state = Array.from({ length: count }, (_, i) => change(hashOf(`name ${i}`), hashOf(`value ${i}`)));
  await store.commit(blockMaker(store.pages).next({ state }));
  const frozen = await store.freeze();
  return {
    state: { ...frozen, values: (path, most) => frozen.values(path, { ...most, count: 6 }) },
    root: mapRoot(map, store.pages),
    entries: state.map(({ name, value }) => ({ name, value: value! })),
  };
}

/** How a member answers: with the part or what it makes of it, or not at all. */
type Answer = (part: StatePart) => StatePart | null;
const honest: Answer = part => part;
const silent: Answer = () => null;
const without: Answer = part => ({ ...part, children: null, values: null });
const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(3, bytes[3]! ^ 4);

/** Lies of which each must be noticed at the first part it is told of. */
const LIES: Readonly<Record<string, Answer>> = {
  'a value changed': part =>
    part.values === null
      ? part
      : { ...part, values: part.values.with(0, { ...part.values[0]!, value: hashOf('x') }) },
  'a name changed': part =>
    part.values === null
      ? part
      : { ...part, values: part.values.with(0, { ...part.values[0]!, name: hashOf('x') }) },
  'a value missing': part => (part.values === null ? part : { ...part, values: part.values.slice(1) }),
  'a value twice': part =>
    part.values === null ? part : { ...part, values: [...part.values, part.values.at(-1)!] },
  'a value more': part =>
    part.values === null
      ? part
      : {
          ...part,
          values: [...part.values, { name: hashOf('more'), value: hashOf('more') }].sort((a, b) =>
            compareBytes(nativeHasher.digest(a.name), nativeHasher.digest(b.name)),
          ),
        },
  'values out of order': part =>
    part.values === null ? part : { ...part, values: part.values.toReversed() },
  'values and children': part => ({
    ...part,
    values: part.values ?? [],
    children: part.children ?? Array(16).fill(null),
  }),
  'a child changed': part =>
    part.children === null
      ? part
      : { ...part, children: part.children.map(child => child && { ...child, hash: flipped(child.hash) }) },
  'children moved': part =>
    part.children === null ? part : { ...part, children: [...part.children.slice(1), part.children[0]!] },
  'children that are not there': part =>
    part.children === null && part.path.length < 60
      ? { ...part, values: null, children: Array(16).fill({ key: null, hash: hashOf('child') }) }
      : part,
};

/** Runs a fetch against members until it ends or time is over. */
async function fetched(
  { state, root }: Awaited<ReturnType<typeof stateOf>>,
  answers: Readonly<Record<string, Answer>>,
  turns = 400,
) {
  const got: StateEntry[] = [];
  const liars = new Set<string>();
  const asked: Record<string, number> = {};
  const mail: { readonly member: string; readonly part: StatePart }[] = [];
  let end = 'unfinished';
  let most = 0;
  const fetcher = new PartFetcher(
    {
      connected: () => Object.keys(answers),
      request: (member, paths) => {
        asked[member] = (asked[member] ?? 0) + paths.length;
        for (const path of paths) {
          const part = answers[member]!(partOf(state, HEIGHT, path));
          if (part !== null) mail.push({ member, part });
        }
        most = Math.max(most, mail.length);
      },
      add: async values => void got.push(...values),
      lied: member => liars.add(member),
      complete: () => {
        end = 'complete';
      },
      forsaken: () => {
        end = 'forsaken';
      },
      failed: error => {
        throw error;
      },
    },
    nativeHasher,
    root,
  );
  for (let now = 0; end === 'unfinished' && turns-- > 0; now += 500) {
    fetcher.tick(now);
    while (mail.length > 0 && end === 'unfinished') {
      const { member, part } = mail.shift()!;
      fetcher.received(member, part, now);
      await Promise.resolve();
    }
    await new Promise(setImmediate);
  }
  return { end, got, liars: [...liars], asked, most };
}

const sorted = (entries: readonly StateEntry[]): string[] =>
  entries.map(({ name, value }) => `${toHex(name)} ${toHex(value)}`).sort();

describe('a state', () => {
  it('comes whole from several members, each of which gives some of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async count => {
        const made = await stateOf(count);
        const { end, got, liars, asked, most } = await fetched(made, { a: honest, b: honest, c: honest });
        expect([end, liars]).toEqual(['complete', []]);
        expect(sorted(got)).toEqual(sorted(made.entries));
        if (count > 100) expect(Object.keys(asked)).toEqual(['a', 'b', 'c']);
        expect(most).toBeLessThanOrEqual(32);
      }),
      { numRuns: 15 },
    );
  });

  it.each(Object.entries(LIES))(
    'comes whole although one member lies: %s; it is not asked again',
    async (_, lie) => {
      const made = await stateOf(300);
      const { end, got, liars, asked } = await fetched(made, { liar: lie, honest });
      expect([end, liars]).toEqual(['complete', ['liar']]);
      expect(sorted(got)).toEqual(sorted(made.entries));
      expect(asked['liar']).toBeLessThan(asked['honest']! / 2);
    },
  );

  it('comes whole although one member is silent and another does not hold it', async () => {
    const made = await stateOf(300);
    const { end, got, liars } = await fetched(made, { silent, without, honest });
    expect([end, liars]).toEqual(['complete', []]);
    expect(sorted(got)).toEqual(sorted(made.entries));
  });

  it('is given up when all lie or do not hold it, and waited for while a member is only silent', async () => {
    const made = await stateOf(50);
    expect((await fetched(made, { liar: LIES['a child changed']!, without })).end).toBe('forsaken');
    expect((await fetched(made, { silent }, 50)).end).toBe('unfinished');
    expect((await fetched(made, {}, 20)).end).toBe('unfinished');
  });

  it('of another root is not believed', async () => {
    const made = await stateOf(50);
    const { end, liars } = await fetched({ ...made, root: hashOf('another') }, { a: honest });
    expect([end, liars]).toEqual(['forsaken', ['a']]);
  });
});

it('a path that leads nowhere is answered with nothing', async () => {
  const { state } = await stateOf(20);
  for (const path of ['0123456789abcdef', 'f'.repeat(64)])
    expect(partOf(state, HEIGHT, path)).toEqual({ height: HEIGHT, path, children: null, values: null });
  expect(partOf(null, 7, '')).toMatchObject({ height: 7, children: null, values: null });
  expect(updateMap(map, memoryNodeStore(), []).root).toEqual(new Uint8Array(32));
});
