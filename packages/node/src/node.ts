import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type Chain,
  edgeFromTiles,
  emptyEdge,
  encode,
  type Header,
  readGenesis,
  type Suite,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { ConfigError } from './config/config.ts';
import type { NodeHome, NodeKeys } from './config/node-home.ts';
import { type Config, DEFAULT_TIMING } from './consensus/config.ts';
import { applyBlock, genesisWrite, stateView } from './engine/apply.ts';
import { Engine } from './engine/engine.ts';
import { createNotary } from './engine/receipts.ts';
import { createService, type LocalService } from './engine/service.ts';
import { wireCodecs } from './engine/wire/codecs.ts';
import { createHttpServer } from './http/server.ts';
import { readSite, type Site } from './http/site.ts';
import { type Batch, readBatch } from './mempool/batch.ts';
import { Bodies } from './mempool/bodies.ts';
import { Mempool } from './mempool/mempool.ts';
import { nodeMetrics } from './metrics/node-metrics.ts';
import { createRegistry } from './metrics/registry.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { GuardFile, WriteAheadLog } from './ports/log.ts';
import type { Transport } from './ports/transport.ts';
import type { VerificationPool } from './ports/verification.ts';
import { wouldRefuse } from './state/check-submission.ts';
import { openGuardFile } from './storage/file-guard.ts';
import { openFileLog } from './storage/file-log.ts';
import { openLevelStore } from './storage/level-store.ts';
import { createLibp2pTransport } from './transport/libp2p-transport.ts';
import { createVerificationPool } from './verification/pool.ts';

/** Blocks in flight above which only a full one follows: one round at a time finalises most (measured). */
const DEPTH = 1;
/** Batches in one block at most. */
const MAX_BATCHES = 64;
/** Ms between looks at what is overdue. */
const TEND_MS = 1_000;

/** A line of the node's log: what happened, and its circumstances. */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  event: string,
  fields?: Record<string, unknown>,
) => void;

/** A node that runs. */
export interface RunningNode {
  readonly service: LocalService;
  /** Base URL of the public API. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The genesis of a home: its own `genesis.cbor`. Throws ConfigError with what to do. */
export function loadChain(file: string, suite: Suite): Chain {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new ConfigError(`cannot read the genesis ${file}: ${(error as Error).message}`);
  }
  const chain = readGenesis(bytes, suite);
  if (!chain.ok) throw new ConfigError(`${file} is no genesis: ${chain.fault.code}: ${chain.fault.detail}`);
  return chain.value;
}

/** What a validator is assembled from: everything opened, nothing started. */
export interface NodeParts {
  readonly chain: Chain;
  readonly suite: Suite;
  readonly config: Config;
  readonly keys: Pick<NodeKeys, 'validator' | 'log'>;
  readonly store: LedgerStore;
  readonly wal: WriteAheadLog;
  readonly guard: GuardFile;
  readonly transport: Transport;
  readonly pool: VerificationPool;
  readonly fatal: (error: unknown) => void;
}

