import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { encode, leafCodec, receiptVerifier } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { percentile } from '../../bench/measure.ts';
import { type Network, type NetworkNode, until } from '../end-to-end/network.ts';
import { Publisher } from '../end-to-end/publisher.ts';
import { blockBytes, loggedBytes, recordBytes } from './cost.ts';
import { chainOf, judgeHomes, judgeLedger } from './ledger.ts';
import { bytesIn, descriptorsOf, metricIn, ownMb } from './processes.ts';
import { atMost } from './saturation.ts';
import { SteadyLoad } from './steady-load.ts';
import type { Trial } from './trial.ts';
import {
  descriptorFlaws,
  heapFlaws,
  type Leg,
  logFlaws,
  memoryFlaws,
  rateFlaws,
  type Sample,
  SOAK_SHARE,
  storeFlaws,
  warm,
} from './verdicts.ts';

/** How long a rate is held before it is measured again what can be carried: that falls as the ledger grows. */
const LEG_MS = 5 * 60_000;
/** How long what was under way at saturation has to become final before records count. */
const SETTLE_MS = 5_000;
/** Records under way at most: above what half of saturation has, so that a pause is made up for. */
const WORKERS = 400;
const SAMPLE_MS = 10_000;
/** One receipt in so many is kept and verified. */
const KEEP_EVERY = 200;
/** Samples of which one line is printed. */
const TOLD = 6;

/** Half of what a network of four can carry, for so many minutes; then what its processes held meanwhile is judged. */
export async function soak(trial: Trial, network: Network, minutes: number): Promise<void> {
  network.up(4);
  const cost = await costs(network);
  const urls = network.nodes.map(({ url }) => url);
  const rate = Number.POSITIVE_INFINITY;
  const load = new SteadyLoad(network, () => urls, { rate, workers: WORKERS, keepEvery: KEEP_EVERY });
  const series: Sample[][] = network.nodes.map(() => []);
  const legs: Leg[] = [];
  const begun = performance.now();
  let before = await atMost(trial, load);
  for (let left = minutes * 60_000; left > 0; left -= LEG_MS) {
    load.rate = SOAK_SHARE * before;
    trial.say(`${load.rate.toFixed(0)} records/s are wanted`);
    await pause(SETTLE_MS);
    const [done, start] = [load.done, performance.now()];
    const end = start + Math.min(left, LEG_MS);
    for (let count = 0; performance.now() < end; count++) {
      const at = (performance.now() - begun) / 1000;
      const samples = await Promise.all(network.nodes.map(node => sample(node, at)));
      for (const [i, one] of samples.entries()) series[i]!.push(one);
      if (count % TOLD === 0) trial.say(told(samples, load));
      await pause(Math.max(0, Math.min(SAMPLE_MS, end - performance.now())));
    }
    const made = ((load.done - done) * 1000) / (performance.now() - start);
    const after = await atMost(trial, load);
    legs.push({ before, after, made });
    before = after;
  }
  await load.stop();
  const held = legs.map(({ before, made }) => `${made.toFixed(0)} of ${(SOAK_SHARE * before).toFixed(0)}`);
  trial.verdict(`half of what can be carried was made: ${held.join(', ')} records/s`, rateFlaws(legs));
  for (const [i, samples] of series.entries()) judgeNode(trial, i + 1, samples, cost);
  await judgeLedger(trial, network, load, [0, 1, 2, 3]);
  await judgeHomes(trial, network, [0]);
}

/** What a record, a block of one, and a block in the log cost, from the lengths of a real record. */
async function costs(network: Network): Promise<Costs> {
  const publisher = new Publisher(network);
  const document = new Uint8Array(64);
  const wire = publisher.sign(document);
  await until(async () => {
    publisher.remember(await publisher.post(0, wire), document);
    return publisher.acknowledged.length > 0;
  }, 'a record to measure');
  const verify = receiptVerifier({ chain: chainOf(network), suite: nativeSuite });
  const verified = verify(new TextEncoder().encode(publisher.acknowledged[0]!.proof), null);
  if (!verified.ok) throw new Error(verified.fault.detail);
  const { leaf } = verified.value;
  const { profile, subject } = leaf.entry.value;
  const name = [profile, subject.issuer, subject.id].join(' ').length;
  const n = network.nodes.length;
  return {
    record: recordBytes(wire.length, encode(leafCodec, leaf).length, name),
    block: blockBytes(n, n, 1),
    logged: loggedBytes(n, n),
  };
}

interface Costs {
  readonly record: number;
  readonly block: number;
  readonly logged: number;
}

async function sample({ pid, url, home }: NetworkNode, at: number): Promise<Sample> {
  const response = await fetch(`${url}/metrics`);
  const metrics = await response.text();
  return {
    at,
    memory: ownMb(pid!),
    heap: metricIn(metrics, 'qifeng_nodejs_heap_size_used_bytes') / 1024 / 1024,
    external: metricIn(metrics, 'qifeng_nodejs_external_memory_bytes') / 1024 / 1024,
    descriptors: descriptorsOf(pid!),
    db: bytesIn(join(home, 'db')),
    wal: bytesIn(join(home, 'wal')),
    records: metricIn(metrics, 'qifeng_ledger_log_records'),
    blocks: metricIn(metrics, 'qifeng_ledger_final_blocks'),
  };
}

function told(samples: readonly Sample[], load: SteadyLoad): string {
  const of = (value: (one: Sample) => number): string => samples.map(one => value(one).toFixed(0)).join(' ');
  const MIB = 1024 * 1024;
  const latencies = load.takeLatencies();
  const late = latencies.length === 0 ? '' : `, p99 ${percentile(latencies, 0.99).toFixed(0)} ms`;
  return (
    `${load.done} records${late}; MB ${of(one => one.memory)}, heap ${of(one => one.heap)}, ` +
    `held outside it ${of(one => one.external)}, descriptors ${of(one => one.descriptors)}, store MiB ${of(one => one.db / MIB)}, log KiB ${of(one => one.wal / 1024)}`
  );
}

function judgeNode(trial: Trial, number: number, samples: readonly Sample[], cost: Costs): void {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const late = warm(samples);
  if (late === null) trial.say(`node ${number}: too short to judge memory and descriptors`);
  else {
    const peak = Math.max(...late.map(({ memory }) => memory));
    trial.verdict(`node ${number}: memory is flat, at most ${peak.toFixed(0)} MB`, memoryFlaws(late));
    trial.verdict(`node ${number}: the floor of what JavaScript holds does not rise`, heapFlaws(late));
    trial.verdict(
      `node ${number}: descriptors are given back, ${last.descriptors} are open`,
      descriptorFlaws(late),
    );
  }
  const wal = Math.max(...samples.map(one => one.wal));
  const records = last.records - first.records;
  const grown = (last.db - first.db) / records;
  const computed = cost.record + (cost.block * (last.blocks - first.blocks)) / records;
  trial.verdict(
    `node ${number}: the store grew by ${grown.toFixed(0)} bytes a record, computed ${computed.toFixed(0)}`,
    storeFlaws(samples, cost),
  );
  trial.verdict(
    `node ${number}: the write-ahead log had at most ${(wal / 1024).toFixed(0)} KiB`,
    logFlaws(samples, cost.logged),
  );
}
