import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryNodeStore } from '@qifeng/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { BUCKET } from './buckets.ts';
import type { KeyValue } from './key-value.ts';
import { openLedgerStore } from './ledger-store.ts';
import { openLevel } from './level-key-value.ts';
import { openLevelStore } from './level-store.ts';
import { blockMaker, GENESIS, hashOf, pagesOf, publisher } from './testing/blocks.ts';
import { runUntilKilled } from './testing/killed.ts';
import { memoryKeyValue } from './testing/memory-key-value.ts';
import { forgettingKeyValue, recordedKeyValue } from './testing/unsynced.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Does everything a node stores for `blocks` blocks, waiting for each to resolve. */
async function run(store: LedgerStore, blocks: number): Promise<void> {
  await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
  const maker = blockMaker(store.pages);
  for (let height = 1; height <= blocks; height++) {
    const digest = hashOf(`${height}`);
    await store.putBatch(digest, bytes(`body ${height}`));
    const state = [publisher('p', `${height}`)];
    await store.commit(maker.next({ leaves: [digest], state, batches: [digest] }));
    await store.putCertificate(height, digest);
  }
  await store.putBatch(hashOf('pending'), bytes('pending'));
}

/** What of `run` is not in a store: nothing, if all was durable. */
function missing(store: LedgerStore, blocks: number): string[] {
  const lost: string[] = [];
  const check = (what: string, there: boolean) => {
    if (!there) lost.push(what);
  };
  check('head', store.head()?.header.height === blocks);
  for (let height = 1; height <= blocks; height++) {
    check(`block ${height}`, store.header(height) !== null && store.leaf(height - 1) !== null);
    check(`batch ${height}`, store.batch(hashOf(`${height}`)) !== null);
    check(`certificate ${height}`, store.certificateFrom(height)?.height === height);
  }
  const state = store.stateValue(publisher('p', null).key);
  check('state', state !== null && new TextDecoder().decode(state) === `${blocks}`);
  check('pending batch', store.pendingBatches().length === 1);
  return lost;
}

describe('the ledger store after a crash', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qf-crash-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes one synced batch a commit, and nothing else', async () => {
    const disk = recordedKeyValue(memoryKeyValue());
    const store = await openLedgerStore(disk);
    await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
    const maker = blockMaker(store.pages);
    for (let height = 1; height <= 5; height++) {
      const before = [store.syncs, disk.writes.length] as const;
      await store.commit(maker.next({ leaves: [hashOf('x')], state: [publisher('p', `${height}`)] }));
      expect([store.syncs, disk.writes.length]).toEqual([before[0] + 1, before[1] + 1]);
      expect(disk.writes.at(-1)!.sync).toBe(true);
    }
  });

  it('replays a store with the unsynced writes dropped: nothing acknowledged is lost', async () => {
    const disk = recordedKeyValue(await openLevel(join(folder, 'a')));
    const store = await openLedgerStore(disk);
    await run(store, 8);
    const copy = await openLevel(join(folder, 'b'));
    await disk.replaySynced(copy);
    const recovered = await openLedgerStore(copy);
    expect(missing(recovered, 8)).toEqual([]);
    await recovered.close();
    await store.close();
  });

  it.each([
    ['a commit', BUCKET.block, ['head', 'block 1', 'block 2', 'state', 'pending batch']],
    ['a certificate', BUCKET.certificate, ['certificate 1', 'certificate 2']],
    ['bodies', BUCKET.batch, ['batch 1', 'batch 2', 'pending batch']],
  ])('catches %s without a sync', async (_, bucket, lost) => {
    const disk = recordedKeyValue(memoryKeyValue());
    const forgets = forgettingKeyValue(disk, changes => changes.some(([key]) => key[0] === bucket));
    const store = await openLedgerStore(forgets);
    await run(store, 2);
    expect(missing(store, 2)).toEqual([]);
    const copy = memoryKeyValue();
    await disk.replaySynced(copy);
    expect(missing(await openLedgerStore(copy), 2)).toEqual(lost);
  });

  it('has every block that a killed process was told is there', async () => {
    const path = join(folder, 'killed');
    const acknowledged = await runUntilKilled('store', path, 40);
    const store = await openLevelStore(path);
    const head = store.head()!.header.height;
    expect(head).toBeGreaterThanOrEqual(acknowledged);
    for (let height = 1; height <= acknowledged; height++) {
      expect(store.header(height)?.height).toBe(height);
      expect(store.certificateFrom(height)?.height).toBe(height);
      expect(store.batch(hashOf(`batch ${height}`))).not.toBeNull();
    }
    // The state is that of the head, not one ahead of it.
    expect(store.stateValue(publisher('last', null).key)).toEqual(bytes(`${head}`));
    await store.close();
  });

  it('stops at a failed write and takes no more', async () => {
    const inner = memoryKeyValue();
    let broken = false;
    const disk: KeyValue = {
      ...inner,
      write: (changes, sync) =>
        broken ? Promise.reject(new Error('input/output error')) : inner.write(changes, sync),
    };
    const store = await openLedgerStore(disk);
    await run(store, 1);
    broken = true;
    const maker = blockMaker(store.pages, { size: 1, partials: [hashOf('')] }, store.head()!.header);
    await expect(store.commit(maker.next())).rejects.toMatchObject({ code: 'store-failed' });
    broken = false;
    await expect(store.putCertificate(9, hashOf('9'))).rejects.toMatchObject({ code: 'store-failed' });
    expect(missing(store, 1)).toEqual([]);
  });

  it('tells damage from absence, in every value', async () => {
    const inner = memoryKeyValue();
    const disk = recordedKeyValue(inner);
    await run(await openLedgerStore(disk), 1);
    const keys = new Map(
      disk.writes.flatMap(({ changes }) => changes).map(([key, value]) => [`${key}`, [key, value]]),
    );
    for (const [key, value] of keys.values() as Iterable<[Uint8Array, Uint8Array | null]>) {
      if (value === null) continue;
      for (let at = 0; at < value.length; at++) {
        const flipped = value.slice();
        flipped[at]! ^= 0x10;
        await inner.write([[key, flipped]], true);
        const touch = async () => missing(await openLedgerStore(inner, { cacheBytes: 1 }), 1);
        if (READ.has(key[0]!)) await expect(touch()).rejects.toMatchObject({ code: 'store-damaged' });
      }
      await inner.write([[key, value]], true);
    }
    expect(missing(await openLedgerStore(inner), 1)).toEqual([]);
  });

  it('is for one process at a time', async () => {
    const store = await openLevelStore(join(folder, 'one'));
    await expect(openLevelStore(join(folder, 'one'))).rejects.toMatchObject({ code: 'store-in-use' });
    await store.close();
  });
});

/** The buckets that `missing` reads. */
const READ = new Set<number>([
  BUCKET.meta,
  BUCKET.block,
  BUCKET.blockByHash,
  BUCKET.change,
  BUCKET.listedName,
  BUCKET.leaf,
  BUCKET.certificate,
  BUCKET.certificateMap,
  BUCKET.batch,
]);
