import type { AskReason } from '../../../packages/node/src/consensus/output.ts';
import { until } from '../../end-to-end/network.ts';
import { sleep, type World } from '../faults/fault.ts';
import { killLeader } from '../faults/processes.ts';
import type { Load } from '../load/load.ts';
import type { ChaosNetwork } from '../network/chaos-network.ts';

/** Records under an honest leader by which the others know how fast one is. */
const MEASURED = 200;
/** Times that every member gets its turn, if a liar is given up for another reason first. */
const ROUNDS = 3;
/** Ms in which a leader proposes to members that do not hear each other, and in which these give it up. */
const PROPOSED_MS = 700;
const GIVEN_UP_MS = 2_500;

/** Waits until an honest node has given up each liar for this reason; gives what is missing. */
export async function untilGivenUp({ network }: World, reason: AskReason): Promise<readonly string[]> {
  const left = (): readonly number[] =>
    network.liars.flatMap(({ seat }) => (isGivenUp(network, seat, reason) ? [] : [seat]));
  await until(() => left().length === 0, 'all liars are given up').catch(() => {});
  return left().map(seat => `no honest node gave up node ${seat}: ${reason}`);
}

/**
 * Brings the turn to each liar until it was given up for this reason, as something else may end it first: honest leaders are
 * killed once they have led for a while, and liars are left alone.
 */
export async function bringTurns({ network, ...world }: World, load: Load, reason: AskReason): Promise<void> {
  const isOver = (): boolean => network.liars.every(({ seat }) => isGivenUp(network, seat, reason));
  for (let turns = ROUNDS * network.seats.length; turns > 0 && !isOver(); turns--) {
    const leader = await network.leader();
    if (!network.honest.includes(leader)) {
      world.say(`node ${leader} leads, a liar`);
      const gone = async (): Promise<boolean> => (await network.leader()) !== leader;
      await until(gone, `node ${leader} is given up`, 120_000).catch(() => {});
      if (!(await gone())) return;
    } else {
      const before = load.writes.length;
      await until(() => load.writes.length >= before + MEASURED, `${MEASURED} records`, 120_000);
      await killLeader({ network, ...world });
    }
  }
}

/** Whether an honest node asked for another view than that of this member, for this reason. */
function isGivenUp(network: ChaosNetwork, member: number, reason: AskReason): boolean {
  const { code } = network.seats[member]!;
  return network.honest.some(seat =>
    network.said(seat, 'view-asked').some(asked => asked['leader'] === code && asked['reason'] === reason),
  );
}

/**
 * A block is left unfinished: the leader of the moment proposes it to members that do not hear each other, and is killed, so
 * that all hold it and nobody can show that a quorum does.
 */
export async function unfinished({ network, say }: World): Promise<void> {
  const leader = await network.leader();
  say(`node ${leader} leaves a block unfinished, and is killed`);
  network.links.part([...network.seats.keys()].filter(seat => seat !== leader));
  await sleep(PROPOSED_MS);
  await network.crash(leader);
  await sleep(GIVEN_UP_MS);
  network.links.heal();
  await until(async () => (await network.leader()) !== leader, 'another leader');
  network.launch(leader);
  await network.settled();
}
