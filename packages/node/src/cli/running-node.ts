import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Chain } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeHome } from '../config/node-home.ts';
import { type Administration, administer } from '../http/administration.ts';
import { createHttpServer } from '../http/server.ts';
import { readSite, type Site } from '../http/site.ts';
import { mempoolLimits } from '../mempool/limits.ts';
import { nodeMetrics } from '../metrics/node-metrics.ts';
import { createRegistry } from '../metrics/registry.ts';
import { transportMetrics } from '../metrics/transport-metrics.ts';
import { assembleNode, type Log, loadChain } from '../node.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { openGuardFile } from '../storage/file-guard.ts';
import { openFileLog } from '../storage/file-log.ts';
import { openLevelStore } from '../storage/level-store.ts';
import { openSnapshotStore } from '../storage/snapshot-store.ts';
import { dropIncoming, incomingOf, switchStore } from '../storage/store-switch.ts';
import { createLibp2pTransport } from '../transport/libp2p-transport.ts';
import { createVerificationPool } from '../verification/pool.ts';
import { carryOver } from './carry-over.ts';
import { ownOf } from './own.ts';

/** A node that runs. */
export interface RunningNode {
  /** Base URL of the public API. */
  readonly url: string;
  stop(): Promise<void>;
}

/** One life of a node on one store. */
interface Life extends RunningNode {
  /** Ends it, and hands what it alone holds to the store that takes the place of its own. */
  giveWay(): Promise<void>;
  /** Members that it does not talk to from now on. */
  cutOff(members: readonly string[]): void;
}

/** What outlives the stores of a node. */
interface Surroundings {
  readonly home: NodeHome;
  readonly chain: Chain;
  readonly pool: VerificationPool;
  readonly log: Log;
  readonly fatal: (error: unknown) => void;
}

/**
 * Opens what a home holds and runs a node with its HTTP interface. When it has fetched a snapshot it begins again on the
 * store made from that, as a process that is started again would.
 */
export async function startNode(
  home: NodeHome,
  log: Log,
  fatal: (error: unknown) => void,
): Promise<RunningNode> {
  const chain = loadChain(join(home.path, 'genesis.cbor'), nativeSuite);
  const pool = createVerificationPool();
  const surroundings: Surroundings = { home, chain, pool, log, fatal };
  dropIncoming(home.db);
  let stopped = false;
  let cut: readonly string[] = [];
  let turn: Promise<void> = Promise.resolve();
  const adopted = (height: number): void => {
    turn = turn
      .then(async () => {
        if (stopped) return;
        const { port } = new URL(life.url);
        await life.giveWay();
        log('info', 'snapshot-adopted', { height });
        life = await live(surroundings, Number(port), adopted);
        life.cutOff(cut);
      })
      .catch(fatal);
  };
  let life = await live(surroundings, home.config.http.port, adopted);
  const administered = {
    cut: () => cut,
    cutOff: (members: readonly string[]): void => {
      cut = members;
      log('warn', 'partition', { cut });
      life.cutOff(cut);
    },
  };
  const { port } = home.config.admin;
  const administration: Administration | null = port === 0 ? null : await administer(administered, port);
  return {
    url: life.url,
    stop: async () => {
      stopped = true;
      await administration?.close();
      await turn;
      await life.stop();
      await pool.close();
      log('info', 'stopped', { member: home.member });
    },
  };
}

async function live(
  { home, chain, pool, log, fatal }: Surroundings,
  port: number,
  adopted: (height: number) => void,
): Promise<Life> {
  const suite = nativeSuite;
  const store = await openLevelStore(home.db, { cacheBytes: home.config.store.cache * 1024 * 1024 });
  const wal = await openFileLog(home.wal);
  const transport = createLibp2pTransport({
    me: home.member,
    // The engine names them once it knows the state.
    members: [],
    privateKey: home.keys.p2p.seed,
    listen: [`/ip4/${home.config.p2p.host}/tcp/${home.config.p2p.port}`],
    genesisHash: chain.hash,
    log: event => log('debug', 'transport', { ...event }),
  });
  const { interval, distance } = home.config.snapshot;
  const node = await assembleNode({
    chain,
    suite,
    own: ownOf(chain, home),
    keys: home.keys,
    store,
    wal,
    guard: openGuardFile(home.guard),
    transport,
    pool,
    limits: mempoolLimits(home.config.limits),
    snapshots: {
      interval,
      fetching: { distance, open: () => openSnapshotStore(incomingOf(home.db)), adopted },
    },
    log,
    fatal,
  });
  const registry = createRegistry();
  nodeMetrics(registry, node.service);
  transportMetrics(registry, transport.counters, node.refusedFrames);
  const http = createHttpServer({
    service: node.service,
    registry,
    log: { error: (fields, message) => log('error', message, fields) },
    site: webPages(log),
  });
  await node.start();
  const url = await http.listen(home.config.http.host, port);
  log('info', 'started', { member: home.member, url, height: store.head()?.header.height ?? 0 });
  const stop = async (): Promise<void> => {
    await http.close();
    await node.stop();
    await wal.close();
  };
  return {
    url,
    cutOff: members => transport.cutOff(members),
    stop: async () => {
      await stop();
      await store.close();
    },
    giveWay: async () => {
      await stop();
      await carryOver(store, incomingOf(home.db), chain, suite);
      await store.close();
      await switchStore(home.db);
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