/** A validator put together; `start` recovers what the store and logs hold and joins the others. */
export interface AssembledNode {
  readonly service: LocalService;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Opens what a home holds and runs a validator with its HTTP interface. */
export async function startNode(
  home: NodeHome,
  log: Log,
  fatal: (error: unknown) => void,
): Promise<RunningNode> {
  const suite = nativeSuite;
  const chain = loadChain(join(home.path, 'genesis.cbor'), suite);
  const config = validatorConfig(chain, home);
  const store = await openLevelStore(home.db);
  const wal = await openFileLog(home.wal);
  const pool = createVerificationPool();
  const transport = createLibp2pTransport({
    me: config.me,
    members: chain.validators.map(({ code }) => {
      const member = chain.genesis.members.find(one => one.code === code)!;
      return { p2pKey: member.p2pKey!, addresses: member.addresses };
    }),
    privateKey: home.keys.p2p.seed,
    listen: [`/ip4/${home.config.p2p.host}/tcp/${home.config.p2p.port}`],
    genesisHash: chain.hash,
    log: event => log('debug', 'transport', { ...event }),
  });
  const guard = openGuardFile(home.guard);
  const node = await assembleNode({
    chain,
    suite,
    config,
    keys: home.keys,
    store,
    wal,
    guard,
    transport,
    pool,
    fatal,
  });
  const registry = createRegistry();
  nodeMetrics(registry, node.service);
  const http = createHttpServer({
    service: node.service,
    registry,
    log: { error: (fields, message) => log('error', message, fields) },
    site: webPages(log),
  });
  await node.start();
  const url = await http.listen(home.config.http.host, home.config.http.port);
  log('info', 'started', { member: home.member, url, height: store.head()?.header.height ?? 0 });
  return {
    service: node.service,
    url,
    stop: async () => {
      await http.close();
      await node.stop();
      await pool.close();
      await wal.close();
      await store.close();
      log('info', 'stopped', { member: home.member });
    },
  };
}

/** The pages of the package for the web: its files, none of its code. A node does its work without them too. */
function webPages(log: Log): Site | undefined {
  try {
    return readSite(dirname(createRequire(import.meta.url).resolve('@qifeng/web/package.json')));
  } catch (error) {
    log('warn', 'no-pages', { error: (error as Error).message });
    return undefined;
  }
}

/** Wires the parts of a validator. The one place that knows them all. */
export async function assembleNode(parts: NodeParts): Promise<AssembledNode> {
  const { chain, suite, config, keys, store, wal, guard, transport, pool, fatal } = parts;
  if (store.head() === null) {
    const fresh = genesisWrite(chain, suite);
    await store.initialise(fresh.genesisHash, fresh.state, fresh.pages);
  }
  const bodies = new Bodies(store, pool, suite.hasher);
  const codecs = wireCodecs(chain.hash, suite.hasher);
  let edge = store.head() === null ? emptyEdge : edgeFromTiles(store.tiles, store.head()!.size);
  const execute = async (header: Header, hash: Uint8Array, batches: readonly Batch[]): Promise<string> => {
    const submissions = batches.flatMap(batch => batch.submissions);
    const applied = applyBlock(chain, suite, store, header, hash, submissions, edge);
    await store.commit(applied.write);
    edge = applied.edge;
    return applied.write.text;
  };

  const mempool = new Mempool({
    hasher: suite.hasher,
    pool,
    now: Date.now,
    isExecuted: id => store.outcome(id) !== null,
    wouldRefuse: (submission, now) => {
      const refusal = wouldRefuse(submission, now, stateView(store, suite.hasher), {
        chain,
        hasher: suite.hasher,
      });
      return refusal === null ? null : { ...refusal, retryAfter: null };
    },
    publish: async batch => {
      engine.push(batch);
      await bodies.put(batch);
      engine.offer(batch);
    },
    push: batch => engine.push(batch),
    expired: digest => {
      engine.forget(digest);
      bodies.drop(digest).catch(fatal);
    },
  });

  const engine: Engine = new Engine({
    chain,
    suite,
    config,
    signer: keys.validator,
    store,
    log: wal,
    guard,
    transport,
    pool,
    bodies,
    now: Date.now,
    execute,
    onExecuted: block => {
      mempool.executed(block.batches);
      service.settle();
    },
    onFinal: certificate => {
      store
        .putCertificate(certificate.height, encode(codecs.checkpointCertificate, certificate))
        .then(() => service.settle(), fatal);
    },
    onBatch: batch => mempool.add(batch),
    fatal,
  });

  const notary = createNotary(chain, suite, codecs, keys.log, store, bodies);
  const service = createService({
    chain,
    suite,
    code: config.validators[config.me]!,
    ledger: store,
    mempool,
    notary,
    state: () => engine.state,
    connected: () => transport.connected(),
  });
  let tending: NodeJS.Timeout | null = null;
  return {
    service,
    start: async () => {
      await engine.start();
      for (const bytes of store.pendingBatches()) {
        const batch = readBatch(bytes, suite.hasher);
        if (!batch.ok) throw new Error(`a stored batch is damaged: ${batch.fault.detail}`);
        mempool.add(batch.value);
        engine.offer(batch.value);
      }
      tending = setInterval(() => mempool.tend(), TEND_MS);
    },
    stop: async () => {
      if (tending !== null) clearInterval(tending);
      await engine.stop();
    },
  };
}

function validatorConfig(chain: Chain, home: NodeHome): Config {
  const { parameters } = chain.genesis;
  const me = chain.validators.findIndex(({ code }) => code === home.member);
  if (me < 0) throw new ConfigError(`${home.member} is no validator of this chain`);
  const key = chain.validators[me]!.key;
  if (!key.every((byte, i) => byte === home.keys.validator.publicKey[i])) {
    throw new ConfigError(
      `the validator key in ${home.path} is not the one the genesis names for ${home.member}`,
    );
  }
  return {
    epoch: 0,
    validators: chain.validators.map(({ code }) => code),
    me,
    base: { height: 0, hash: Buffer.from(chain.hash).toString('hex'), timestamp: chain.genesis.created },
    window: parameters.window,
    term: parameters.term,
    depth: DEPTH,
    maxBatches: MAX_BATCHES,
    timing: { ...DEFAULT_TIMING, heartbeat: parameters.heartbeatMs },
  };
}
