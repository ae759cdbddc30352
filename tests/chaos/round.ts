import { Random } from '../../packages/node/src/testing/simulator/random.ts';
import { untilLied } from './byzantine/told.ts';
import { flawsAfter, unsound } from './checks/final.ts';
import type { World } from './faults/fault.ts';
import { Load } from './load/load.ts';
import { ChaosNetwork } from './network/chaos-network.ts';
import { FAULTS, type Round } from './schedule.ts';

/** What a round came to. */
export interface RoundReport {
  readonly flaws: readonly string[];
  readonly writes: number;
  readonly reads: number;
  /** The network's folder; it is gone if all was well. */
  readonly home: string;
}

/**
 * What else is looked for after the faults, while the load goes on; gives what is wrong. Unless told otherwise, that every
 * liar has told each of its lies.
 */
export type Witness = (world: World, load: Load) => Promise<readonly string[]>;

/** Plays a round on a fresh network: the load runs all along, the faults come one after the other, then all is checked. */
export async function playRound(
  { seed, lies, faults }: Omit<Round, 'number'>,
  n: number,
  say: (text: string) => void,
  witness: Witness = world => untilLied(world, n),
): Promise<RoundReport> {
  const { seats = [], behaviours = [] } = lies ?? {};
  const network = await ChaosNetwork.start(
    n,
    seats.map(seat => ({ seat, behaviours, seed: seed + seat })),
  );
  const load = new Load(network, seed);
  const world: World = { network, random: new Random(seed), say, silenced: [] };
  const flaws: string[] = [];
  try {
    for (const name of faults) {
      const found = await FAULTS[name]!(world);
      flaws.push(...found.map(flaw => `${name}: ${flaw}`));
    }
    flaws.push(...(await witness(world, load)));
    flaws.push(...(await flawsAfter(network, load, world.silenced)));
    await network.stopAll();
    flaws.push(...(await unsound(network)));
  } catch (error) {
    flaws.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    for (const seat of network.seats.keys())
      flaws.push(`node ${seat}: ${JSON.stringify(await network.standing(seat))} ${network.lastWords(seat)}`);
  }
  const { writes, reads } = load;
  await network.destroy(flaws.length > 0);
  return { flaws, writes: writes.length, reads: reads.length, home: network.home };
}
