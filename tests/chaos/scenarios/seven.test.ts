import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { until } from '../../end-to-end/network.ts';
import { untilLied } from '../byzantine/told.ts';
import { accusations, flawsAfter } from '../checks/final.ts';
import type { World } from '../faults/fault.ts';
import { killTooMany } from '../faults/processes.ts';
import { Load } from '../load/load.ts';
import { ChaosNetwork } from '../network/chaos-network.ts';

const SEED = 20264;
/** What the leaders of the first two views do. */
const LIARS = [
  ['mislead', 'withhold-bodies', 'garbage-votes'],
  ['double-vote', 'replay', 'flood'],
];
let network: ChaosNetwork;
let load: Load;
let world: World;

describe('five honest processes and two liars: one equivocates to a single one, withholds bodies and forges, one votes twice, replays and floods', () => {
  beforeAll(async () => {
    const liars = LIARS.map((behaviours, seat) => ({ seat, behaviours, seed: SEED + seat }));
    network = await ChaosNetwork.start(7, liars);
    load = new Load(network, SEED);
    world = { network, random: new Random(SEED), say: () => {}, silenced: [] };
  });
  afterAll(() => network?.destroy());

  it('go on, and name both by evidence, and nobody else', async () => {
    await until(() => load.writes.length > 20, 'twenty records');
    expect(await untilLied(world, 7)).toEqual([]);
    expect(await accusations(network)).toEqual([]);
  });

  it('make nothing final while three are gone, and go on when one is back', async () => {
    expect(await killTooMany(world)).toEqual([]);
  });

  it('hold all that was acknowledged, in one order that explains every read', async () => {
    expect(await flawsAfter(network, load)).toEqual([]);
  });
});
