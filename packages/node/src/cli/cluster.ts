import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_PARAMETERS } from '@qifeng/core';
import { DEFAULT_CONFIG, type NodeConfig } from '../config/config.ts';
import { type NodeHome, openNodeHome } from '../config/node-home.ts';
import { fault } from './complaints.ts';
import {
  demoPublisherKey,
  makeGenesis,
  memberEntry,
  publisherEntry,
  seedMembers,
  seedPublishers,
} from './genesis-plan.ts';
import { newHome } from './new-home.ts';

/** One line of cluster.json. */
export interface ClusterNode {
  readonly member: string;
  readonly pid: number | null;
  readonly url: string;
  readonly home: string;
}

/** What a node says of itself, or null while it does not answer. */
export interface NodeAnswer {
  readonly code: string;
  /** Genesis hash, hex. */
  readonly genesis: string;
  readonly ready: boolean;
  readonly votes: boolean;
  readonly height: number;
  readonly final: number;
  readonly view: number;
  readonly reason: string | null;
  /** Members whose signatures contradict each other, and where that is recorded. */
  readonly accused: readonly { readonly code: string; readonly record: number | null }[];
  readonly peers: readonly { readonly connected: boolean; readonly final: number | null }[];
}

/**
 * How glibc keeps memory. One heap for all threads: by itself it gives each its own, and under load those of the four that
 * write grew by 70 MB in a quarter of an hour without a byte in use. And what is large apart from it, given back at once:
 * by itself glibc takes ever larger pieces from the heap, as the largest that was freed, and batches of some MB among small
 * buffers left a third of the heap in holes (152 MB where 104 do, both measured). What the environment says otherwise stays.
 */
const ALLOCATOR = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};
/** Ms for a node to get ready after the one before it was: many start at once on few processors. */
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;
const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url),
);

