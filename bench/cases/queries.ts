import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, type Leaf, leafCodec, type QueryValues, ROUTES, type Route, writeJson } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { graphHandlers } from '../../packages/node/src/http/handlers/graph.ts';
import { ledgerHandlers } from '../../packages/node/src/http/handlers/ledger.ts';
import { searchHandlers } from '../../packages/node/src/http/handlers/search.ts';
import type { LedgerStore } from '../../packages/node/src/ports/ledger-store.ts';
import type { NodeService } from '../../packages/node/src/ports/node-service.ts';
import { documentOf } from '../../packages/node/src/search/document.ts';
import { Library } from '../../packages/node/src/search/testing/library.ts';
import { openLevelStore } from '../../packages/node/src/storage/level-store.ts';
import { type Effort, percentile, type Row, say } from '../measure.ts';

const PLAN = { publishers: 30_000, profiles: 20, seed: 2026, follow: 0.5 };
const BLOCK = 1000;

interface Level {
  open(): Promise<void>;
  compactRange(from: Uint8Array, to: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
const { ClassicLevel }: { ClassicLevel: new (path: string, options: object) => Level } = createRequire(
  new URL('../../packages/node/package.json', import.meta.url),
)('classic-level');

/** What the search index costs a block and a record, and how long each kind of query takes, on a store of 100,000 records. */
export async function queries({ quick }: Effort): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qifeng-bench-queries-'));
  const records = quick ? 20_000 : 100_000;
  try {
    const { library, rows } = await filled(folder, records);
    const store = await openLevelStore(join(folder, 'with'));
    rows.push(...asked(library, store, quick ? 100 : 400));
    await store.close();
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two stores with the same blocks, one without an index, grown in turns so that the machine's speed is the same for both. */
async function filled(folder: string, records: number): Promise<{ library: Library; rows: Row[] }> {
  const sides = await Promise.all(
    (['with', 'without'] as const).map(async name => {
      const library = new Library(PLAN);
      const store = await openLevelStore(join(folder, name));
      await library.begin(store);
      return { name, library, store, seconds: 0 };
    }),
  );
  while (sides[0]!.library.records.length < records)
    for (const side of sides)
      side.seconds += await side.library.grow(side.store, BLOCK, side.name === 'with');
  const [indexed, bare] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const documents = timeOfDocuments(indexed.store, records);
  const bytes: number[] = [];
  for (const side of sides) {
    await side.store.close();
    bytes.push(await compacted(join(folder, side.name)));
    say(
      `     ${side.name} an index: ${side.seconds.toFixed(1)} s, ${Math.round(bytes.at(-1)! / records)} B a record`,
    );
  }
  const [full, plain] = bytes as [number, number];
  // Both make what is indexed out of the records; one of them for nothing.
  const without = bare.seconds - documents;
  const place = { case: 'queries', limits: [] };
  return {
    library: indexed.library,
    rows: [
      {
        ...place,
        what: 'what the index adds to a block’s execution and write',
        unit: '%',
        value: (100 * (indexed.seconds - without)) / without,
        note: `${((1e6 * without) / records).toFixed(1)} µs a record without, ${((1e6 * indexed.seconds) / records).toFixed(1)} µs with, of the main thread`,
      },
      {
        ...place,
        what: 'what the index adds to the store',
        unit: 'B a record',
        value: (full - plain) / records,
        note: `${Math.round(plain / records)} B a record without, compacted: ${((100 * (full - plain)) / plain).toFixed(1)} %`,
      },
    ],
  };
}

/** Seconds to make what is indexed of all records. */
function timeOfDocuments(store: LedgerStore, records: number): number {
  const leaves: Leaf[] = [];
  for (let index = 0; index < records; index++) {
    const leaf = decode(leafCodec, store.leaf(index)!);
    if (!leaf.ok) throw new Error(leaf.fault.detail);
    leaves.push(leaf.value);
  }
  const begun = process.threadCpuUsage();
  for (const [index, leaf] of leaves.entries())
    documentOf(index, leaf, { state: 'in-force', validFrom: null, validTo: null }, '演示机构');
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1e6;
}

/** Bytes of a closed store after compaction, so that both are in the same condition. */
async function compacted(path: string): Promise<number> {
  const level = new ClassicLevel(path, { keyEncoding: 'view', valueEncoding: 'view' });
  await level.open();
  await level.compactRange(Uint8Array.of(0), Uint8Array.of(255));
  await level.close();
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}

/** Each kind of query `count` times through its handler, the JSON of its answer included. */
function asked(library: Library, store: LedgerStore, count: number): readonly Row[] {
  const service = { chain: library.chain, suite: nativeSuite, ledger: store } as unknown as NodeService;
  const { search } = searchHandlers(service);
  const { publishers } = ledgerHandlers(service);
  const { graph } = graphHandlers(service);
  const some = () => library.pick(library.records);
  const searchOf = (query: QueryValues<typeof ROUTES.search>) => answer(ROUTES.search, search, {}, query);
  const titleOf = () => String(some().entry.meta.get('title') ?? '财政厅关于印发');
  const kinds: Record<string, () => number> = {
    'two characters': () => searchOf({ q: titleOf().slice(4, 6) }),
    'a whole title': () => searchOf({ q: titleOf() }),
    'two words that few titles have': () =>
      searchOf({ q: `${titleOf().slice(0, 3)} ${titleOf().slice(8, 14)}` }),
    'characters in no title': () => searchOf({ q: '蓬莱仙山' }),
    'a document number': () =>
      searchOf({ number: String(some().entry.meta.get('number') ?? '京政发〔2020〕1号') }),
    'an issuer': () => searchOf({ issuer: library.pick(library.publishers) }),
    'a region and a year': () => searchOf({ region: '350100', from: '2020-01-01', to: '2020-12-31' }),
    'a state of a profile': () => searchOf({ state: 'repealed', profile: some().entry.profile }),
    'what has lapsed, and what was in force on a day': () =>
      searchOf({ standing: 'lapsed', at: '2030-06-30' }) +
      searchOf({ standing: 'in-force', at: '2024-06-30' }),
    'a file': () => searchOf({ digest: some().entry.digest ?? library.records[0]!.entry.digest! }),
    'words, region, state and date': () =>
      searchOf({ q: titleOf().slice(4, 8), region: '430000', state: 'amended', from: '2018-01-01' }),
    'the newest': () => searchOf({}),
    'a page in the middle': () =>
      searchOf({
        q: '关于印发',
        cursor: {
          size: library.records.length,
          before: 1 + library.below(library.records.length - 1),
          at: '2024-06-30',
        },
      }),
    'publishers from one on': () =>
      answer(ROUTES.publishers, publishers, {}, { after: library.pick(library.publishers) }),
    'a graph of depth 2': () => {
      const { profile, subject } = some().entry;
      return answer(ROUTES.graph, graph, { profile, ...subject }, {});
    },
  };
  return Object.entries(kinds).map(([what, run]) => {
    run();
    const times: number[] = [];
    let results = 0;
    for (let i = 0; i < count; i++) {
      const begun = performance.now();
      results += run();
      times.push(performance.now() - begun);
    }
    const p99 = percentile(times, 0.99);
    const note = `p99 ${p99.toFixed(1)} ms, ${(results / count).toFixed(1)} results on average`;
    return {
      case: 'queries',
      what,
      unit: 'ms, p50',
      value: percentile(times, 0.5),
      limits: [],
      note,
    };
  });
}

/** Answers one request as the server does, without the network; how many results it had. */
function answer(route: Route, handler: (call: never) => unknown, params: object, query: object): number {
  const { value } = handler({ params, query, body: null } as never) as { readonly value: object };
  const body = route.responses[200]!;
  if (body.kind === 'json') writeJson(body.view, value);
  return Object.values(value).find(Array.isArray)?.length ?? 0;
}
