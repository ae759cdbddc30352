import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { until } from '../../end-to-end/network.ts';
import { flawsAfter, unsound } from '../checks/final.ts';
import { damage, FILE_KINDS, type Kind, type Reaction } from '../faults/damage.ts';
import { fullDisk, wipe } from '../faults/disks.ts';
import type { World } from '../faults/fault.ts';
import { Load } from '../load/load.ts';
import { ChaosNetwork } from '../network/chaos-network.ts';

const SEED = 20261;
/** Files in which any damage is seen at once. */
const ALWAYS_REFUSED: readonly Kind[] = ['LevelDB manifest', 'LevelDB current', 'write-ahead log', 'guard'];
let network: ChaosNetwork;
let load: Load;
let world: World;

describe('four processes whose disks fail', () => {
  beforeAll(async () => {
    network = await ChaosNetwork.start(4);
    load = new Load(network, SEED);
    world = { network, random: new Random(SEED), say: () => {}, silenced: [] };
  });
  afterAll(() => network?.destroy());

  it('never take a damaged file for a sound one', async () => {
    const reactions = new Map<Kind, Reaction>();
    for (const kind of FILE_KINDS) {
      const { reaction, flaws } = await damage(world, 3, kind, 0.5);
      expect(flaws).toEqual([]);
      reactions.set(kind, reaction);
    }
    await network.settled();
    for (const kind of ALWAYS_REFUSED) expect([kind, reactions.get(kind)]).toEqual([kind, 'refused']);
  });

  it('stop on a full disk and start again from it', async () => {
    expect(await fullDisk(world)).toEqual([]);
  });

  it('take back a member whose disk was wiped, which never votes again', async () => {
    expect(await wipe(world, 2)).toEqual([]);
    const before = load.writes.length;
    await until(() => load.writes.length > before, 'another record');
  });

  it('hold all that was acknowledged, in one order that explains every read', async () => {
    expect(await flawsAfter(network, load, world.silenced)).toEqual([]);
  });

  it('pass their own check', async () => {
    await network.stopAll();
    expect(await unsound(network)).toEqual([]);
  });
});
