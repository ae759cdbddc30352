import { setTimeout as pause } from 'node:timers/promises';
import type { Network } from '../end-to-end/network.ts';
import { SteadyLoad } from './steady-load.ts';
import type { Trial } from './trial.ts';

/** How long saturation is measured, after a quarter of that to warm up, and by how many clients. */
const SATURATION_MS = 20_000;
const CLIENTS = 250;
/** Clients that sign many records at once: they wait as long as that many more that sign one. */
const CLIENTS_OF_MANY = 64;
/** One receipt in so many is kept. */
const KEEP_EVERY = 200;

/** Records a second that the network finalises when clients send as fast as they get receipts, so many records at once. */
export async function saturation(trial: Trial, network: Network, entries = 1): Promise<number> {
  const urls = network.nodes.map(({ url }) => url);
  const workers = entries === 1 ? CLIENTS : CLIENTS_OF_MANY;
  const plan = { rate: Number.POSITIVE_INFINITY, workers, entries, keepEvery: KEEP_EVERY };
  const load = new SteadyLoad(network, () => urls, plan);
  const rate = await atMost(trial, load);
  await load.stop();
  return rate;
}

/** Records a second that a load makes when each of its workers sends as soon as its last is final; its rate is left so. */
export async function atMost(trial: Trial, load: SteadyLoad): Promise<number> {
  load.rate = Number.POSITIVE_INFINITY;
  await pause(SATURATION_MS / 4);
  const [before, start] = [load.done, performance.now()];
  await pause(SATURATION_MS);
  const rate = ((load.done - before) * 1000) / (performance.now() - start);
  trial.say(`saturation: ${rate.toFixed(0)} records/s with ${load.workers} clients`);
  return rate;
}
