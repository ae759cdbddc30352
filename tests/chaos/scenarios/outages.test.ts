import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { until } from '../../end-to-end/network.ts';
import { flawsAfter, unsound } from '../checks/final.ts';
import type { World } from '../faults/fault.ts';
import { blackhole, isolateLeader, muteLeader, resets, slowLinks, split } from '../faults/partitions.ts';
import { killLeader, killTooMany, pauseLeader, restartStorm } from '../faults/processes.ts';
import { Load } from '../load/load.ts';
import { ChaosNetwork } from '../network/chaos-network.ts';

const SEED = 20260;
let network: ChaosNetwork;
let load: Load;
let world: World;

describe('four processes under load', () => {
  beforeAll(async () => {
    network = await ChaosNetwork.start(4);
    load = new Load(network, SEED);
    world = { network, random: new Random(SEED), say: () => {}, silenced: [] };
  });
  afterAll(() => network?.destroy());

  it.each([
    ['the leader is killed', killLeader],
    ['the leader sleeps past the timer', pauseLeader],
    ['a node restarts five times in a row', restartStorm],
    ['two of four are killed', killTooMany],
    ['the leader is cut off', isolateLeader],
    ['nobody hears the leader', muteLeader],
    ['what a node sends or should get is lost', blackhole],
    ['connections are reset', resets],
    ['the network is split in halves', split],
    ['links are slow', slowLinks],
  ])('go on after it: %s', async (_, fault) => {
    const before = load.writes.length;
    expect(await fault(world)).toEqual([]);
    await until(() => load.writes.length > before, 'another record');
  });

  it('hold all that was acknowledged, in one order that explains every read', async () => {
    expect(await flawsAfter(network, load)).toEqual([]);
    expect(load.duels).toBeGreaterThan(0);
    // Faults that nobody noticed would show nothing.
    expect((await network.standing(0))?.view).toBeGreaterThanOrEqual(2);
  });

  it('pass their own check', async () => {
    await network.stopAll();
    expect(await unsound(network)).toEqual([]);
  });
});
