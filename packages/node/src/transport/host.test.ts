import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import { memberAt, membersOf, seedOf, stopAll } from './testing/group.ts';
import { outsider } from './testing/outsider.ts';

/** What opens every connection of libp2p; then nothing more is said. */
const MULTISTREAM = '\x13/multistream/1.0.0\n';
const PATIENT_MS = 30_000;

/** A server that takes connections and says nothing. */
async function mute() {
  const sockets: Socket[] = [];
  const server = createServer(socket => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { address: multiaddr(`/ip4/127.0.0.1/tcp/${port}`), sockets, close };
}

// Side by side, as each waits for the deadline itself.
describe.concurrent('a handshake that is never finished', () => {
  it.each([
    ['says nothing', ''],
    ['only begins', MULTISTREAM],
  ])(
    'ends the connection of who %s',
    async (_, bytes) => {
      const members = await membersOf(3);
      const self = memberAt(1, members);
      await self.transport.start();
      const port = Number(/tcp\/(\d+)/.exec(members[1]!.addresses[0]!)![1]);
      const stranger = connect(port, '127.0.0.1', () => stranger.write(bytes)).resume();
      // Reset or not: it ends.
      await new Promise(resolve => stranger.on('error', () => {}).once('close', resolve));
      expect(self.transport.connected()).toEqual([]);
      await stopAll([self]);
    },
    PATIENT_MS,
  );

  it(
    'ends a dial, at whichever address of a member nothing is said',
    async () => {
      const [first, second] = [await mute(), await mute()];
      const { node } = await outsider(seedOf(0));
      await expect(node.dial([first.address, second.address])).rejects.toThrow();
      // All the time there is went by at the first.
      expect([first.sockets.length, second.sockets.length]).toEqual([1, 0]);
      await node.stop();
      first.close();
      second.close();
    },
    PATIENT_MS,
  );
});
