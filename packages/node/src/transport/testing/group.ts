import { createServer } from 'node:net';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { Contact } from '../../ports/transport.ts';
import type { TransportEvent } from '../events.ts';
import {
  createLibp2pTransport,
  type Libp2pTransport,
  type Libp2pTransportOptions,
} from '../libp2p-transport.ts';

/** A transport in a test, with what happened to it. */
export interface Member {
  readonly transport: Libp2pTransport;
  readonly options: Libp2pTransportOptions;
  /** Frames received, in order. */
  readonly frames: { readonly from: string; readonly frame: Uint8Array }[];
  /** Calls of `onPeer`: `+2` connected, `-2` lost. */
  readonly peers: string[];
  readonly events: TransportEvent[];
}

/** The chain that all groups are of, unless told otherwise. */
export const GENESIS = new Uint8Array(32).fill(7);

/** The p2p seed of a position. */
export function seedOf(position: number): Uint8Array {
  return new Uint8Array(32).fill(position + 1);
}

/** Ports of 127.0.0.1 that were free just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      server =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** Members of a chain with known addresses. */
export async function membersOf(count: number): Promise<Contact[]> {
  const ports = await freePorts(count);
  return Promise.all(
    ports.map(async (port, position) => {
      const key = await generateKeyPairFromSeed('Ed25519', seedOf(position));
      return { code: String(position), p2pKey: key.publicKey.raw, addresses: [`/ip4/127.0.0.1/tcp/${port}`] };
    }),
  );
}

/** A transport of one member, not started. */
export function memberAt(
  me: number,
  members: readonly Contact[],
  changes: Partial<Libp2pTransportOptions> = {},
): Member {
  const events: TransportEvent[] = [];
  const options: Libp2pTransportOptions = {
    me: String(me),
    members,
    privateKey: seedOf(me),
    listen: members[me]!.addresses,
    genesisHash: GENESIS,
    log: event => events.push(event),
    ...changes,
  };
  const member: Member = {
    transport: createLibp2pTransport(options),
    options,
    frames: [],
    peers: [],
    events,
  };
  member.transport.onFrame = (from, frame) => void member.frames.push({ from, frame });
  member.transport.onPeer = (peer, connected) => member.peers.push(`${connected ? '+' : '-'}${peer}`);
  return member;
}

/** Waits until something holds; generous, because it only ends early when all is well. */
export async function until(holds: () => boolean, what = 'the condition', ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} did not come about within ${ms} ms`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** Starts members and waits until each is connected to all the others. */
export async function startAll(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map(({ transport }) => transport.start()));
  await until(
    () => members.every(({ transport }) => transport.connected().length === members.length - 1),
    'all to all',
  );
}

/** Stops members. */
export async function stopAll(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map(({ transport }) => transport.stop()));
}
