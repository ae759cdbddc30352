import { faultsTolerated } from '@qifeng/core';
import type { AskReason } from '../../../packages/node/src/consensus/output.ts';
import { until } from '../../end-to-end/network.ts';
import { accusations } from '../checks/final.ts';
import type { World } from '../faults/fault.ts';
import type { Load } from '../load/load.ts';
import type { ChaosNetwork } from '../network/chaos-network.ts';
import type { Witness } from '../round.ts';
import type { Round } from '../schedule.ts';
import { bringTurns, unfinished, untilGivenUp } from './poor-leaders.ts';
import { type Turn, told, untilLied } from './told.ts';

/** Records that have to become final beside liars, and reads that have to be answered. */
const RECORDS = 40;
/** Times that every member gets its turn where a lie needs an occasion: now and then a turn brings about none. */
const ROUNDS = 3;
/** Ms between two of the records that are sent whether others are final or not. */
const STREAM_MS = 50;

/** As many liars as may be, one way to lie, and what is seen of it. */
interface Strain {
  /** The first view that a liar leads: 0, 1, or the last ones of a turn; `apart`: 1, 3, and so on. */
  readonly leads: 0 | 1 | 'last' | 'apart';
  readonly faults: readonly string[];
  /** Whether it leaves evidence: then every honest node names the liars, and else nobody; some ways now and then do. */
  readonly evidence: boolean | 'some';
  /** Whether more is sent than a leader that lies orders, so that something waits for it all the time. */
  readonly busy?: true;
  /** What is done so that a liar gets its turn, where killing the leader is not enough. */
  readonly turn?: Turn;
  /** Waits until what must be seen is; gives what is missing. */
  readonly seen: (world: World, load: Load) => Promise<readonly string[]>;
}

/** Nothing but the evidence, or that there is none. */
const nothing = async (): Promise<readonly string[]> => [];

/** Every liar loses its view, as nobody else follows it. */
const replaced = ({ network }: World): Promise<readonly string[]> =>
  seen(network, 'a view that no liar leads', async seat => {
    const { leader = '' } = (await network.standing(seat)) ?? {};
    return leader !== '' && !network.culprits.includes(leader);
  });

/** Every liar was given up for this reason, then an honest member leads, and the liars are still up. */
async function givenUp(world: World, reason: AskReason): Promise<readonly string[]> {
  const { liars } = world.network;
  const flaws = [...(await untilGivenUp(world, reason)), ...(await replaced(world))];
  const ended = liars.filter(({ seat }) => !world.network.isUp(seat));
  return [...flaws, ...ended.map(({ seat }) => `node ${seat} ended`)];
}

/** All refuse what it proposed. */
const refused = (world: World): Promise<readonly string[]> => givenUp(world, 'no-progress');

/** It is found unfit to lead, for this reason. */
const unfit =
  (reason: AskReason) =>
  async (world: World, load: Load): Promise<readonly string[]> => {
    await bringTurns(world, load, reason);
    return givenUp(world, reason);
  };

/** Every liar is read more slowly by every honest node, which says so. */
const slowed = ({ network }: World): Promise<readonly string[]> =>
  seen(network, 'every liar slowed', seat => {
    const lines = network.said(seat, 'transport').filter(({ code }) => code === 'peer-slowed');
    return network.culprits.every(member => lines.some(({ peer }) => peer === member));
  });

/** The views passed, and what was said in them is old. */
const viewsPassed = ({ network }: World): Promise<readonly string[]> =>
  seen(network, 'a later view', async seat => ((await network.standing(seat))?.view ?? 0) > 0);

/**
 * The ways to lie that a network of real processes is put under. Who signs two things that exclude each other is convicted;
 * what leaves no evidence must be without effect, convict nobody, and be seen as said here.
 */
