import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../end-to-end/network.ts';
import { LinkProxy } from './link-proxy.ts';

let server: Server;
let proxy: LinkProxy;
/** What the far end got, all connections together. */
let arrived = '';
const clients: Socket[] = [];

beforeEach(async () => {
  arrived = '';
  // It echoes what it gets.
  server = createServer(socket => {
    socket.on('error', () => {});
    socket.on('data', bytes => {
      arrived += bytes;
      socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await LinkProxy.to((server.address() as AddressInfo).port);
});

afterEach(async () => {
  for (const socket of clients.splice(0)) socket.destroy();
  await proxy.close();
  server.close();
});

interface Client {
  readonly socket: Socket;
  got: string;
  closed: boolean;
}

async function client(): Promise<Client> {
  const socket = connect(proxy.port, '127.0.0.1');
  clients.push(socket);
  const made: Client = { socket, got: '', closed: false };
  socket.on('data', bytes => (made.got += bytes));
  socket.on('error', () => {});
  socket.on('close', () => (made.closed = true));
  await once(socket, 'connect');
  return made;
}

describe('a proxy', () => {
  it('passes bytes both ways', async () => {
    const one = await client();
    one.socket.write('hello');
    await until(() => one.got === 'hello', 'the echo');
    expect(proxy.connections).toBe(1);
    expect(proxy.harm).toEqual({ ended: 0, refused: 0, stalled: 0, late: 0 });
  });

  it('cuts connections and lets none through until it is healed', async () => {
    const one = await client();
    one.socket.write('before');
    await until(() => one.got === 'before', 'the echo');
    proxy.cut();
    const two = await client();
    await until(() => one.closed && two.closed, 'both closed');
    expect(proxy.harm).toEqual({ ended: 1, refused: 1, stalled: 0, late: 0 });
    proxy.heal();
    const three = await client();
    three.socket.write('after');
    await until(() => three.got === 'after', 'the echo');
    expect(arrived).toBe('beforeafter');
  });

  it('stalls one direction alone, and loses nothing', async () => {
    const one = await client();
    proxy.set('back', { stalled: true });
    one.socket.write('asked');
    await until(() => arrived === 'asked', 'the question');
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(one.got).toBe('');
    expect(proxy.harm).toEqual({ ended: 0, refused: 0, stalled: 5, late: 0 });
    proxy.heal();
    await until(() => one.got === 'asked', 'the answer');
  });

  it('delays bytes and keeps their order', async () => {
    proxy.set('forth', { delay: 200 });
    const one = await client();
    const start = performance.now();
    one.socket.write('first ');
    one.socket.write('second');
    await until(() => one.got === 'first second', 'both');
    expect(performance.now() - start).toBeGreaterThan(100);
    expect(proxy.harm).toEqual({ ended: 0, refused: 0, stalled: 0, late: 12 });
  });

  it('carries no more than its rate', async () => {
    proxy.set('forth', { rate: 50_000 });
    const one = await client();
    const start = performance.now();
    one.socket.write('x'.repeat(25_000));
    await until(() => one.got.length === 25_000, 'all of it');
    expect(performance.now() - start).toBeGreaterThan(400);
    expect(proxy.harm.late).toBe(25_000);
  });
});
