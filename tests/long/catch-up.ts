import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { residentMb } from '../../bench/load/processes.ts';
import { told } from '../chaos/byzantine/told.ts';
import { ChaosNetwork } from '../chaos/network/chaos-network.ts';
import { AWAY, LIAR, LIES } from '../end-to-end/left-behind.ts';
import { until } from '../end-to-end/network.ts';
import { Publisher } from '../end-to-end/publisher.ts';
import { judgeLedger, PATIENCE_MS } from './ledger.ts';
import { SteadyLoad } from './steady-load.ts';
import { type Trial, timed } from './trial.ts';

/** How many times as fast as the others made blocks a node takes them in. */
const LEAST_RATIO = 3;
/** Clients of the load, each with one record under way: many small blocks. */
const CLIENTS = 8;
/** How long the most that the network makes with them is measured, after a quarter of that to warm up. */
const SATURATION_MS = 8_000;
/** The load, as a share of that: all nodes share the processors of one machine, and one that catches up needs some. */
const SHARE = 0.5;
/** One receipt in so many is kept and verified. */
const KEEP_EVERY = 20;
/** Records that have to become final when the node's vote is needed. */
const RECORDS = 40;

/**
 * One of four nodes is off while the others, of whom one gives false headers and bodies, make so many blocks under a steady
 * load; then it is started, and the load goes on as before. Its rate counts from the start of its process until it has all that the others
 * have, with what they made meanwhile.
 */
export async function catchUp(trial: Trial, blocks: number): Promise<void> {
  const network = await ChaosNetwork.start(4, [LIES]);
  // Processes that were just killed may still be at their files.
  process.once('exit', () => rmSync(network.home, { recursive: true, force: true, maxRetries: 20 }));
  const finalAt = async (seat: number): Promise<number> => (await network.standing(seat))?.final ?? 0;
  await network.life(AWAY).stop();
  const off = await finalAt(0);
  const urls = network.honest.filter(seat => seat !== AWAY).map(seat => network.nodes[seat]!.url);
  const plan = { workers: CLIENTS, keepEvery: KEEP_EVERY };
  const most = new SteadyLoad(network, () => urls, { ...plan, rate: Number.POSITIVE_INFINITY });
  await pause(SATURATION_MS / 4);
  const height = await finalAt(0);
  await pause(SATURATION_MS);
  const saturation = ((await finalAt(0)) - height) / (SATURATION_MS / 1000);
  await most.stop();
  trial.say(`three nodes make ${saturation.toFixed(1)} blocks a second at most`);

  const before = await finalAt(0);
  const load = new SteadyLoad(network, () => urls, { ...plan, rate: SHARE * saturation });
  const made = await timed(() =>
    until(async () => (await finalAt(0)) >= before + blocks, `${blocks} blocks`, PATIENCE_MS),
  );
  const live = ((await finalAt(0)) - before) / (made.ms / 1000);
  trial.say(`${blocks} blocks without the fourth node, ${live.toFixed(1)} a second, ${load.done} records`);

  const lies = (): number => told(network, LIAR, 'false-answers');
  const lied = lies();
  let [reached, memory] = [0, 0];
  const caught = await timed(async () => {
    const { pid } = network.launch(AWAY);
    await until(
      async () => {
        const others = await finalAt(0);
        reached = await finalAt(AWAY);
        memory = Math.max(memory, residentMb(pid!));
        return others > 0 && reached >= others;
      },
      'the node has caught up',
      PATIENCE_MS,
    );
  });
  const rate = (reached - off) / (caught.ms / 1000);
  const ratio = rate / live;
  trial.say(
    `${reached - off} blocks caught up in ${(caught.ms / 1000).toFixed(1)} s from its start; ${memory.toFixed(0)} MB at most`,
  );
  trial.holds(
    `it took in ${rate.toFixed(0)} blocks a second, ${ratio.toFixed(2)} times the live rate`,
    ratio >= LEAST_RATIO,
    `at least ${LEAST_RATIO} times are promised`,
  );
  const answers = lies() - lied;
  trial.holds(`one of its peers gave it ${answers} false answers`, answers > 0, 'nobody lied to it');
  await takesPart(trial, network, load);
  await load.stop();
  await judgeLedger(trial, network, load, network.honest);
  await network.stopAll();
  const said = await network.check(AWAY);
  trial.holds('its home is sound', said.includes('sound'), said.slice(-500));
}

/** It has a record made final, and when the liar is gone no block becomes final without its vote. */
async function takesPart(trial: Trial, network: ChaosNetwork, load: SteadyLoad): Promise<void> {
  const { status, body } = await new Publisher(network).publish(AWAY);
  trial.holds('a record sent to it is final', status === 200, `${status} ${JSON.stringify(body)}`);
  await network.life(LIAR).stop();
  const { done } = load;
  const goal = done + CLIENTS + RECORDS;
  const went = await until(() => load.done >= goal, 'records with its vote', PATIENCE_MS).then(
    () => [],
    error => [String(error)],
  );
  trial.verdict(`${RECORDS} records are final that need its vote`, went);
}
