import { setTimeout as pause } from 'node:timers/promises';
import type { Network } from '../end-to-end/network.ts';
import { SteadyLoad } from './steady-load.ts';
import type { Trial } from './trial.ts';

/** How long saturation is measured, after a quarter of that to warm up, and by how many clients. */
const SATURATION_MS = 20_000;
const CLIENTS = 250;
/** One receipt in so many is kept. */
const KEEP_EVERY = 200;

/** Records a second that the network finalises when clients send as fast as they get receipts. */
export async function saturation(trial: Trial, network: Network): Promise<number> {
  const urls = network.nodes.map(({ url }) => url);
  const plan = { rate: Number.POSITIVE_INFINITY, workers: CLIENTS, keepEvery: KEEP_EVERY };
  const load = new SteadyLoad(network, () => urls, plan);
  await pause(SATURATION_MS / 4);
  const [before, start] = [load.done, performance.now()];
  await pause(SATURATION_MS);
  const rate = ((load.done - before) * 1000) / (performance.now() - start);
  await load.stop();
  trial.say(`saturation: ${rate.toFixed(0)} records/s with ${CLIENTS} clients`);
  return rate;
}
