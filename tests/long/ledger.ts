import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chain, readGenesis } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { recordsOf } from '../chaos/checks/final.ts';
import { receiptFlaws } from '../chaos/checks/verdicts.ts';
import { type Network, until } from '../end-to-end/network.ts';
import { unwrap } from '../fixtures/builder.ts';
import type { SteadyLoad } from './steady-load.ts';
import type { Trial } from './trial.ts';
import { lost } from './verdicts.ts';

/** Ms that many processes on few processors may take. */
export const PATIENCE_MS = 600_000;

/** What `/v1/network` of a node says, as far as it is read here. */
export interface Where {
  readonly code: string;
  readonly epoch: number;
  readonly votes: boolean;
  readonly leader: string;
  readonly view: number;
  readonly height: number;
  readonly final: number;
  readonly size: number;
  readonly ready: boolean;
}

/** Where a node stands. */
export function whereIs(network: Network, node: number): Promise<Where> {
  return network.json<Where>(node, '/v1/network');
}

/** The chain of a network, from its genesis alone. */
export function chainOf(network: Network): Chain {
  return unwrap(readGenesis(new Uint8Array(readFileSync(join(network.home, 'genesis.cbor'))), nativeSuite));
}

/** Waits until all of these nodes are final where the furthest of them is now. */
export async function level(network: Network, nodes: readonly number[]): Promise<void> {
  const goal = Math.max(
    ...(await Promise.all(nodes.map(async node => (await whereIs(network, node)).final))),
  );
  for (const node of nodes)
    await until(
      async () => (await whereIs(network, node)).final >= goal,
      `node ${node + 1} is final at ${goal}`,
      PATIENCE_MS,
    );
}

/**
 * The load being over: every receipt that was kept verifies with the genesis alone, stands at these nodes in its place, and
 * all of them have one log of the same size.
 */
export async function judgeLedger(
  trial: Trial,
  network: Network,
  load: SteadyLoad,
  nodes: readonly number[],
): Promise<void> {
  trial.verdict(`${load.done} records were acknowledged, none was refused or forgotten`, load.problems);
  const flaws = receiptFlaws(chainOf(network), load.kept);
  trial.verdict(`${load.kept.length} receipts verify with the genesis alone`, flaws);
  await level(network, nodes);
  for (const node of nodes.slice(0, 3)) {
    const records = await recordsOf(network, node, load.publisher);
    trial.verdict(`node ${node + 1} holds every one of them in its place`, lost(records, load.kept));
  }
  const sizes = await Promise.all(nodes.map(async node => (await whereIs(network, node)).size));
  trial.holds(
    `${nodes.length} nodes have one log`,
    new Set(sizes).size === 1,
    `sizes ${[...new Set(sizes)].join(', ')}`,
  );
}

/** Stops all nodes and has these check their homes. */
export async function judgeHomes(trial: Trial, network: Network, nodes: readonly number[]): Promise<void> {
  const homes = nodes.map(node => network.nodes[node]!.home);
  await network.whileRunning('qifeng-node', 'cluster', 'down');
  const unsound: string[] = [];
  for (const home of homes) {
    const { code, out, err } = await network.whileRunning('qifeng-node', 'check', '--home', home);
    if (code !== 0) unsound.push(`${home}: ${code} ${out.slice(-300)} ${err.slice(-300)}`);
  }
  trial.verdict(`${homes.length} homes are sound`, unsound);
}
