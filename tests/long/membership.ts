import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { faultsTolerated } from '@qifeng/core';
import { type Network, until } from '../end-to-end/network.ts';
import { judgeHomes, judgeLedger, level, PATIENCE_MS, whereIs } from './ledger.ts';
import { SteadyLoad } from './steady-load.ts';
import { type Trial, timed } from './trial.ts';
import { cosignedBy } from './verdicts.ts';

/** Records a second all along. */
const RATE = 10;
/** Records that have to become final after each change. */
const RECORDS = 30;
const SMALL = 4;
const MIDDLE = 7;
/** Nodes that stay from first to last: the load goes through them. */
const STAYING = [0, 1, 2] as const;
/** The one whose key is lost, as `cluster` numbers it. */
const KEYLESS = '4';
/** Ms in which nothing may become final while the network lacks a quorum. */
const STILL_MS = 8_000;
/** Members that are started again after they left: more than a quorum of the others lacks. */
const REJOINED = 3;

interface Step {
  readonly epoch: number;
  readonly validators: readonly string[];
}

/** The members change from four to seven, to `most`, and back to seven, while records go on. */
export async function membership(trial: Trial, network: Network, most: number): Promise<void> {
  network.up(SMALL);
  const urls = (): readonly string[] => STAYING.map(node => network.nodes[node]!.url);
  const load = new SteadyLoad(network, urls, { rate: RATE, workers: 4 * RATE, keepEvery: 1 });
  const goOn = async (what: string): Promise<void> => {
    const goal = load.done + RECORDS;
    const { ms } = await timed(() => until(() => load.done >= goal, what, PATIENCE_MS));
    trial.say(`${RECORDS} records in ${(ms / 1000).toFixed(1)} s ${what}`);
  };
  const resize = async (count: number): Promise<void> => {
    const { value, ms } = await timed(() =>
      network.whileRunning('qifeng-node', 'cluster', 'resize', String(count), '--json'),
    );
    const steps = value.code === 0 ? (JSON.parse(value.out) as readonly Step[]) : [];
    const sizes = steps.map(({ validators }) => validators.length).join(', ');
    const done = steps.at(-1)?.validators.length === count;
    trial.holds(
      `${count} validators after ${steps.length} epochs (${sizes}), in ${(ms / 1000).toFixed(0)} s`,
      done,
      `${value.code} ${value.out.slice(-500)} ${value.err.slice(-500)}`,
    );
    await goOn(`among ${count}`);
  };

  await goOn(`among ${SMALL}`);
  await resize(MIDDLE);
  await replaceKey(trial, network);
  await goOn('after a key was replaced');
  if (most > MIDDLE) await resize(most);
  const grown = network.nodes.map(({ member }) => member);
  await resize(MIDDLE);
  await ignoresWhoLeft(trial, network, load, grown.slice(MIDDLE));
  await goOn('after all');

  await load.stop();
  const members = [...Array(MIDDLE).keys()];
  await judgeLedger(trial, network, load, members);
  trial.say(`epoch ${(await whereIs(network, 0)).epoch}`);
  await judgeHomes(trial, network, [0, Number(KEYLESS) - 1, network.nodes.length - 1]);
}

/** A member's voting key and its memory are gone for good: it gets new ones, in an epoch of their own. */
async function replaceKey(trial: Trial, network: Network): Promise<void> {
  const index = Number(KEYLESS) - 1;
  const { member, home } = network.nodes[index]!;
  network.must('qifeng-node', 'cluster', 'stop', KEYLESS);
  for (const file of ['validator.pem', 'guard']) rmSync(join(home, 'keys', file), { force: true });
  const { code, out, err } = await network.whileRunning('qifeng-node', 'cluster', 'rekey', KEYLESS);
  trial.holds('a lost key is replaced in the next epoch', code === 0, `${code} ${out} ${err.slice(-500)}`);
  const cosigns = async (): Promise<boolean> =>
    cosignedBy(await network.text(0, '/checkpoint'), [member]).length > 0;
  const signed = await until(cosigns, 'it cosigns', 60_000).then(
    () => true,
    () => false,
  );
  trial.holds('its member cosigns with the new one', signed, 'no checkpoint carries its cosignature');
}

/** Members that left run again: they follow, and are counted nowhere, not even where one vote is lacking. */
async function ignoresWhoLeft(
  trial: Trial,
  network: Network,
  load: SteadyLoad,
  left: readonly string[],
): Promise<void> {
  const again = left.slice(0, REJOINED);
  if (again.length === 0) return;
  for (const member of again) network.run('qifeng-node', 'cluster', 'start', member);
  const seats = again.map(member => network.nodes.findIndex(node => node.member === member));
  await level(network, [0, ...seats]);
  const standings = await Promise.all(seats.map(seat => whereIs(network, seat)));
  trial.verdict(
    `${again.length} members that left follow without a vote`,
    standings.filter(({ votes }) => votes).map(({ code }) => `${code} has a vote`),
  );
  const cosigned: string[] = [];
  for (let i = 0; i < 20; i++) {
    cosigned.push(...cosignedBy(await network.text(0, '/checkpoint'), left));
    await pause(200);
  }
  trial.verdict('no checkpoint carries a cosignature of theirs', cosigned);

  const tooMany = faultsTolerated(MIDDLE) + 1;
  const victims = network.nodes.slice(MIDDLE - tooMany, MIDDLE).map(({ member }) => member);
  for (const member of victims) network.kill(member);
  // What was decided before may still become final.
  await pause(STILL_MS / 2);
  const final = (): Promise<readonly number[]> =>
    Promise.all([...STAYING, ...seats].map(async seat => (await whereIs(network, seat)).final));
  const before = Math.max(...(await final()));
  await pause(STILL_MS);
  const after = Math.max(...(await final()));
  trial.holds(
    `with ${tooMany} of ${MIDDLE} gone and ${again.length} that left there, nothing becomes final`,
    after === before,
    `final height went from ${before} to ${after}`,
  );
  const goal = load.done + RECORDS;
  for (const member of victims) network.run('qifeng-node', 'cluster', 'start', member);
  await until(() => load.done >= goal, 'records go on when they are back', PATIENCE_MS);
  trial.say('they are back, and records go on');
}
