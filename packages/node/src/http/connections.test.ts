import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { connectionsOf } from './connections.ts';
import type { HttpLimits } from './limits.ts';
import { note, type Served, serveSolo } from './testing/served.ts';

const running: Served[] = [];
afterEach(async () => {
  for (const node of running.splice(0)) await node.close();
});

async function served(limits: Partial<HttpLimits>): Promise<Served> {
  const node = await serveSolo(limits);
  running.push(node);
  return node;
}

/** A connection to a node. */
async function connectedTo(node: Served): Promise<Socket> {
  const { hostname, port } = new URL(node.server.url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

it('a connection on which nothing was asked does not hold up the end of a server', async () => {
  // Without an end of its own that would come first.
  const node = await served({ headersMs: 60_000 });
  const socket = await connectedTo(node);
  await node.ask('/healthz');
  const ended = new Promise(done => socket.on('close', done));
  await node.server.close();
  await expect(ended).resolves.toBe(false);
});

describe('a connection that stands still', () => {
  const ASK = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
  const IDLE_MS = 100;

  function answersOn(socket: Socket): () => number {
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    return () => text.split('HTTP/1.1 ').length - 1;
  }

  it('is kept while the node owes the answer, however late', async () => {
    const node = await served({ idleMs: IDLE_MS });
    const service = node.service as { submit: typeof node.service.submit };
    const { submit } = service;
    service.submit = async (bytes, wait) => {
      await pause(5 * IDLE_MS);
      return submit(bytes, wait);
    };
    const answer = await node.post(node.submission([note('late')]), '?wait=final');
    expect(answer.status).toBe(200);
  });

  it('is ended when a late answer stands behind one that nobody reads', async () => {
    const server = createServer(({ url }, response) => {
      if (url === '/late') setTimeout(() => response.end(), 5 * IDLE_MS);
      else response.end(new Uint8Array(1 << 23));
    });
    server.setTimeout(IDLE_MS);
    connectionsOf(server, 1);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
    socket.pause().write('GET / HTTP/1.1\r\nhost: x\r\n\r\nGET /late HTTP/1.1\r\nhost: x\r\n\r\n');
    const [inside] = await accepted;
    await expect.poll(() => inside.destroyed, { timeout: 5_000 }).toBe(true);
    socket.destroy();
    server.close();
  });

  it('is ended after its answer, and before a request is whole', async () => {
    const node = await served({ keepAliveMs: 10, idleMs: IDLE_MS });
    const socket = await connectedTo(node);
    const answers = answersOn(socket);
    socket.write(ASK);
    await once(socket, 'close');
    expect(answers()).toBe(1);
    const slow = await connectedTo(node);
    const told = answersOn(slow);
    const head = 'POST /v1/submissions HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n';
    slow.write(`${head}content-length: 9\r\n\r\n1`);
    await once(slow, 'close');
    expect(told()).toBe(0);
  });

  it('is answered what came while the node was stopped', async () => {
    const socket = await connectedTo(await served({ keepAliveMs: 10 }));
    const answers = answersOn(socket);
    socket.write(ASK);
    await expect.poll(answers).toBe(1);
    // Timers run right after immediates, and sockets are read later. Node adds a second to what it keeps alive.
    setImmediate(() => {
      socket.write(ASK);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    });
    await expect.poll(answers, { timeout: 5_000 }).toBe(2);
  });

  it('is answered its first request, if that came in time and the node was late', async () => {
    const node = await served({ headersMs: 200 });
    const socket = await connectedTo(node);
    const answers = answersOn(socket);
    // The node takes it in.
    await node.ask('/healthz');
    setImmediate(() => {
      socket.write(ASK);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    });
    const [first] = (await once(socket, 'data')) as [string];
    expect([answers(), first.slice(0, 12)]).toEqual([1, 'HTTP/1.1 200']);
  });

  it('is ended without a word if nothing was asked on it', async () => {
    const socket = await connectedTo(await served({ headersMs: 100 }));
    const answers = answersOn(socket);
    await once(socket, 'close');
    expect(answers()).toBe(0);
  });
});
