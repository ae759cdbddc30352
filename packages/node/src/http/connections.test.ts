import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { serveSolo } from './testing/served.ts';

it('a connection on which nothing was asked does not hold up the end of a server', async () => {
  // Without an end of its own that would come first.
  const node = await serveSolo({ headersMs: 60_000 });
  const { hostname, port } = new URL(node.server.url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  await node.ask('/healthz');
  const ended = new Promise(done => socket.on('close', done));
  await node.close();
  await expect(ended).resolves.toBe(false);
});