export const STRAINS: Readonly<Record<string, Strain>> = {
  equivocate: { leads: 0, faults: [], evidence: true, seen: nothing },
  mislead: { leads: 0, faults: [], evidence: true, seen: nothing },
  'double-vote': { leads: 0, faults: [], evidence: true, seen: nothing },
  'two-heads': { leads: 'last', faults: [], evidence: true, seen: nothing },
  belated: { leads: 'last', faults: [], evidence: true, seen: nothing },
  'withhold-bodies': { leads: 0, faults: [], evidence: false, seen: replaced },
  'garbage-votes': { leads: 'last', faults: [], evidence: false, seen: nothing },
  flood: { leads: 'last', faults: [], evidence: false, seen: slowed },
  replay: { leads: 'last', faults: ['kill-leader', 'kill-leader'], evidence: false, seen: viewsPassed },
  garble: { leads: 'last', faults: [], evidence: false, seen: nothing },
  withhold: { leads: 0, faults: [], evidence: false, seen: nothing },
  'false-answers': { leads: 'last', faults: ['kill-leader', 'kill-leader'], evidence: false, seen: nothing },
  forge: { leads: 0, faults: [], evidence: 'some', seen: nothing },
  'new-views': { leads: 1, faults: ['kill-leader'], evidence: 'some', seen: viewsPassed },
  graft: { leads: 'apart', faults: [], evidence: 'some', busy: true, turn: unfinished, seen: refused },
  repeat: { leads: 0, faults: [], evidence: 'some', busy: true, seen: refused },
  slow: { leads: 1, faults: [], evidence: false, busy: true, seen: unfit('slow-leader') },
  censor: { leads: 0, faults: [], evidence: false, busy: true, seen: unfit('censoring-leader') },
};

/** The round of a strain on a network of `n`, and what is looked for in it. */
export function strainOf(
  name: string,
  n: number,
  seed: number,
): { readonly round: Omit<Round, 'number'>; readonly witness: Witness } {
  const { leads, faults, evidence, busy, turn, seen: looks } = STRAINS[name]!;
  const count = faultsTolerated(n);
  const seatOf = (i: number): number => {
    if (leads === 'apart') return 2 * i + 1;
    return i + (leads === 'last' ? n - count : leads);
  };
  const seats = Array.from({ length: count }, (_, i) => seatOf(i));
  const witness: Witness = async (world, load) => {
    const { network, say } = world;
    const end = busy === true ? load.stream(STREAM_MS) : null;
    const turns = leads === 'last' ? 1 : turn === undefined ? n : ROUNDS * n;
    const lied = await untilLied(world, turns, turn);
    const flaws = [...lied, ...(await looks(world, load))];
    end?.();
    const [before, views] = [load.writes.length, await viewsOf(network)];
    // Workers whose records wait for a leader read nothing.
    const goesOn = (): boolean => load.writes.length >= before + RECORDS && load.reads.length >= RECORDS;
    await until(goesOn, `${RECORDS} records more, and as many reads`, 120_000);
    const later = await viewsOf(network);
    if (later.some((view, i) => view < views[i]!)) flaws.push(`views went from ${views} back to ${later}`);
    if (evidence !== 'some') flaws.push(...(await (evidence ? accusations(network) : nobodyNamed(network))));
    for (const seat of seats) say(`node ${seat} lied ${told(network, seat, name)} times`);
    say(`views ${later.join(', ')}, ${load.writes.length} records sent`);
    return flaws;
  };
  return { round: { seed, lies: { seats, behaviours: [name] }, faults }, witness };
}

async function seen(
  network: ChaosNetwork,
  what: string,
  holds: (seat: number) => Promise<boolean> | boolean,
): Promise<readonly string[]> {
  const flaws: string[] = [];
  for (const seat of network.honest)
    await until(() => holds(seat), what).catch(() => flaws.push(`node ${seat} has not seen ${what}`));
  return flaws;
}

function viewsOf(network: ChaosNetwork): Promise<readonly number[]> {
  return Promise.all(network.honest.map(async seat => (await network.standing(seat))?.view ?? 0));
}

async function nobodyNamed(network: ChaosNetwork): Promise<readonly string[]> {
  const named = await Promise.all(
    network.honest.map(async seat => (await network.standing(seat))?.accused ?? []),
  );
  return named.flat().length === 0
    ? []
    : [`what leaves no evidence accused ${named.flat().map(({ code }) => code)}`];
}
