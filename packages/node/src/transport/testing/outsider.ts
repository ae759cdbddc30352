import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { multiaddr } from '@multiformats/multiaddr';
import type { Libp2p } from 'libp2p';
import type { Contact } from '../../ports/transport.ts';
import { type Connection, createHost, type Stream } from '../host.ts';
import { prologueOf, protocolOf } from '../libp2p-transport.ts';
import { GENESIS } from './group.ts';

/** A libp2p node with any key that speaks the protocol as badly as the test wants. */
export interface Outsider {
  readonly node: Libp2p;
  dial(member: Contact): Promise<Connection>;
  open(connection: Connection): Promise<Stream>;
}

/** Starts one; `onStream` gets the streams that others open. */
export async function outsider(
  seed: Uint8Array,
  onStream: (stream: Stream) => void = () => {},
  listen: readonly string[] = [],
  genesisHash: Uint8Array = GENESIS,
): Promise<Outsider> {
  const node = await createHost({
    privateKey: await generateKeyPairFromSeed('Ed25519', seed),
    listen,
    prologue: prologueOf(GENESIS),
    members: 4,
    mayDial: () => true,
    mayCome: () => true,
    mayAccept: () => true,
  });
  await node.handle(protocolOf(genesisHash), onStream);
  await node.start();
  return {
    node,
    dial: member => node.dial(multiaddr(member.addresses[0]!), { force: true }),
    open: connection => connection.newStream(protocolOf(genesisHash)),
  };
}
