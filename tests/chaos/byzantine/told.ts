import { until } from '../../end-to-end/network.ts';
import { sleep, type World } from '../faults/fault.ts';
import { killLeader } from '../faults/processes.ts';
import type { ChaosNetwork } from '../network/chaos-network.ts';

/** Ms in which liars begin to lie. */
const LIES_MS = 5_000;
/** Ms for which a liar that leads is away: longer than the others wait for it. */
const AWAY_MS = 3_000;

/** Lies of one kind that a node told in its present or last life. */
export function told(network: ChaosNetwork, seat: number, behaviour: string): number {
  return tellings(network, seat).at(-1)?.[behaviour] ?? 0;
}

/** What each line of a node's log says of the lies that it told, in all its lives. */
function tellings(network: ChaosNetwork, seat: number): readonly Readonly<Record<string, number>>[] {
  return network.said(seat, 'lied').map(({ of }) => of as Readonly<Record<string, number>>);
}

/** Lies that were to be told and were not. */
export function untold(network: ChaosNetwork): readonly string[] {
  return network.liars.flatMap(({ seat, behaviours }) => {
    const lines = tellings(network, seat);
    const silent = behaviours.filter(name => lines.every(line => (line[name] ?? 0) === 0));
    return silent.map(name => `node ${seat} told no lie: ${name}`);
  });
}

/** What is done so that a liar gets its turn. */
export type Turn = (world: World) => Promise<void>;

/** The leader of the moment is killed and comes back, be it a liar. */
async function nextLeader(world: World): Promise<void> {
  const { network, say } = world;
  const leader = await network.leader();
  if (network.honest.includes(leader)) {
    await killLeader(world);
    return;
  }
  say(`kill -9 of the liar that leads, node ${leader}`);
  await network.crash(leader);
  await sleep(AWAY_MS);
  network.launch(leader);
  await network.settled();
}

/**
 * Waits until each liar has told every lie that it was to tell; gives those it has not. A view that it leads may have failed
 * before there was work, or nobody asked it: its turn comes again, as a rule when the leader of the moment is killed, at most
 * so often.
 */
export async function untilLied(
  world: World,
  turns: number,
  turn: Turn = nextLeader,
): Promise<readonly string[]> {
  const { network } = world;
  const lied = (): Promise<boolean> =>
    until(() => untold(network).length === 0, 'lies', LIES_MS).then(
      () => true,
      () => false,
    );
  for (let i = 0; i < turns && !(await lied()); i++) if (turns > 1) await turn(world);
  return untold(network);
}
