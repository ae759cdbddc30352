import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DEFAULT_PARAMETERS } from '@qifeng/core';
import {
  demoPublisherKey,
  makeGenesis,
  memberEntry,
  publisherEntry,
  seedMembers,
  seedPublishers,
} from '../../../packages/node/src/cli/genesis-plan.ts';
import { newHome } from '../../../packages/node/src/cli/new-home.ts';
import { DEFAULT_CONFIG } from '../../../packages/node/src/config/config.ts';

/** One member of a network that was made. */
export interface Seat {
  readonly code: string;
  readonly home: string;
  readonly httpPort: number;
  readonly p2pPort: number;
}

/** Ms between heartbeat blocks: short, so that an idle network says soon where it stands. */
const HEARTBEAT_MS = 3_000;
/** Ports tried: below those that a system gives to connections of its own, so that they are still free later. */
const MOST_TRIED = 1_000;
const [FIRST_PORT, LAST_PORT] = [21_000, 32_000];

/** The port that stands for a member in the genesis; nobody listens there. */
export function nominalPort(seat: number): number {
  return 1 + seat;
}

/** Makes the homes of a network, its genesis and its demo publishers. In the genesis every address is a nominal one. */
export async function makeHomes(folder: string, n: number): Promise<readonly Seat[]> {
  const members = seedMembers();
  const ports = await freePorts(2 * n);
  const nodes = members.slice(0, n).map((member, i) => {
    const home = join(folder, 'nodes', member.code);
    const [httpPort, p2pPort] = [ports[2 * i]!, ports[2 * i + 1]!];
    const node = newHome(home, member.code, {
      ...DEFAULT_CONFIG,
      http: { host: '127.0.0.1', port: httpPort },
      p2p: { host: '127.0.0.1', port: p2pPort },
    });
    return { node, code: member.code, home, httpPort, p2pPort };
  });
  mkdirSync(join(folder, 'keys'), { recursive: true });
  const genesis = makeGenesis(
    'Qifeng chaos network',
    'chaos.qifeng.example',
    members.map(member => {
      const seat = nodes.findIndex(({ code }) => code === member.code);
      return seat < 0
        ? memberEntry(member, null, [])
        : memberEntry(member, nodes[seat]!.node, [`/ip4/127.0.0.1/tcp/${nominalPort(seat)}`]);
    }),
    seedPublishers().map(publisher =>
      publisherEntry(publisher, [demoPublisherKey(join(folder, 'keys'), publisher.id)]),
    ),
    { ...DEFAULT_PARAMETERS, heartbeatMs: HEARTBEAT_MS },
  );
  for (const { home } of nodes) writeFileSync(join(home, 'genesis.cbor'), genesis);
  writeFileSync(join(folder, 'genesis.cbor'), genesis);
  return nodes;
}

async function freePorts(count: number): Promise<readonly number[]> {
  const found: number[] = [];
  // From anywhere on: another network may be made at the same time.
  for (
    let port = randomInt(FIRST_PORT, LAST_PORT - MOST_TRIED);
    found.length < count && port < LAST_PORT;
    port++
  )
    if (await isFree(port)) found.push(port);
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
