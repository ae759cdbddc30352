import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../end-to-end/network.ts';
import { told } from '../byzantine/told.ts';
import { accusations, flawsAfter } from '../checks/final.ts';
import { Load } from '../load/load.ts';
import { ChaosNetwork } from '../network/chaos-network.ts';

const SEED = 20264;
/** No leader of the first views; and an honest one that is away while it lies. */
const [LIAR, AWAY] = [3, 2];
let network: ChaosNetwork;
let load: Load;

describe('three honest processes and one that signs what excludes itself when all is decided', () => {
  beforeAll(async () => {
    network = await ChaosNetwork.start(4, [{ seat: LIAR, behaviours: ['belated'], seed: SEED }], [AWAY]);
    load = new Load(network, SEED);
  });
  afterAll(() => network?.destroy());

  it('name it, and nobody else, by evidence, and tell it to one that was away', async () => {
    await until(() => told(network, LIAR, 'belated') > 0, 'a lie');
    const culprits = async (seat: number) => (await network.standing(seat))?.accused.map(({ code }) => code);
    for (const seat of [0, 1])
      await until(async () => (await culprits(seat))?.length === 1, `seat ${seat} names somebody`);
    // Whoever was away has it from the others alone.
    await network.crash(LIAR);
    network.launch(AWAY);
    expect(await accusations(network)).toEqual([]);
    network.launch(LIAR);
  });

  it('hold all that was acknowledged, in one order that explains every read', async () => {
    await until(() => load.writes.length > 10 && load.reads.length > 10, 'ten records and reads');
    expect(await flawsAfter(network, load)).toEqual([]);
  });
});
