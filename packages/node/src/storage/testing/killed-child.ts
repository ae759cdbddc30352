import { writeSync } from 'node:fs';
import { memoryNodeStore } from '@qifeng/core';
import { openFileLog } from '../file-log.ts';
import { openLevelStore } from '../level-store.ts';
import { blockMaker, GENESIS, hashOf, pagesOf, publisher } from './blocks.ts';

/** One byte for each write that resolved; synchronous, so that none is lost in a buffer of this process. */
const acknowledge = () => writeSync(1, '.');

async function appendForEver(path: string): Promise<void> {
  const log = await openFileLog(path);
  const append = async (n: number) => {
    await log.append([new TextEncoder().encode(String(n))]);
    acknowledge();
  };
  // Several at once, so that the kill falls into groups too.
  for (let n = 0; ; n += 5) await Promise.all([0, 1, 2, 3, 4].map(i => append(n + i)));
}

async function commitForEver(path: string): Promise<void> {
  const store = await openLevelStore(path);
  await store.initialise(GENESIS, [], pagesOf(memoryNodeStore(), []));
  const maker = blockMaker(store.pages);
  for (let height = 1; ; height++) {
    const digest = hashOf(`batch ${height}`);
    await store.putBatch(digest, digest);
    const state = [publisher('last', `${height}`)];
    await store.commit(maker.next({ leaves: [digest], state, batches: [digest] }));
    await store.putCertificate(height, digest);
    acknowledge();
  }
}

const [what, path = ''] = process.argv.slice(2);
await (what === 'log' ? appendForEver(path) : commitForEver(path));
