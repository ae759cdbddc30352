import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { until } from '../../end-to-end/network.ts';
import { convictedAt, flawsAfter, unsound } from '../checks/final.ts';
import type { World } from '../faults/fault.ts';
import { powerCut } from '../faults/processes.ts';
import { Load } from '../load/load.ts';
import { ChaosNetwork } from '../network/chaos-network.ts';

const SEED = 20262;
/** The leader of the first view. */
const LIAR = 0;
let network: ChaosNetwork;
let load: Load;
let world: World;

describe('three honest processes and one that equivocates, garbles and replays', () => {
  beforeAll(async () => {
    const behaviours = ['equivocate', 'double-vote', 'garble', 'replay'];
    network = await ChaosNetwork.start(4, { seat: LIAR, behaviours, seed: SEED });
    load = new Load(network, SEED);
    world = { network, random: new Random(SEED), say: () => {}, silenced: [] };
  });
  afterAll(() => network?.destroy());

  it('go on', async () => {
    await until(() => load.writes.length > 20, 'twenty records');
  });

  it('hold evidence against it', async () => {
    const { code } = network.seats[LIAR]!;
    for (const seat of network.honest)
      await until(
        () => network.said(seat, 'evidence').some(({ member }) => member === code),
        `evidence at ${seat}`,
      );
  });

  it('go on after a power cut', async () => {
    expect(await powerCut(world)).toEqual([]);
  });

  it('hold all that was acknowledged, in one order that explains every read', async () => {
    expect(await flawsAfter(network, load)).toEqual([]);
  });

  it('pass their own check, with the evidence in their stores', async () => {
    await network.stopAll();
    expect(await unsound(network)).toEqual([]);
    for (const seat of network.honest)
      expect(await convictedAt(network, seat)).toEqual([network.seats[LIAR]!.code]);
  });
});
