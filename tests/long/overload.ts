import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { MAX_BODIES_BYTES } from '@qifeng/core';
import { median, percentile } from '../../bench/measure.ts';
import { DEFAULT_CONFIG } from '../../packages/node/src/config/config.ts';
import { DEFAULT_LIMITS } from '../../packages/node/src/http/limits.ts';
import { KEPT_BYTES } from '../../packages/node/src/mempool/bodies.ts';
import { weightOf } from '../../packages/node/src/mempool/limits.ts';
import { QUEUE_LIMITS } from '../../packages/node/src/transport/outbox.ts';
import { type Network, until } from '../end-to-end/network.ts';
import { Publisher } from '../end-to-end/publisher.ts';
import { Flood } from './flood.ts';
import { judgeHomes, judgeLedger, PATIENCE_MS, whereIs } from './ledger.ts';
import { metricIn, ownMb } from './processes.ts';
import { saturation } from './saturation.ts';
import { SteadyLoad } from './steady-load.ts';
import type { Trial } from './trial.ts';
import { offerFlaws, refusalFlaws, slowFlaws } from './verdicts.ts';

/**
 * Records under one signature. A network carries few such submissions a second, so that the same two processors can really
 * send ten times as many beside it, and it can refuse them.
 */
const ENTRIES = 100;
/** How many times saturation is sent: more than the ten that are wanted, as saturation is measured with some error. */
const TIMES = 12;
/** Clients: more at each node than it has places for requests, so that one that is slow to answer is sent to all the same. */
const CLIENTS = 3_200;
/** Clients beside the flood that wait for their receipts. */
const WAITING = 16;
/** Ms that a submission made ahead lives. */
const LIFE_MS = 3_600_000;
/** Share of saturation at which records go on: refusing, and making the flood, takes a part of the same two processors. */
const LEAST_SHARE = 0.5;
/** How many times its bytes a parsed batch takes, as `mempool/bodies.ts` says. */
const PARSED = 5;
const SAMPLE_MS = 1_000;
/** How long memory is looked at once all that was taken in is final. */
const AFTER_MS = 20_000;
/** What memory may differ by that neither falls nor rises. */
const FLAT = 1.05;
const MIB = 1024 * 1024;

/**
 * MB that a node may have beside what it has at rest: all that its limits let wait, twice, as what was let go stays until
 * it is collected. Submissions of all members, bodies of requests under way, batches kept parsed, those of the block that is
 * executed, what waits for each other member, and the cache.
 */
function roomMb(peers: number): number {
  const waiting = 2 * DEFAULT_CONFIG.limits.pending;
  const bodies = DEFAULT_LIMITS.bodyBytes / MIB;
  const queues = (peers * (QUEUE_LIMITS.votes + QUEUE_LIMITS.bulk)) / MIB;
  const batches = (PARSED * (KEPT_BYTES + MAX_BODIES_BYTES)) / MIB;
  return 2 * (waiting + bodies + batches + queues + DEFAULT_CONFIG.store.cache);
}

