import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { faultsTolerated } from '@qifeng/core';
import { median } from '../../bench/measure.ts';
import { seedDocuments } from '../../scripts/seed-documents.mjs';
import { receiptFlaws } from '../chaos/checks/verdicts.ts';
import { type Network, until } from '../end-to-end/network.ts';
import { chainOf, judgeHomes, judgeLedger, level, PATIENCE_MS, whereIs } from './ledger.ts';
import { memoryOf } from './processes.ts';
import { SteadyLoad } from './steady-load.ts';
import { type Trial, timed } from './trial.ts';

/** Ms and blocks for which time per block is measured at least, with one record at a time and with batches. */
const MEASURED_MS = 20_000;
const MEASURED_BLOCKS = 10;
const BATCH = 100;
const BATCH_CLIENTS = 8;
/** Records a second while nodes are lost and come back, and how many have to become final meanwhile. */
const RATE = 5;
const RECORDS = 40;

/** A network of all provinces: it comes up, records the seeds, loses as many nodes as may fail, and takes them back. */
export async function provinces(trial: Trial, network: Network, n: number): Promise<void> {
  trial.say(`qifeng-node cluster up -n ${n}`);
  const { value: up, ms } = await timed(() =>
    network.whileRunning('qifeng-node', 'cluster', 'up', '-n', String(n)),
  );
  trial.holds(`${n} nodes come up, in ${seconds(ms)}`, up.code === 0, `${up.code} ${up.err.slice(-500)}`);
  const all = network.nodes.map((_, node) => node);
  await level(network, all);
  sayMemory(trial, network, 'idle');
  await recordSeeds(trial, network);
  await timeBlocks(trial, network);
  sayMemory(trial, network, 'after load');
  await loseAndTakeBack(trial, network, all);
  verifySeeds(trial, network);
  // The first stayed, or led and was killed; the last was killed.
  await judgeHomes(trial, network, [0, 1, n - 1]);
}

function sayMemory(trial: Trial, network: Network, when: string): void {
  const pids = network.nodes.flatMap(({ pid }) => pid ?? []);
  const { rss, pss } = memoryOf(pids);
  const each = (mb: number): string => `${mb.toFixed(0)} MB, ${(mb / pids.length).toFixed(0)} a node`;
  trial.say(
    `memory of ${pids.length} nodes, ${when}: resident ${each(rss)}; shared counted once ${each(pss)}`,
  );
}

async function recordSeeds(trial: Trial, network: Network): Promise<void> {
  mkdirSync(join(network.home, 'receipts'));
  const start = performance.now();
  const problems: string[] = [];
  const documents = seedDocuments();
  for (const { file, issuer, meta } of documents) {
    const key = join(network.home, 'keys', `${issuer}.pem`);
    const args = [file, '--key', key, '--receipts', join(network.home, 'receipts'), ...meta];
    const { code, err } = await network.whileRunning('qifeng', 'stamp', ...args);
    if (code !== 0) problems.push(`${file}: ${code} ${err.slice(-300)}`);
  }
  const took = performance.now() - start;
  trial.verdict(
    `${documents.length} seed documents are recorded, ${seconds(took / documents.length)} each`,
    problems,
  );
  verifySeeds(trial, network);
}

function verifySeeds(trial: Trial, network: Network): void {
  const files = seedDocuments().map(({ file }) => file);
  const receipts = ['--receipts', join(network.home, 'receipts'), '--offline'];
  const { code, out } = network.run('qifeng', 'verify', ...files, ...receipts);
  trial.holds(`${files.length} seed documents verify offline`, code === 0, `${code} ${out.slice(-500)}`);
}

async function timeBlocks(trial: Trial, network: Network): Promise<void> {
  const urls = network.nodes.map(({ url }) => url);
  const measure = async (what: string, workers: number, entries: number): Promise<void> => {
    const plan = { rate: Number.POSITIVE_INFINITY, workers, entries, keepEvery: entries };
    const load = new SteadyLoad(network, () => urls, plan);
    await pause(MEASURED_MS);
    await until(() => load.blocks.size > MEASURED_BLOCKS, `${MEASURED_BLOCKS} blocks`, PATIENCE_MS);
    await load.stop();
    sayBlocks(trial, what, load);
    const flaws = receiptFlaws(chainOf(network), load.kept);
    trial.verdict(`${what}: all are final, ${load.kept.length} receipts verify`, [
      ...load.problems,
      ...flaws,
    ]);
  };
  await measure('one record at a time', 1, 1);
  await measure(`${BATCH_CLIENTS} clients with ${BATCH} records under one signature`, BATCH_CLIENTS, BATCH);
}

/**
 * Time per block from the receipts alone: from the first of the first block to the first of the last. It is a mean: a leader
 * that is given up costs as much as many blocks, so that it can be far above the median of the receipts.
 */
function sayBlocks(trial: Trial, what: string, load: SteadyLoad): void {
  const latencies = load.takeLatencies();
  const heights = [...load.blocks.keys()].toSorted((a, b) => a - b);
  const [first, last] = [heights[0]!, heights.at(-1)!];
  const ms = (load.blocks.get(last)! - load.blocks.get(first)!) / (last - first);
  const records = load.done / heights.length;
  const [p50, most] = [median(latencies), Math.max(...latencies)];
  trial.say(
    `${what}: ${ms.toFixed(0)} ms a block on average, ${records.toFixed(1)} records a block, ` +
      `${((records * 1000) / ms).toFixed(1)} records/s, receipt after ${p50.toFixed(0)} ms (p50), ${most.toFixed(0)} ms (most); ` +
      `${load.again} times sent again`,
  );
}

async function loseAndTakeBack(trial: Trial, network: Network, all: readonly number[]): Promise<void> {
  const { leader } = await whereIs(network, 0);
  const codes = network.nodes.map(({ member }) => member);
  const count = faultsTolerated(codes.length);
  // The leader among them: the others need a view change first.
  const others = codes.filter(code => code !== leader);
  const victims = [leader, ...others.slice(others.length - count + 1)];
  const staying = network.nodes.filter(({ member }) => !victims.includes(member)).map(({ url }) => url);
  const load = new SteadyLoad(network, () => staying, { rate: RATE, workers: 4 * RATE, keepEvery: 1 });
  await until(() => load.done >= RECORDS, `${RECORDS} records before`, PATIENCE_MS);

  trial.say(`kill -9 of ${victims.length} nodes, the leader among them`);
  for (const victim of victims) network.kill(victim);
  const before = load.done;
  const { ms } = await timed(() => until(() => load.done > before + RATE, 'records go on', PATIENCE_MS));
  trial.say(`${RATE + 1} more records final ${seconds(ms)} after the kill`);
  await until(() => load.done >= before + RECORDS, `${RECORDS} records without them`, PATIENCE_MS);
  trial.holds(
    `records go on without ${victims.length} of ${codes.length}`,
    load.problems.length === 0,
    load.problems.join('; '),
  );

  trial.say('they come back');
  const back = await timed(async () => {
    await network.whileRunning('qifeng-node', 'cluster', 'up');
    await level(network, all);
  });
  trial.say(`all ${codes.length} caught up ${seconds(back.ms)} after their start`);
  await pause(1_000);
  await load.stop();
  await judgeLedger(trial, network, load, all);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
