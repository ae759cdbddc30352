import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type Chain,
  decode,
  edgeFromTiles,
  emptyEdge,
  encode,
  type Header,
  MAX_BODIES_BYTES,
  readGenesis,
  type Suite,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { ConfigError } from './config/config.ts';
import type { NodeHome, NodeKeys } from './config/node-home.ts';
import { DEFAULT_TIMING } from './consensus/config.ts';
import { applyBlock, genesisWrite, stateView } from './engine/apply.ts';
import { Engine, type Result } from './engine/engine.ts';
import { epochsOf, type Own } from './engine/epochs.ts';
import { handoverKeeper } from './engine/handover-keeper.ts';
import { createNotary } from './engine/receipts.ts';
import { createService, type LocalService } from './engine/service.ts';
import { wireCodecs } from './engine/wire/codecs.ts';
import { createHttpServer } from './http/server.ts';
import { readSite, type Site } from './http/site.ts';
import { type Batch, readBatch } from './mempool/batch.ts';
import { Bodies } from './mempool/bodies.ts';
import { type MempoolLimits, mempoolLimits } from './mempool/limits.ts';
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
  /** Who this node is, and the pace of the chain. */
  readonly own: Own;
  readonly keys: Pick<NodeKeys, 'validator' | 'log'>;
  readonly store: LedgerStore;
  readonly wal: WriteAheadLog;
  readonly guard: GuardFile;
  readonly transport: Transport;
  readonly pool: VerificationPool;
  /** How much it takes in; the default of the mempool without. */
  readonly limits?: MempoolLimits;
  readonly log: Log;
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
  const store = await openLevelStore(home.db);
  const wal = await openFileLog(home.wal);
  const pool = createVerificationPool();
  const transport = createLibp2pTransport({
    me: home.member,
    // The engine names them once it knows the state.
    members: [],
    privateKey: home.keys.p2p.seed,
    listen: [`/ip4/${home.config.p2p.host}/tcp/${home.config.p2p.port}`],
    genesisHash: chain.hash,
    log: event => log('debug', 'transport', { ...event }),
  });
  const guard = openGuardFile(home.guard);
  const node = await assembleNode({
    chain,
    suite,
    own: ownOf(chain, home),
    keys: home.keys,
    store,
    wal,
    guard,
    transport,
    pool,
    limits: mempoolLimits(home.config.limits),
    log,
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
  const { chain, suite, own, keys, store, wal, guard, transport, pool, log, fatal } = parts;
  if (store.head() === null) {
    const fresh = genesisWrite(chain, suite);
    await store.initialise(fresh.genesisHash, fresh.state, fresh.pages);
  }
  const bodies = new Bodies(store, pool, suite.hasher);
  const codecs = wireCodecs(chain.hash, suite.hasher);
  let edge = store.head() === null ? emptyEdge : edgeFromTiles(store.tiles, store.head()!.size);
  const epochs = epochsOf(chain, suite, store);
  const handovers = handoverKeeper(chain, suite, epochs, store, codecs);
  await handovers.keep();
  const execute = async (header: Header, hash: Uint8Array, batches: readonly Batch[]): Promise<Result> => {
    const submissions = batches.flatMap(batch => batch.submissions);
    const applied = applyBlock(chain, suite, store, header, hash, submissions, edge);
    await store.commit(applied.write);
    edge = applied.edge;
    await handovers.keep();
    return { text: applied.write.text, closes: epochs.newest() > header.epoch };
  };

  const mempool = new Mempool({
    hasher: suite.hasher,
    pool,
    ...(parts.limits === undefined ? {} : { limits: parts.limits }),
    now: Date.now,
    isExecuted: id => store.outcome(id) !== null,
    wouldRefuse: (submission, now) => {
      const refusal = wouldRefuse(submission, now, stateView(store, suite.hasher), {
        chain,
        ...suite,
      });
      return refusal === null ? null : { ...refusal, retryAfter: null };
    },
    publish: async batch => {
      engine.push(batch);
      await bodies.put(batch);
      engine.offer(batch);
    },
    push: digest => {
      const batch = bodies.get(digest);
      if (batch !== null) engine.push(batch);
    },
    expired: digest => {
      engine.forget(digest);
      bodies.drop(digest).catch(fatal);
    },
  });

  const engine: Engine = new Engine({
    chain,
    suite,
    own,
    epochs,
    signer: keys.validator,
    store,
    log: wal,
    guard,
    transport,
    pool,
    bodies,
    clock: () => ({ now: performance.now(), wall: Date.now() }),
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
    keeps: (batch, from) => mempool.keeps(batch, from, epochs.contacts().length),
    onBatch: (batch, from) => mempool.add(batch, { member: from }),
    onEpoch: epoch => {
      log('info', 'epoch', { epoch, validators: epochs.set(epoch)!.validators.map(({ code }) => code) });
      for (const batch of mempool.waiting()) engine.offer(batch);
    },
    onEvidence: evidence => {
      const { epoch, signer } = evidence.first;
      const member = epochs.set(epoch)?.validators[signer]?.code ?? '';
      log('error', 'evidence', { member, epoch, height: evidence.first.height, kind: evidence.type });
      store.putEvidence(epoch, signer, encode(codecs.evidence, evidence)).catch(fatal);
    },
    onAmnesia: reason => log('error', 'amnesia', { reason }),
    fatal,
  });

  const notary = createNotary(chain, suite, codecs, keys.log, store, bodies, epochs, handovers);
  const service = createService({
    chain,
    suite,
    code: own.code,
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
      for (const bytes of store.evidence()) {
        const evidence = decode(codecs.evidence, bytes);
        if (evidence.ok) engine.accuse(evidence.value);
      }
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

function ownOf(chain: Chain, home: NodeHome): Own {
  const { window, term, heartbeatMs, precisionMs, delayMs } = chain.genesis.parameters;
  if (!chain.genesis.members.some(({ code }) => code === home.member))
    throw new ConfigError(`${home.member} is no member of this chain`);
  return {
    code: home.member,
    validatorKey: home.keys.validator.publicKey,
    settings: {
      window,
      term,
      depth: DEPTH,
      maxBatches: MAX_BATCHES,
      maxBytes: MAX_BODIES_BYTES,
      timing: { ...DEFAULT_TIMING, heartbeat: heartbeatMs, precision: precisionMs, delay: delayMs },
    },
  };
}
