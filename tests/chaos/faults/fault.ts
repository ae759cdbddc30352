import type { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import type { ChaosNetwork } from '../network/chaos-network.ts';

/** What a fault is done to. */
export interface World {
  readonly network: ChaosNetwork;
  readonly random: Random;
  /** A line for whoever reads the run. */
  readonly say: (text: string) => void;
  /** Members whose keys lost their memory, and when, on the clock of the load: they sign nothing after that. */
  readonly silenced: { readonly member: string; readonly since: number }[];
}

/** Something that goes wrong, and is over when its promise resolves. Gives what the network did wrong meanwhile. */
export type Fault = (world: World) => Promise<readonly string[]>;

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** An honest seat: the leader's half of the time, as far as it is honest. */
export async function victim({ network, random }: World): Promise<number> {
  const leader = await network.leader();
  return random.chance(0.5) && network.honest.includes(leader) ? leader : random.pick(network.honest);
}

/** The leader's seat; another honest one while a liar leads. */
export async function leading({ network, random }: World): Promise<number> {
  const leader = await network.leader();
  return network.honest.includes(leader) ? leader : random.pick(network.honest);
}

/** Nodes that may be faulty at most. */
export function tolerated({ seats }: ChaosNetwork): number {
  return Math.floor((seats.length - 1) / 3);
}
