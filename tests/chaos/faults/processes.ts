import { type Fault, leading, sleep, tolerated, victim, type World } from './fault.ts';
import { nothingFinal } from './no-quorum.ts';

/** Times that a node is killed right after its start. */
const STORM = 5;

async function killed(world: World, seat: number): Promise<void> {
  const { network, random, say } = world;
  const away = random.between(500, 3_000);
  say(`kill -9 of node ${seat}, for ${away} ms`);
  await network.crash(seat);
  await sleep(away);
  network.launch(seat);
  await network.settled();
}

/** A node is killed and comes back. */
export const kill: Fault = async world => {
  await killed(world, await victim(world));
  return [];
};

/** The leader is killed and comes back. */
export const killLeader: Fault = async world => {
  await killed(world, await leading(world));
  return [];
};

/** The leader sleeps for longer than the others wait for it, and wakes up with what it believed then. */
export const pauseLeader: Fault = async world => {
  const { network, random, say } = world;
  const seat = await leading(world);
  const away = random.between(3_000, 6_000);
  say(`SIGSTOP of node ${seat}, for ${away} ms`);
  network.life(seat).signal('SIGSTOP');
  const since = performance.now();
  const isAwake = (await network.standing(seat)) !== null;
  await sleep(Math.max(0, away - (performance.now() - since)));
  network.life(seat).signal('SIGCONT');
  await network.settled();
  return isAwake ? ['it answers in its sleep'] : [];
};

/** A node is killed again and again while it starts or catches up. */
export const restartStorm: Fault = async world => {
  const { network, random, say } = world;
  const seat = await victim(world);
  say(`${STORM} restarts of node ${seat} in a row`);
  for (let i = 0; i < STORM; i++) {
    await network.crash(seat);
    network.launch(seat);
    await sleep(random.between(100, 1_500));
  }
  await network.settled();
  return [];
};

/** Every node is killed at once. */
export const powerCut: Fault = async ({ network, say }) => {
  say('kill -9 of all nodes');
  await Promise.all([...network.seats.keys()].map(seat => network.crash(seat)));
  for (const seat of network.seats.keys()) network.launch(seat);
  await network.settled();
  return [];
};

/** More nodes are killed than may be away: the others go on when one is back. */
export const killTooMany: Fault = async world => {
  const { network, random, say } = world;
  const liars = network.liars.map(({ seat }) => seat);
  const away = random.sample(network.honest, tolerated(network) + 1 - liars.length);
  say(`kill -9 of nodes ${away.join(' and ')}${liars.length > 0 ? ', and the liars are cut off' : ''}`);
  network.links.cut(liars);
  await Promise.all(away.map(seat => network.crash(seat)));
  const flaws = await nothingFinal(world);
  network.links.heal();
  for (const seat of away) network.launch(seat);
  await network.settled();
  return flaws;
};
