import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockHash, emptyEdge, type Submission } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { A, entry, header, submission, testChain } from '../../packages/core/src/execution/testing/ledger.ts';
import { seedProfiles } from '../../packages/node/src/cli/genesis-plan.ts';
import { applyBlock, genesisWrite } from '../../packages/node/src/engine/apply.ts';
import type { Change, KeyValue } from '../../packages/node/src/storage/key-value.ts';
import { openLedgerStore } from '../../packages/node/src/storage/ledger-store.ts';
import { openLevel } from '../../packages/node/src/storage/level-key-value.ts';
import { compare, type Effort, median, type Row } from '../measure.ts';

const BLOCKS = 10;
const ENTRIES = 1_000;
const SMALL_BLOCKS = 1_000;
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

/** What to execute: `count` blocks of `entries` records, `each` a submission. */
interface Load {
  readonly count: number;
  readonly entries: number;
  readonly each: number;
  /** Whether writes are synced; without, a row shows what a block costs apart from the disk. */
  readonly sync: boolean;
}

/** Executing blocks and committing them to LevelDB, against a bare write of the same bytes. */
export async function execution(effort: Effort): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qifeng-bench-level-'));
  try {
    return [
      await blocksOf({ count: BLOCKS, entries: ENTRIES, each: 1, sync: true }, folder, effort),
      await blocksOf({ count: BLOCKS, entries: ENTRIES, each: 100, sync: true }, folder, effort),
      await blocksOf({ count: SMALL_BLOCKS, entries: 1, each: 1, sync: false }, folder, effort),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function blocksOf(load: Load, folder: string, effort: Effort): Promise<Row> {
  const { count, entries, each, sync } = load;
  const chain = testChain(seedProfiles());
  const blocks = Array.from({ length: count }, (_, block) =>
    Array.from({ length: entries / each }, (_, s) =>
      submission(
        chain,
        Array.from({ length: each }, (_, e) => record(`${block}/${s}/${e}`)),
        {},
        hasher,
      ),
    ),
  );
  let writes: (readonly Change[])[] = [];
  let syncs = 0;
  let runs = 0;
  const cpu: number[] = [];
  const fresh = () => join(folder, `${entries}-${each}-${runs++}`);
  const ours = async (): Promise<number> => {
    writes = [];
    const took = await execute(chain, blocks, fresh(), sync, changes => writes.push(changes));
    syncs = took.syncs;
    cpu.push(took.cpu);
    return took.seconds;
  };
  await ours();
  const row = await compare(
    {
      case: 'execution',
      what: `blocks of ${entries === 1 ? '1 entry, not synced' : `1,000 entries, ${each} a submission`}`,
      unit: entries === 1 ? 'blocks/s' : 'entries/s',
    },
    count * entries,
    { name: 'ours', how: 'applyBlock, store.commit', run: ours },
    [
      {
        name: 'bare LevelDB write',
        how: 'classic-level: one chained batch a block with the same keys and values, write()',
        run: () => bareWrites(fresh(), writes, sync),
      },
    ],
    effort,
  );
  const total = count * entries;
  const bytes = writes.flat().reduce((sum, [key, value]) => sum + key.length + (value?.length ?? 0), 0);
  const puts = (writes.flat().length / total).toFixed(1);
  const micros = (median(cpu) / total).toFixed(0);
  return {
    ...row,
    note: `${syncs / count} writes a block; ${puts} puts and ${Math.round(bytes / total)} B an entry; ${micros} µs of CPU an entry, LevelDB's threads included`,
  };
}

async function execute(
  chain: ReturnType<typeof testChain>,
  blocks: readonly (readonly Submission[])[],
  path: string,
  sync: boolean,
  onWrite: (changes: readonly Change[]) => void,
): Promise<{ seconds: number; syncs: number; cpu: number }> {
  const level = await openLevel(path);
  let watching = false;
  const watched: KeyValue = {
    get: level.get,
    snapshot: level.snapshot,
    keys: level.keys,
    between: level.between,
    close: level.close,
    write: changes => {
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
  const begun = process.cpuUsage();
  const start = performance.now();
  for (const [i, submissions] of blocks.entries()) {
    // A millisecond from block to block, so that nothing expires.
    const next = { ...header(chain, i + 1, i + 1), parent };
    parent = blockHash(next, hasher);
    const applied = applyBlock(chain, nativeSuite, store, next, parent, submissions, edge);
    if (applied.write.outcomes.some(({ refusal }) => refusal !== null) || applied.dropped.length > 0)
      throw new Error(JSON.stringify(applied.write.outcomes[0]));
    await store.commit(applied.write);
    edge = applied.edge;
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(begun);
  const syncs = store.syncs - before;
  await store.close();
  return { seconds, syncs, cpu: user + system };
}

async function bareWrites(
  path: string,
  writes: readonly (readonly Change[])[],
  sync: boolean,
): Promise<number> {
  const level = new ClassicLevel(path, { keyEncoding: 'view', valueEncoding: 'view' });
  await level.open();
  const start = performance.now();
  for (const changes of writes) {
    const batch = level.batch();
    for (const [key, value] of changes) {
      if (value === null) batch.del(key);
      else batch.put(key, value);
    }
    await batch.write({ sync });
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
