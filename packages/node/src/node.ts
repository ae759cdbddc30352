import { readFileSync } from 'node:fs';
import {
  type Chain,
  decode,
  edgeFromTiles,
  emptyEdge,
  encode,
  type Header,
  readGenesis,
  type Suite,
} from '@qifeng/core';
import { wouldRefuse } from '@qifeng/core/execution';
import { ConfigError, DEFAULT_CONFIG } from './config/config.ts';
import type { NodeKeys } from './config/node-home.ts';
import { namedBatches } from './consensus/chain.ts';
import { heldAccusations } from './engine/accusations.ts';
import { applyBlock, genesisWrite, stateView } from './engine/apply.ts';
import { Engine } from './engine/engine.ts';
import type { Result } from './engine/engine-parts.ts';
import { epochsOf, type Own } from './engine/epochs.ts';
import { handoverKeeper } from './engine/handover-keeper.ts';
import { LogLines } from './engine/log-lines.ts';
import { createNotary } from './engine/receipts.ts';
import { createService, type LocalService } from './engine/service.ts';
import { type SnapshotFetching, snapshotExchange } from './engine/snapshot/exchange.ts';
import { wireCodecs } from './engine/wire/codecs.ts';
import { sharerOf } from './limits/sharer.ts';
import { type Batch, readBatch } from './mempool/batch.ts';
import { Bodies } from './mempool/bodies.ts';
import type { MempoolLimits } from './mempool/limits.ts';
import { Mempool } from './mempool/mempool.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { GuardFile, WriteAheadLog } from './ports/log.ts';
import type { Transport } from './ports/transport.ts';
import type { VerificationPool } from './ports/verification.ts';

/** Ms between looks at what is overdue. */
const TEND_MS = 1_000;

/** A line of the node's log: what happened, and its circumstances. */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  event: string,
  fields?: Record<string, unknown>,
) => void;

/** The genesis of a home: its own `genesis.cbor`. Throws ConfigError with what to do. */
export function loadChain(file: string, suite: Suite): Chain {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new ConfigError(`cannot read the genesis ${file}: ${(error as Error).message}`);
  }
  const chain = readGenesis(bytes, suite);
  if (!chain.ok)
    throw new ConfigError(
      `${file} is no genesis that this release reads: ${chain.fault.code}: ${chain.fault.detail}`,
    );
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
  /** Which snapshots it gives and fetches; without, it gives some and fetches none. */
  readonly snapshots?: { readonly interval: number; readonly fetching: SnapshotFetching | null };
  readonly log: Log;
  readonly fatal: (error: unknown) => void;
}

/** A validator put together; `start` recovers what the store and logs hold and joins the others. */
export interface AssembledNode {
  readonly service: LocalService;
  /** Frames of each member that nobody honest sends. */
  refusedFrames(): ReadonlyMap<string, number>;
  start(): Promise<void>;
  stop(): Promise<void>;
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
    if (applied.dropped.length > 0) {
      const { refusal } = applied.dropped[0]!;
      log('warn', 'submissions-dropped', {
        height: header.height,
        count: applied.dropped.length,
        first: refusal.code,
      });
    }
    edge = applied.edge;
    await handovers.keep();
    await snapshots.executed();
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
    expired: digests => {
      for (const digest of digests) engine.forget(digest);
      return bodies.drop(digests, () => namedBatches(engine.state!));
    },
  });

  const { interval, fetching } = parts.snapshots ?? { ...DEFAULT_CONFIG.snapshot, fetching: null };
  const snapshots = snapshotExchange({
    chain,
    suite,
    codecs,
    store,
    epochs,
    handovers,
    interval,
    fetching,
    connected: () => transport.connected(),
    send: (member, frame) => engine.send(member, frame),
    learn: certificate => engine.learn(certificate),
    epoch: () => engine.state?.config.epoch ?? 0,
    log,
    fatal,
  });
  const lines = new LogLines({
    chain,
    suite,
    signer: keys.log,
    ledger: store,
    epochs,
    connected: () => transport.connected(),
    send: (member, frame) => engine.send(member, frame),
    log,
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
    onMissing: height => log('warn', 'body-missing', { height }),
    onFinal: async certificate => {
      await store.putCertificate(certificate.height, encode(codecs.checkpointCertificate, certificate));
      service.settle();
      snapshots.certified();
    },
    keeps: (batch, from) => {
      const sharers = new Set(epochs.contacts().map(({ code }) => sharerOf(code)));
      return mempool.keeps(batch, sharerOf(from), sharers.size);
    },
    onBatch: (batch, from) => mempool.add(batch, { member: sharerOf(from) }),
    onEpoch: epoch => {
      log('info', 'epoch', { epoch, validators: epochs.set(epoch)!.validators.map(({ code }) => code) });
      for (const batch of mempool.waiting()) engine.offer(batch);
    },
    onAsks: ({ epoch, view, leader, reason }) => {
      const member = epochs.set(epoch)?.validators[leader]?.code ?? '';
      log('warn', 'view-asked', { epoch, view, leader: member, reason });
    },
    onEvidence: evidence => {
      const { epoch, signer } = evidence.first;
      const member = epochs.set(epoch)?.validators[signer]?.code ?? '';
      log('error', 'evidence', { member, epoch, height: evidence.first.height, kind: evidence.type });
      store.putEvidence(epoch, signer, encode(codecs.evidence, evidence)).catch(fatal);
    },
    onAmnesia: reason => log('error', 'amnesia', { reason }),
    snapshots,
    onLogLine: (member, frame) => lines.onFrame(member, frame),
    fatal,
  });

  const notary = createNotary(chain, suite, codecs, lines, store, bodies, epochs, handovers);
  const service = createService({
    chain,
    suite,
    code: own.code,
    ledger: store,
    mempool,
    notary,
    evidence: epoch => heldAccusations(store, codecs, epochs, epoch),
    state: () => engine.state,
    connected: () => transport.connected(),
    hasHeard: member => engine.hasHeard(member),
  });
  let tending: NodeJS.Timeout | null = null;
  return {
    service,
    refusedFrames: () => engine.refused,
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
      tending = setInterval(() => mempool.tend().catch(fatal), TEND_MS);
    },
    stop: async () => {
      if (tending !== null) clearInterval(tending);
      lines.stop();
      await engine.stop();
      snapshots.stop();
    },
  };
}