/** The cluster of a home, or null if none was made there. */
export function readCluster(home: string): readonly ClusterNode[] | null {
  const file = join(home, 'cluster.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ClusterNode[]) : null;
}

function writeCluster(home: string, nodes: readonly ClusterNode[]): void {
  const file = join(home, 'cluster.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(nodes, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Ms of processor that a block costs all of `n` nodes together, by `n` squared: each checks the votes of each (measured). */
const BLOCK_COST_MS = 2;

/** Ms after which nodes that share this machine's processors lose patience: four times what a block takes them. */
export function localTimeout(n: number): number {
  const block = (BLOCK_COST_MS * n * n) / availableParallelism();
  return Math.max(DEFAULT_CONFIG.consensus.timeout, Math.min(10_000, Math.ceil(4 * block)));
}

/** Makes a local network of so many validators on loopback: homes, keys, demo publishers, genesis. */
export async function makeCluster(home: string, count: string): Promise<readonly ClusterNode[]> {
  const members = seedMembers();
  const n = Number(count);
  if (!Number.isInteger(n) || n < 1 || n > members.length) throw fault('bad-count', count, members.length);
  mkdirSync(home, { recursive: true });
  const base = await freeBase(n);
  const validators = members.slice(0, n).map((member, i) => {
    const path = join(home, 'nodes', member.code);
    const node = existsSync(path)
      ? openNodeHome(path, {})
      : newHome(path, member.code, {
          ...DEFAULT_CONFIG,
          http: { host: '127.0.0.1', port: base.http + i },
          p2p: { host: '127.0.0.1', port: base.p2p + i },
          admin: { port: base.admin + i },
          consensus: { timeout: localTimeout(n) },
        });
    return { member, node };
  });
  const publishers = seedPublishers().map(publisher =>
    publisherEntry(publisher, [demoPublisherKey(join(home, 'keys'), publisher.id)]),
  );
  const genesis = makeGenesis(
    'Qifeng demo network',
    'demo.qifeng.example',
    members.map(member => {
      const validator = validators.find(one => one.member === member);
      return validator === undefined
        ? memberEntry(member, null, [])
        : memberEntry(member, validator.node, [`/ip4/127.0.0.1/tcp/${validator.node.config.p2p.port}`]);
    }),
    publishers,
    // A header waits for a processor as long.
    { ...DEFAULT_PARAMETERS, delayMs: Math.max(DEFAULT_PARAMETERS.delayMs, localTimeout(n)) },
  );
  for (const { node } of validators) writeFileSync(join(node.path, 'genesis.cbor'), genesis);
  writeFileSync(join(home, 'default-key'), `${seedPublishers()[0]!.id}\n`);
  const nodes = validators.map(({ node }) => stoppedNode(node));
  writeCluster(home, nodes);
  // Last: a home with a genesis is whole.
  writeFileSync(join(home, 'genesis.cbor'), genesis);
  return nodes;
}

/** The line of cluster.json of a node that does not run. */
function stoppedNode({ member, config, path }: NodeHome): ClusterNode {
  return { member, pid: null, url: `http://127.0.0.1:${config.http.port}`, home: path };
}

/** Adds nodes to the cluster of a home, not started; those that are there already stay as they are. */
export function addNodes(home: string, added: readonly NodeHome[]): void {
  const nodes = clusterOf(home);
  const fresh = added.filter(({ member }) => !nodes.some(node => node.member === member));
  const lines = fresh.map(stoppedNode);
  writeCluster(
    home,
    [...nodes, ...lines].sort((a, b) => (a.member < b.member ? -1 : 1)),
  );
}

/** Free ports on loopback for so many more nodes of a home: those after the highest in use. */
export async function freePorts(
  home: string,
  count: number,
): Promise<readonly Pick<NodeConfig, 'http' | 'p2p' | 'admin'>[]> {
  const configs = clusterOf(home).map(node => openNodeHome(node.home, {}).config);
  const found: Pick<NodeConfig, 'http' | 'p2p' | 'admin'>[] = [];
  let http = Math.max(...configs.map(one => one.http.port));
  let p2p = Math.max(...configs.map(one => one.p2p.port));
  // A network of an earlier release has none yet: they lie above those for p2p.
  let admin = Math.max(...configs.map(one => one.admin.port || one.p2p.port + 100));
  while (found.length < count) {
    http++;
    p2p++;
    admin++;
    if (Math.max(http, p2p, admin) > 65_000) throw fault('no-free-ports');
    if (!(await isFree(http)) || !(await isFree(p2p)) || !(await isFree(admin))) continue;
    const host = '127.0.0.1';
    found.push({ http: { host, port: http }, p2p: { host, port: p2p }, admin: { port: admin } });
  }
  return found;
}

/** Starts the nodes that do not run, or those named, and waits until they answer. */
export async function startNodes(
  home: string,
  which: readonly string[] | null,
): Promise<readonly ClusterNode[]> {
  const nodes = clusterOf(home).map(node => {
    if ((which !== null && !which.includes(node.member)) || isAlive(node.pid)) return node;
    const out = openSync(join(node.home, 'node.log'), 'a');
    const child = spawn(process.execPath, [...process.execArgv, MAIN, 'start', '--home', node.home], {
      detached: true,
      stdio: ['ignore', out, out],
      env: { ...ALLOCATOR, ...process.env },
    });
    child.unref();
    return { ...node, pid: child.pid ?? null };
  });
  writeCluster(home, nodes);
  return nodes;
}

/** Waits until all of these nodes are ready; a node that died or is not ready in time is an error, with `why`. */
export async function untilReady(
  nodes: readonly ClusterNode[],
  why: (answer: NodeAnswer | null) => string,
): Promise<void> {
  for (const node of nodes) {
    const end = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const answer = await askNode(node);
      if (answer?.ready === true) break;
      const log = join(node.home, 'node.log');
      if (!isAlive(node.pid)) throw fault('node-ended', node.member, log);
      if (Date.now() > end) throw fault('not-ready', node.member, why(answer), log);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}

/** Stops nodes and waits for their end; all, or those named. */
export async function stopNodes(home: string, which: readonly string[] | null): Promise<void> {
  const nodes = clusterOf(home);
  const stopping = nodes.filter(node => which === null || which.includes(node.member));
  for (const { pid } of stopping) if (isAlive(pid)) process.kill(pid!, 'SIGTERM');
  const end = Date.now() + STOP_WITHIN_MS;
  for (const { pid } of stopping) {
    while (isAlive(pid)) {
      if (Date.now() > end) process.kill(pid!, 'SIGKILL');
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
  writeCluster(
    home,
    nodes.map(node => (stopping.includes(node) ? { ...node, pid: null } : node)),
  );
}

/** The cluster of a home. Throws if there is none. */
export function clusterOf(home: string): readonly ClusterNode[] {
  const nodes = readCluster(home);
  if (nodes === null) throw fault('no-cluster', home);
  return nodes;
}

/** The member a person means by a number from 1 or a code. */
export function memberNamed(nodes: readonly ClusterNode[], name: string): string {
  const node = nodes.find(one => one.member === name) ?? nodes[Number(name) - 1];
  if (node === undefined) throw fault('no-node', name, nodes.length);
  return node.member;
}

/** True iff a process with this id runs; a zombie does not. */
export function isAlive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A killed process that nobody has waited for still takes signals: its state says that it is gone.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}

/** Asks a node where it stands. What answers at its address may be another network's: then it did not answer. */
export async function askNode({ url, member, home }: ClusterNode): Promise<NodeAnswer | null> {
  try {
    const response = await fetch(`${url}/v1/network`, { signal: AbortSignal.timeout(2_000) });
    const answer = (await response.json()) as NodeAnswer;
    const genesis = createHash('sha256')
      .update(readFileSync(join(home, 'genesis.cbor')))
      .digest('hex');
    return answer.code === member && answer.genesis === genesis ? answer : null;
  } catch {
    return null;
  }
}

/**
 * The first base at which every port is free: HTTP 8101+i, p2p 8201+i, administration 8301+i; a busy one moves all. The port
 * below the first is held until this process ends, when the nodes listen: another network made meanwhile goes elsewhere.
 */
async function freeBase(n: number): Promise<{ http: number; p2p: number; admin: number }> {
  for (let shift = 0; shift < 50; shift++) {
    const claim = await listenOn(8100 + 1000 * shift);
    if (claim === null) continue;
    const base = { http: 8101 + 1000 * shift, p2p: 8201 + 1000 * shift, admin: 8301 + 1000 * shift };
    const ports = Array.from({ length: n }, (_, i) => [base.http + i, base.p2p + i, base.admin + i]).flat();
    const free = await Promise.all(ports.map(isFree));
    if (free.every(one => one)) {
      claim.unref();
      return base;
    }
    claim.close();
  }
  throw fault('no-free-ports');
}

async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  return new Promise(resolve => (server === null ? resolve(false) : server.close(() => resolve(true))));
}

/** A server at a port of loopback, or null if another has it. */
function listenOn(port: number): Promise<Server | null> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
