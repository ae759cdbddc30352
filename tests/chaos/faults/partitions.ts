import { type Fault, leading, sleep, tolerated, victim, type World } from './fault.ts';
import { nothingFinal } from './no-quorum.ts';

/** A slow link: ms and bytes a second. */
const SLOW = { delay: 200, rate: 50_000 };
/** How long a link is bad, ms: longer than the others wait. */
const SHORTEST = 3_000;
const LONGEST = 6_000;

async function forAWhile({ network, random }: World): Promise<void> {
  await sleep(random.between(SHORTEST, LONGEST));
  network.links.heal();
  await network.settled();
}

/** As many nodes as may be away are cut off. */
export const minority: Fault = async world => {
  const { network, random, say } = world;
  const away = random.sample(network.honest, tolerated(network));
  say(`nodes ${away.join(', ')} are cut off`);
  network.links.cut(away);
  await forAWhile(world);
  return [];
};

/** The leader is cut off. */
export const isolateLeader: Fault = async world => {
  const seat = await leading(world);
  world.say(`the leader, node ${seat}, is cut off`);
  world.network.links.cut([seat]);
  await forAWhile(world);
  return [];
};

/** Nobody hears the leader, who hears everybody. */
export const muteLeader: Fault = async world => {
  const seat = await leading(world);
  world.say(`nobody hears the leader, node ${seat}, who hears everybody`);
  world.network.links.mute([seat]);
  await forAWhile(world);
  return [];
};

/** All packets of a node are lost, and nobody is told that a connection ended. */
export const blackhole: Fault = async world => {
  const seat = await victim(world);
  world.say(`what node ${seat} sends or should get is lost`);
  world.network.links.silence([seat]);
  await forAWhile(world);
  return [];
};

/** The network falls into parts none of which has a quorum. */
export const split: Fault = async world => {
  const { network, random, say } = world;
  const side = random.sample(network.honest, tolerated(network) + 1);
  say(`nodes ${side.join(', ')} and the others do not hear each other`);
  network.links.cut(side);
  const flaws = await nothingFinal(world);
  network.links.heal();
  await network.settled();
  return flaws;
};

/** One node, or all of them, have slow links. */
export const slowLinks: Fault = async world => {
  const { network, random, say } = world;
  const slow = random.chance(0.5) ? [await victim(world)] : [...network.seats.keys()];
  say(`slow links of nodes ${slow.join(', ')}`);
  for (const seat of slow) network.links.worsen([seat], SLOW);
  await forAWhile(world);
  return [];
};

/** Connections are reset over and over. */
export const resets: Fault = async world => {
  const { network, random, say } = world;
  say('connections are reset');
  for (let i = 0; i < 10; i++) {
    network.links.reset([random.pick(network.honest)]);
    await sleep(random.between(100, 600));
  }
  await network.settled();
  return [];
};
