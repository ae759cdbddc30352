import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { told } from '../chaos/byzantine/told.ts';
import { ChaosNetwork } from '../chaos/network/chaos-network.ts';
import { AWAY, caughtUp, LIES, makeBlocks } from './left-behind.ts';
import { until } from './network.ts';
import { Publisher } from './publisher.ts';

const BLOCKS = 150;
let network: ChaosNetwork;
let publisher: Publisher;

describe('a node that was off for some hundred blocks, one of its three peers giving false headers and bodies', () => {
  beforeAll(async () => {
    network = await ChaosNetwork.start(4, [LIES]);
    publisher = new Publisher(network);
  });
  afterAll(() => network?.destroy());

  it('catches up from the other two and takes part again', async () => {
    await publisher.publish(AWAY);
    await caughtUp(network, 0, AWAY);
    const { height } = (await network.standing(0))!;
    await network.life(AWAY).stop();
    await makeBlocks(network, publisher, BLOCKS);
    const lies = (): number => told(network, LIES.seat, 'false-answers');
    const before = lies();
    // The liar alone is asked first.
    for (const seat of [0, 2]) network.links.between(AWAY, seat).cut();
    network.launch(AWAY);
    // Its links are open before its interface is.
    await until(async () => (await network.standing(AWAY)) !== null, 'it answers');
    await until(() => lies() > before, 'false answers are given');
    expect((await network.standing(AWAY))!.height).toBe(height);
    network.links.heal();
    await caughtUp(network, AWAY, 0);
    expect((await network.standing(AWAY))!.height).toBeGreaterThanOrEqual(height + BLOCKS);
    expect((await publisher.publish(AWAY)).status).toBe(200);
    expect(await publisher.problems(AWAY)).toEqual([]);
  });

  it('holds what its own check finds sound', async () => {
    await network.stopAll();
    expect(await network.check(AWAY)).toContain('sound');
  });
});
