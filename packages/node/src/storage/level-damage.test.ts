import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryNodeStore, stateName } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { BUCKET, numberKey } from './buckets.ts';
import { openLedgerStore } from './ledger-store.ts';
import { openLevelStore } from './level-store.ts';
import {
  BLOCK_MS,
  blockMaker,
  change,
  GENESIS,
  hashOf,
  pagesOf,
  publisher,
  remembered,
} from './testing/blocks.ts';
import { memoryKeyValue } from './testing/memory-key-value.ts';

const BLOCKS = 40;
const FLIPS = 24;

describe('a damaged LevelDB', () => {
  let folder: string;
  const sound = () => join(folder, 'sound');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qf-damage-'));
    for (const upTo of [BLOCKS / 2, BLOCKS]) {
      // Opened twice, so that half of the blocks are in a table and half in the log.
      const store = await openLevelStore(sound());
      await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
      const head = store.head();
      const edge = {
        size: head?.size ?? 0,
        partials: head === null ? [] : [store.tiles.hashes(0, 0, head.size)],
      };
      const maker = blockMaker(store.pages, edge, head?.header);
      for (let height = edge.size + 1; height <= upTo; height++)
        await store.commit(
          maker.next({
            leaves: [hashOf(`${height}`)],
            state: [publisher('p', `${height}`), publisher(`${height}`, '')],
          }),
        );
      await store.close();
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  function value(store: LedgerStore, id: string): string | null {
    const bytes = store.stateValue(publisher(id, null).key);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** How far an opened copy goes with all of it right; a code where it refuses. Anything else fails the test. */
  async function standing(path: string): Promise<number | string> {
    let store: LedgerStore | undefined;
    try {
      store = await openLevelStore(path);
      const head = store.head()?.header.height ?? 0;
      for (let height = 1; height <= head; height++) {
        expect(store.header(height)?.height).toBe(height);
        expect(store.leaf(height - 1)).toEqual(hashOf(`${height}`));
        expect([null, '']).toContain(value(store, `${height}`));
      }
      // A value that a table lost is none of an older time: the map, whose root is in the checkpoint, says that it is there.
      expect(value(store, 'p') ?? '0').toBe(`${head}`);
      return head;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === undefined || !code.startsWith('store-')) throw error;
      return code;
    } finally {
      await store?.close();
    }
  }

  it('is refused with a code or goes on from an older whole block, whichever file is hit', async () => {
    expect(await standing(sound())).toBe(BLOCKS);
    const seen = new Set<number | string>();
    for (const name of await readdir(sound())) {
      const content = await readFile(join(sound(), name));
      for (let flip = 0; flip < Math.min(FLIPS, content.length); flip++) {
        const copy = join(folder, `${name}-${flip}`);
        await cp(sound(), copy, { recursive: true });
        const damaged = Uint8Array.from(content);
        damaged[Math.floor((flip * content.length) / FLIPS)]! ^= 0x55;
        await writeFile(join(copy, name), damaged);
        seen.add(await standing(copy));
      }
    }
    expect(seen).toContain(BLOCKS);
    expect(seen).toContain('store-damaged');
  });

  it('never reads a value that a table lost as one that never was, whichever key is hidden', async () => {
    const whole = memoryKeyValue();
    const made = await openLedgerStore(whole);
    const ids = Array.from({ length: 40 }, (_, i) => `${i}`);
    const genesis = ids.map(id => publisher(id, 'first'));
    await made.initialise(GENESIS, genesis, pagesOf(memoryNodeStore(), genesis));
    const maker = blockMaker(made.pages);
    await made.commit(maker.next({ state: ids.slice(20).map(id => publisher(id, 'second')) }));
    // Now the pages are on disk.
    (await made.freeze()).release();
    const entries: (readonly [Uint8Array, Uint8Array])[] = [];
    for (const bucket of Object.values(BUCKET))
      for await (const key of whole.keys(bucket)) entries.push([key, whole.get(key)!.slice()]);
    const refused = new Set<number>();
    for (const [hidden] of entries) {
      const inner = memoryKeyValue();
      await inner.write(
        entries.filter(([key]) => key !== hidden),
        true,
      );
      try {
        const store = await openLedgerStore(inner);
        expect(store.head()?.header.height).toBe(1);
        expect(ids.map(id => value(store, id))).toEqual(ids.map((_, i) => (i < 20 ? 'first' : 'second')));
      } catch (error) {
        const { code, message } = error as Error & { code?: string };
        if (code === undefined && !message.includes('is in the store')) throw error;
        refused.add(hidden[0]!);
      }
    }
    expect(refused).toEqual(
      new Set([BUCKET.meta, BUCKET.block, BUCKET.blockByHash, BUCKET.change, BUCKET.page]),
    );
  });

  // The one thing that only execution can tell. What a node does that executed to another text than was certified is in
  // consensus/checkpoint.test.ts: it stops for good, and its own cosignature is one that no quorum shares.
  it('that hides an entry of the replay memory leads to another checkpoint text than the certified one', async () => {
    const expires = 2 * BLOCK_MS;
    /** What the second block comes to, which forgets what has expired by then. */
    const second = async (hides: boolean): Promise<string> => {
      const inner = memoryKeyValue();
      const made = await openLedgerStore(inner);
      await made.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
      const first = blockMaker(made.pages).next({ state: [remembered('s', expires)] });
      await made.commit(first);
      if (hides) for await (const key of inner.keys(BUCKET.replay)) await inner.write([[key, null]], true);
      const store = await openLedgerStore(inner);
      const forgotten = [...store.expired(expires)].map(id => change(stateName('submission', id), null));
      return blockMaker(store.pages, undefined, first.header).next({ state: forgotten }).text;
    };
    expect(await second(false)).toBe(await second(false));
    expect(await second(true)).not.toBe(await second(false));
  });

  it('is told by the block that is missing below the head', async () => {
    const inner = memoryKeyValue();
    const store = await openLedgerStore(inner);
    await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
    const maker = blockMaker(store.pages);
    for (let height = 1; height <= 3; height++) await store.commit(maker.next());
    await inner.write([[numberKey(BUCKET.block, 2), null]], true);
    await expect(openLedgerStore(inner)).rejects.toMatchObject({ code: 'store-damaged' });
  });
});
