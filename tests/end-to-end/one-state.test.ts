import type { Entry, Link } from '@qifeng/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forks, type Head } from '../chaos/checks/verdicts.ts';
import { ChaosNetwork } from '../chaos/network/chaos-network.ts';
import { beginning, CATALOGUE, following, goesOn, REGISTERED } from '../fixtures/catalogue.ts';
import { caughtUp } from './left-behind.ts';
import { until } from './network.ts';
import { Publisher } from './publisher.ts';

const SETTINGS = { QIFENG_SNAPSHOT__INTERVAL: '4', QIFENG_SNAPSHOT__DISTANCE: '12' };
/** The seat that joins late, and the one that is away for a short while; the first stays. */
const [LATE, AWAY, STAYS] = [3, 2, 0];
/** Blocks that the others make meanwhile: more than the distance of a snapshot, and fewer. */
const [MANY, FEW] = [28, 5];
/** Issuer in every profile. */
const ISSUER = '11110000DEM000002F';
const PROFILES = CATALOGUE.filter(name => !REGISTERED.includes(name));
/** Of these what follows may be recorded once. */
const ONCE = ['bill', 'evidence', 'invoice', 'ledger-anchor', 'matter', 'produce', 'property'];

/** A subject as a plain model has it. */
interface Held {
  readonly begun: Entry;
  readonly i: number;
  head: number;
  version: number;
}

let network: ChaosNetwork;
let publisher: Publisher;
let dataset: Link | null = null;
const held: Held[] = [];
let subjects = 0;
let refused = 0;
let random = 2026;

/** A number from 0 to below `end` (xorshift32). */
function below(end: number): number {
  random ^= random << 13;
  random ^= random >>> 17;
  random ^= random << 5;
  return (random >>> 0) % end;
}

/** Records an entry by a seat that is up; its index, or the code of the refusal. */
async function act(entry: Entry, seat: number): Promise<number | string> {
  const wire = publisher.signAll([entry]);
  let answer = await publisher.post(seat, wire);
  await until(async () => {
    if (answer.status < 500 && answer.status !== 429) return true;
    answer = await publisher.post(seat, wire);
    return false;
  }, 'an answer');
  return answer.body.receipts?.[0]?.index ?? answer.body.code!;
}

async function begin(profile: string, seat: number): Promise<Held> {
  const i = subjects++;
  const begun = beginning(profile, i, ISSUER, dataset);
  const head = await act(begun, seat);
  expect(head, `${profile} begins`).toBeTypeOf('number');
  const made = { begun, i, head: Number(head), version: 1 };
  held.push(made);
  return made;
}

/** What follows on a subject, or a refusal that changes nothing: a stale record before it, or an end that was before. */
async function follow(seat: number): Promise<void> {
  const one = held[below(held.length)]!;
  const { profile, subject } = one.begun;
  if (!goesOn(profile) || subject.id === dataset!.subject.id) return;
  const ended = ONCE.includes(profile) && one.version > 1;
  const isStale = !ended && below(4) === 0;
  const entry = following(one.begun, one.i, isStale ? one.head + 1 : one.head);
  const index = await act(entry, seat);
  const what = `${entry.action} of ${profile}, ${one.version} before`;
  if (isStale || ended) {
    expect(index, what).toBe(ended ? 'action-not-allowed' : 'wrong-prev');
    refused++;
    return;
  }
  expect(index, what).toBeTypeOf('number');
  one.head = Number(index);
  one.version++;
}

/** Random actions by the seats given until the chain has grown by so many blocks. */
async function history(seats: readonly number[], blocks: number): Promise<void> {
  const { height } = (await network.standing(STAYS))!;
  while ((await network.standing(STAYS))!.height < height + blocks) {
    const seat = seats[below(seats.length)]!;
    if (held.length <= PROFILES.length) await begin(PROFILES[held.length % PROFILES.length]!, seat);
    else if (below(2) === 0) await begin(PROFILES[below(PROFILES.length)]!, seat);
    else await follow(seat);
  }
}

async function heads(): Promise<readonly Head[]> {
  const { final } = (await network.standing(STAYS))!;
  return Promise.all(
    network.seats.map(async (_, seat) => {
      await until(
        async () => ((await network.standing(seat))?.final ?? 0) >= final,
        `seat ${seat} at ${final}`,
      );
      const { checkpoint } = await network.json<{ checkpoint: Omit<Head, 'seat'> }>(
        seat,
        `/v1/blocks/${final}`,
      );
      return { ...checkpoint, seat };
    }),
  );
}

beforeAll(async () => {
  Object.assign(process.env, SETTINGS);
  network = await ChaosNetwork.start(4);
  publisher = new Publisher(network, ISSUER);
  await network.life(LATE).stop();
  const open = await begin('dataset', STAYS);
  dataset = { rel: 'of', subject: open.begun.subject, index: open.head };
});
afterAll(async () => {
  await network?.destroy();
  for (const name of Object.keys(SETTINGS)) delete process.env[name];
});

it('the state is one at every node after a random history of all profiles, kills, a late joiner and one that catches up', async () => {
  await history([0, 1, AWAY], MANY);
  network.launch(LATE);
  await caughtUp(network, LATE, STAYS);
  expect(network.said(LATE, 'snapshot-adopted')).toHaveLength(1);

  await network.crash(AWAY);
  await history([0, 1, LATE], FEW);
  network.launch(AWAY);
  await caughtUp(network, AWAY, STAYS);
  expect(network.said(AWAY, 'snapshot-adopted')).toEqual([]);

  await network.crash(LATE);
  network.launch(LATE);
  await caughtUp(network, LATE, STAYS);
  await history([0, 1, AWAY, LATE], FEW);
  expect(forks(await heads())).toEqual([]);
  expect(new Set(held.map(({ begun }) => begun.profile)).size).toBe(PROFILES.length);
  expect(refused).toBeGreaterThan(0);
});

it('and it is what a plain model says of every subject, at every node', async () => {
  let old = 0;
  for (const [seat] of network.seats.entries())
    for (const { begun, head, version } of held) {
      const { profile, subject } = begun;
      const path = `/v1/subjects/${profile}/${subject.issuer}/${subject.id}`;
      const answer = await network.json<{ readonly code?: string }>(seat, path);
      // Records from before its snapshot are for others to show; its state has them none the less, as its root says.
      if (seat === LATE && answer.code === 'not-held') old++;
      else expect(answer, path).toMatchObject({ standing: { head, version } });
    }
  expect(old).toBeGreaterThan(0);
  expect(old).toBeLessThan(held.length);
});

it('and a naive rebuild from the blocks, or from the snapshot on, gives every root of every node again', async () => {
  await network.stopAll();
  for (const seat of network.seats.keys()) {
    const said = await network.check(seat);
    expect(said).toContain('sound');
    expect(said.includes('from the snapshot of block')).toBe(seat === LATE);
  }
});