/** Four nodes are offered ten times what they can carry for so many minutes; then they have to be as before. */
export async function overload(trial: Trial, network: Network, minutes: number): Promise<void> {
  network.up(4);
  const urls = network.nodes.map(({ url }) => url);
  const memory = (): readonly number[] => network.nodes.map(({ pid }) => ownMb(pid!));
  const idle = memory();
  const most = (await saturation(trial, network, ENTRIES)) / ENTRIES;
  const blocks = async (): Promise<number> =>
    metricIn(await network.text(0, '/metrics'), 'qifeng_ledger_final_blocks');

  const publisher = new Publisher(network);
  const sign = (): Uint8Array =>
    publisher.signAll(
      Array.from({ length: ENTRIES }, () => publisher.entry(new Uint8Array(randomBytes(64)))),
      { expires: Date.now() + LIFE_MS },
    );
  const bytes = sign().length;
  const room = (2 * DEFAULT_CONFIG.limits.pending * MIB) / weightOf(bytes, ENTRIES);
  const wires = Array.from({ length: Math.ceil(room + CLIENTS + 2 * most * minutes * 60) }, sign);
  const flood = new Flood(urls, CLIENTS, wires);
  await flood.connect();
  const { size, view } = await whereIs(network, 0);
  const before = { size, view, blocks: await blocks(), at: performance.now() };
  trial.say(
    `${(TIMES * most).toFixed(0)} submissions/s of ${ENTRIES} records and ${bytes} bytes for ${minutes} minutes, ${wires.length} signed ahead`,
  );
  const load = new SteadyLoad(network, () => urls, {
    rate: Number.POSITIVE_INFINITY,
    workers: WAITING,
    entries: ENTRIES,
    keepEvery: ENTRIES,
    giveUpMs: PATIENCE_MS,
  });
  const peaks = [...idle];
  const look = (): void => {
    for (const [i, mb] of memory().entries()) peaks[i] = Math.max(peaks[i]!, mb);
  };
  const watch = setInterval(look, SAMPLE_MS);
  await flood.run(TIMES * most, minutes * 60_000);
  const seconds = (performance.now() - before.at) / 1000;
  const now = await whereIs(network, 0);
  const made = (now.size - before.size) / ENTRIES / seconds;
  const blockMs = (seconds * 1000) / ((await blocks()) - before.blocks);
  const waited = load.takeLatencies();
  await load.stop();

  const { offered, taken, late, broken, dry, refusals } = flood;
  const sent = offered / flood.seconds;
  const each = (count: number): string => `${(count / flood.seconds).toFixed(1)}/s`;
  trial.say(
    `taken in ${each(taken)}, refused ${each(refusals.length)}; ${late} more were due while every client waited; ` +
      `${blockMs.toFixed(0)} ms a block, ${now.view - before.view} changes of the view, ` +
      `receipts after ${waited.length === 0 ? 'more than all of it' : `${median(waited).toFixed(0)} ms (p50)`}`,
  );
  trial.verdict(
    `${sent.toFixed(1)} submissions/s were sent, ${(sent / most).toFixed(1)} times saturation`,
    offerFlaws(sent, [most, made]),
  );
  trial.holds('there was always more to offer', dry === 0, `${dry} times nothing was left`);
  trial.verdict(`${refusals.length} refusals say when to come again`, refusalFlaws(refusals));
  trial.holds('no connection was broken off', broken === 0, `${broken} were`);
  const times = refusals.map(({ ms }) => ms);
  trial.verdict(
    `half of the refusals took less than ${median(times).toFixed(0)} ms, 99 in 100 less than ${percentile(times, 0.99).toFixed(0)} ms`,
    slowFlaws(times),
  );
  const { newcomers } = flood;
  trial.verdict(
    `${newcomers.length} newcomers connected and had an answer, half of them in ${median(newcomers).toFixed(0)} ms, 99 in 100 in ${percentile(newcomers, 0.99).toFixed(0)} ms`,
    slowFlaws(newcomers),
  );
  trial.holds(
    `${made.toFixed(1)} submissions/s became final meanwhile, ${((made / most) * 100).toFixed(0)} % of saturation`,
    made >= LEAST_SHARE * most,
    `less than ${LEAST_SHARE * 100} %`,
  );

  const promised = before.size + ENTRIES * taken + load.done;
  const kept = await until(
    async () => (await whereIs(network, 0)).size >= promised,
    `${taken} submissions that were taken in and ${load.done} acknowledged ones`,
    PATIENCE_MS,
  ).then(
    () => [],
    error => [String(error)],
  );
  trial.verdict('all that was taken in is final', kept);
  clearInterval(watch);
  look();
  await pause(AFTER_MS);
  const rest = memory();
  for (const [i, mb] of peaks.entries()) {
    const bound = idle[i]! + roomMb(network.nodes.length - 1);
    trial.holds(
      `node ${i + 1} had at most ${mb.toFixed(0)} MB`,
      mb <= bound,
      `its limits add up to ${bound.toFixed(0)} MB`,
    );
    trial.holds(
      `node ${i + 1} has ${rest[i]!.toFixed(0)} MB afterwards`,
      rest[i]! <= FLAT * mb,
      'more than under the flood',
    );
    const { ready } = await whereIs(network, i);
    trial.holds(`node ${i + 1} is ready`, ready, 'it is not');
  }
  await judgeLedger(trial, network, load, [0, 1, 2, 3]);
  await judgeHomes(trial, network, [0]);
}
