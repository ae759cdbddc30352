import type { Harm } from '../network/link-proxy.ts';
import { type Fault, leading, sleep, tolerated, victim, type World } from './fault.ts';
import { nothingFinal } from './no-quorum.ts';

/** A slow link: ms and bytes a second. */
const SLOW = { delay: 200, rate: 50_000 };
/** How long a link is bad, ms: longer than the others wait. */
const SHORTEST = 3_000;
const LONGEST = 6_000;

const WORDS: Readonly<Record<keyof Harm, string>> = {
  ended: 'no connection was ended',
  refused: 'no connection was refused',
  stalled: 'nothing was held back',
  late: 'nothing was late',
};

/** What is done to links until they heal; a flaw if it harmed nobody so, as then nothing is shown. */
async function harming(
  { network }: World,
  kind: keyof Harm,
  act: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const before = network.links.harm(kind);
  const flaws = await act();
  const harmed = network.links.harm(kind) > before;
  network.links.heal();
  await network.settled();
  return harmed ? flaws : [...flaws, WORDS[kind]];
}

/** Links are bad for a while. */
function forAWhile(world: World, kind: keyof Harm, worsen: () => void): Promise<readonly string[]> {
  return harming(world, kind, async () => {
    worsen();
    await sleep(world.random.between(SHORTEST, LONGEST));
    return [];
  });
}

/** As many nodes as may be away are cut off. */
export const minority: Fault = async world => {
  const { network, random, say } = world;
  const away = random.sample(network.honest, tolerated(network));
  say(`nodes ${away.join(', ')} are cut off`);
  return forAWhile(world, 'ended', () => network.links.cut(away));
};

/** The leader is cut off. */
export const isolateLeader: Fault = async world => {
  const seat = await leading(world);
  world.say(`the leader, node ${seat}, is cut off`);
  return forAWhile(world, 'ended', () => world.network.links.cut([seat]));
};

/** Nobody hears the leader, who hears everybody. */
export const muteLeader: Fault = async world => {
  const seat = await leading(world);
  world.say(`nobody hears the leader, node ${seat}, who hears everybody`);
  return forAWhile(world, 'stalled', () => world.network.links.mute([seat]));
};

/** All packets of a node are lost, and nobody is told that a connection ended. */
export const blackhole: Fault = async world => {
  const seat = await victim(world);
  world.say(`what node ${seat} sends or should get is lost`);
  return forAWhile(world, 'stalled', () => world.network.links.silence([seat]));
};

/** The network falls into parts none of which has a quorum. */
export const split: Fault = async world => {
  const { network, random, say } = world;
  const side = random.sample(network.honest, tolerated(network) + 1);
  say(`nodes ${side.join(', ')} and the others do not hear each other`);
  return harming(world, 'ended', () => {
    network.links.cut(side);
    return nothingFinal(world);
  });
};

/** One node, or all of them, have slow links. */
export const slowLinks: Fault = async world => {
  const { network, random, say } = world;
  const slow = random.chance(0.5) ? [await victim(world)] : [...network.seats.keys()];
  say(`slow links of nodes ${slow.join(', ')}`);
  return forAWhile(world, 'late', () => {
    for (const seat of slow) network.links.worsen([seat], SLOW);
  });
};

/** Connections are reset over and over. */
export const resets: Fault = async world => {
  const { network, random, say } = world;
  say('connections are reset');
  return harming(world, 'ended', async () => {
    for (let i = 0; i < 10; i++) {
      network.links.reset([random.pick(network.honest)]);
      await sleep(random.between(100, 600));
    }
    return [];
  });
};
