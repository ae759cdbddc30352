import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { faultsTolerated } from '@qifeng/core';
import { FormerMembers, STALLED, takenIn } from '../end-to-end/former-members.ts';
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
/** The one whose key is lost, as `cluster` numbers it; in the end it tells those that left what is proposed. */
const KEYLESS = '4';
/** Ms in which nothing may become final while the network lacks a quorum. */
const STILL_MS = 8_000;
/** Members that vote on after they left: more than a quorum of the others lacks. */
const VOTE_ON = 3;

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
  const leaving = network.nodes.slice(MIDDLE);
  const former = new FormerMembers(network, leaving.slice(0, VOTE_ON), network.nodes[Number(KEYLESS) - 1]!);
  await resize(MIDDLE);
  if (leaving.length > 0) await ignoresWhoLeft(trial, network, load, former);
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

/** Members that left vote on with the keys that they voted with: they are counted nowhere, not even where one vote is lacking. */
async function ignoresWhoLeft(
  trial: Trial,
  network: Network,
  load: SteadyLoad,
  former: FormerMembers,
): Promise<void> {
  const codes = network.nodes.map(({ member }) => member);
  const voters = codes.slice(0, MIDDLE);
  const { epoch } = await whereIs(network, 0);
  network.must('qifeng-node', 'cluster', 'stop', KEYLESS);
  former.start();
  await former.untilHeard(epoch, voters);
  const cosigned: string[] = [];
  for (let i = 0; i < 20; i++) {
    cosigned.push(...cosignedBy(await network.text(0, '/checkpoint'), codes.slice(MIDDLE)));
    await pause(200);
  }
  trial.verdict('no checkpoint carries a cosignature of who left', cosigned);
  const honest = [...voters.keys()].filter(node => node !== Number(KEYLESS) - 1);
  const taken = await Promise.all(honest.map(node => takenIn(network, node)));
  trial.verdict('no view is theirs, and they convict nobody', taken.flat());

  const gone = await standsStill(trial, network, former);
  const goal = load.done + RECORDS;
  const { lies, told } = former.counts;
  trial.say(`they sent ${lies} frames, and were told ${told} by a member`);
  const start = (member: string) => network.whileRunning('qifeng-node', 'cluster', 'start', member);
  for (const member of gone.slice(1)) await start(member);
  await until(() => load.done >= goal, 'records go on when the others are back', PATIENCE_MS);
  trial.say('the others are back, and records go on');
  await former.end();
  const seats = [...codes.keys()].slice(MIDDLE, MIDDLE + VOTE_ON);
  for (const member of [KEYLESS, gone[0]!, ...seats.map(seat => codes[seat]!)]) await start(member);
  await level(network, [0, ...seats]);
  const standings = await Promise.all(seats.map(seat => whereIs(network, seat)));
  trial.verdict(
    `${seats.length} members that left follow without a vote`,
    standings.filter(({ votes }) => votes).map(({ code }) => `${code} has a vote`),
  );
}

/**
 * Without f+1 validators nothing becomes final, though who left votes for all that is proposed; gives those that are gone. Who
 * leads is not among them, so that a block is proposed for which one vote is lacking.
 */
async function standsStill(
  trial: Trial,
  network: Network,
  former: FormerMembers,
): Promise<readonly string[]> {
  const voters = network.nodes.slice(0, MIDDLE).map(({ member }) => member);
  const { epoch, leader } = await whereIs(network, 0);
  const teller = voters[Number(KEYLESS) - 1]!;
  const last = new Set([leader, teller, ...voters]);
  const voting = network.nodes.slice(MIDDLE, MIDDLE + VOTE_ON);
  const tooMany = faultsTolerated(MIDDLE) + 1;
  const gone = [...last].slice(MIDDLE - tooMany);
  for (const member of gone) network.kill(member);
  const there = [...voters.keys()].filter(i => voters[i] !== teller && !gone.includes(voters[i]!));
  // What was decided before may still become final.
  await pause(STILL_MS / 2);
  const final = async (): Promise<number> =>
    Math.max(...(await Promise.all(there.map(async node => (await whereIs(network, node)).final))));
  const before = await final();
  const heardBy = there.map(node => voters[node]!);
  await former.untilHeard(epoch, heardBy, STALLED);
  await pause(STILL_MS);
  const after = await final();
  trial.holds(
    `with ${gone.length} of ${MIDDLE} gone and ${voting.length} that left voting on, nothing becomes final`,
    after === before,
    `final height went from ${before} to ${after}`,
  );
  return gone;
}
