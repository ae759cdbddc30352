import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockHash, emptyEdge, type Submission } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { seedProfiles } from '../../packages/node/src/cli/genesis-plan.ts';
import { applyBlock, genesisWrite } from '../../packages/node/src/engine/apply.ts';
import { A, entry, header, submission, testChain } from '../../packages/node/src/state/testing/ledger.ts';
import type { Change, KeyValue } from '../../packages/node/src/storage/key-value.ts';
import { openLedgerStore } from '../../packages/node/src/storage/ledger-store.ts';
import { openLevel } from '../../packages/node/src/storage/level-key-value.ts';
import { compare, type Effort, type Row } from '../measure.ts';

const BLOCKS = 10;
const ENTRIES = 1_000;
const { hasher } = nativeSuite;

interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  batch(): {
    put(key: Uint8Array, value: Uint8Array): void;
    del(key: Uint8Array): void;
    write(options: object): Promise<void>;
  };
}
const { ClassicLevel }: { ClassicLevel: new (path: string, options: object) => Level } = createRequire(
  new URL('../../packages/node/package.json', import.meta.url),
)('classic-level');

/** Executing blocks and committing them to LevelDB, against a bare write of the same bytes. */
export async function execution(effort: Effort): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qifeng-bench-level-'));
  try {
    return [await blocksOf(1, folder, effort), await blocksOf(100, folder, effort)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function blocksOf(entries: number, folder: string, effort: Effort): Promise<Row> {
  const chain = testChain(seedProfiles());
  const blocks = Array.from({ length: BLOCKS }, (_, block) =>
    Array.from({ length: ENTRIES / entries }, (_, s) =>
      submission(
        chain,
        Array.from({ length: entries }, (_, e) => record(`${block}/${s}/${e}`)),
        {},
        hasher,
      ),
    ),
  );
  let writes: (readonly Change[])[] = [];
  let syncs = 0;
  let runs = 0;
  const fresh = () => join(folder, `${entries}-${runs++}`);
  const ours = async (): Promise<number> => {
    writes = [];
    const took = await execute(chain, blocks, fresh(), changes => writes.push(changes));
    syncs = took.syncs;
    return took.seconds;
  };
  await ours();
  const row = await compare(
    {
      case: 'execution',
      what: `blocks of 1,000 entries, ${entries} a submission`,
      unit: 'entries/s',
    },
    BLOCKS * ENTRIES,
    { name: 'ours', how: 'applyBlock, store.commit', run: ours },
    [
      {
        name: 'bare LevelDB write',
        how: 'classic-level: one chained batch a block with the same keys and values, write({ sync: true })',
        run: () => bareWrites(fresh(), writes),
      },
    ],
    effort,
  );
  const bytes = writes.flat().reduce((sum, [key, value]) => sum + key.length + (value?.length ?? 0), 0);
  const puts = writes.flat().length;
  const each = (total: number) => (total / (BLOCKS * ENTRIES)).toFixed(1);
  return {
    ...row,
    note: `${syncs / BLOCKS} syncs a block; ${each(puts)} puts and ${Math.round(bytes / (BLOCKS * ENTRIES))} B an entry`,
  };
}

async function execute(
  chain: ReturnType<typeof testChain>,
  blocks: readonly (readonly Submission[])[],
  path: string,
  onWrite: (changes: readonly Change[]) => void,
): Promise<{ seconds: number; syncs: number }> {
  const level = await openLevel(path);
  let watching = false;
  const watched: KeyValue = {
    get: level.get,
    snapshot: level.snapshot,
    keys: level.keys,
    close: level.close,
    write: (changes, sync) => {
      if (watching) onWrite(changes);
      return level.write(changes, sync);
    },
  };
  const store = await openLedgerStore(watched);
  const genesis = genesisWrite(chain, nativeSuite);
  await store.initialise(genesis.genesisHash, genesis.state, genesis.pages);
  watching = true;
  const before = store.syncs;
  let edge = emptyEdge;
  let parent = chain.hash;
  const start = performance.now();
  for (const [i, submissions] of blocks.entries()) {
    const next = { ...header(chain, i + 1), parent };
    parent = blockHash(next, hasher);
    const applied = applyBlock(chain, nativeSuite, store, next, parent, submissions, edge);
    if (applied.write.leaves.length !== ENTRIES) throw new Error(JSON.stringify(applied.write.outcomes[0]));
    await store.commit(applied.write);
    edge = applied.edge;
  }
  const seconds = (performance.now() - start) / 1000;
  const syncs = store.syncs - before;
  await store.close();
  return { seconds, syncs };
}

async function bareWrites(path: string, writes: readonly (readonly Change[])[]): Promise<number> {
  const level = new ClassicLevel(path, { keyEncoding: 'view', valueEncoding: 'view' });
  await level.open();
  const start = performance.now();
  for (const changes of writes) {
    const batch = level.batch();
    for (const [key, value] of changes) {
      if (value === null) batch.del(key);
      else batch.put(key, value);
    }
    await batch.write({ sync: true });
  }
  const seconds = (performance.now() - start) / 1000;
  await level.close();
  return seconds;
}

function record(id: string): ReturnType<typeof entry> {
  return entry(id, {
    profile: 'policy',
    action: 'publish',
    subject: { issuer: A, id },
    digest: { alg: 'sha256', hash: hasher.digest(new TextEncoder().encode(id)) },
    meta: new Map([['title', `关于印发第 ${id} 号文件的通知`]]),
  });
}
