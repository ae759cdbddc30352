import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { until } from '../../end-to-end/network.ts';
import { untilLied } from '../byzantine/told.ts';
import { accusations, convictedAt, flawsAfter, unsound } from '../checks/final.ts';
import { recorded } from '../checks/on-record.ts';
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

/** The flood comes before the votes that go astray, or it would be made of these and signed in no place of its own. */
const LIES = ['equivocate', 'double-vote', 'two-heads', 'withhold-bodies'];
const NOISE = ['replay', 'flood', 'garbage-votes', 'garble'];

describe('three honest processes and one that signs what excludes itself, withholds bodies, floods, forges and replays', () => {
  beforeAll(async () => {
    network = await ChaosNetwork.start(4, [{ seat: LIAR, behaviours: [...LIES, ...NOISE], seed: SEED }]);
    load = new Load(network, SEED);
    world = { network, random: new Random(SEED), say: () => {}, silenced: [] };
  });
  afterAll(() => network?.destroy());

  it('go on', async () => {
    await until(() => load.writes.length > 20, 'twenty records');
  });

  it('hear every one of its lies', async () => {
    expect(await untilLied(world, 4)).toEqual([]);
  });

  it('tell their operators that its frames are none that anybody honest sends, and nobody else’s', async () => {
    const line = /^qifeng_transport_refused_frames_total{member="(\d+)"} \d+$/gm;
    const toldAt = async (seat: number) =>
      [...(await network.text(seat, '/metrics')).matchAll(line)].map(([, member]) => member);
    for (const seat of network.honest)
      await until(async () => (await toldAt(seat)).length > 0, 'a frame that was refused');
    for (const seat of network.honest) expect(await toldAt(seat)).toEqual([network.seats[LIAR]!.code]);
  });

  it('name it, and nobody else, by evidence', async () => {
    expect(await accusations(network)).toEqual([]);
  });

  it('go on after a power cut', async () => {
    expect(await powerCut(world)).toEqual([]);
  });

  it('still name it, and nobody else', async () => {
    expect(await accusations(network)).toEqual([]);
  });

  it('have it on record once, all the same record, when the evidence is recorded through two of them', async () => {
    expect(await recorded(network, load.publisher)).toEqual([]);
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
