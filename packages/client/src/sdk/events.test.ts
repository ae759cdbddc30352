import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RecordEvent, recordEventView, streamText, writeJson } from '@qifeng/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type EventPlace, followEvents } from './events.ts';
import type { NodeError } from './node-error.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const event = (index: number): RecordEvent => ({
  index,
  height: 1,
  time: 0,
  publisher: 'p',
  seq: index + 1,
  profile: 'note',
  action: 'open',
  subject: { issuer: 'p', id: 'x' },
  version: 1,
  digest: null,
  title: null,
});
const told = (id: number, of = id) =>
  streamText({ id: String(id), data: writeJson(recordEventView, event(of)) });

/** A node that says this to each who asks, told after which index; it counts them. */
async function node(says: (response: ServerResponse, after: number | null, call: number) => void) {
  const calls: (number | null)[] = [];
  const server = createServer((request, response) => {
    const after = new URL(request.url!, 'http://x').searchParams.get('after');
    calls.push(after === null ? null : Number(after));
    says(response, calls.at(-1)!, calls.length);
  });
  servers.push(server);
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

/** An honest node: all from where it is asked, `upTo` not included, and then nothing. */
const honest = (upTo: number) => (response: ServerResponse, after: number | null) => {
  response.writeHead(200).write(streamText({ id: String(after) }));
  for (let index = after! + 1; index < upTo; index++) response.write(told(index));
};

/** The first events by these nodes, and what went wrong on the way. */
async function follow(nodes: readonly { readonly url: string }[], count: number) {
  const place: EventPlace = { after: -1 };
  const lost: NodeError[] = [];
  const stop = new AbortController();
  const got: number[] = [];
  const urls = nodes.map(({ url }) => url);
  const events = followEvents({
    nodes: urls,
    query: {},
    place,
    signal: stop.signal,
    onLost: fault => lost.push(fault),
  });
  for await (const { index } of events) if (got.push(index) === count) break;
  stop.abort();
  return { got, lost };
}

describe('a reader of events', () => {
  it.each([
    ['tells an event twice', told(0) + told(0)],
    ['goes back', told(0) + streamText({ id: '-1' })],
    ['gives an event another id', told(0) + told(2, 1)],
    ['says what is no event', told(0) + streamText({ id: '1', data: '{}' })],
    ['says what is no id', told(0) + streamText({ id: 'x' })],
    ['does not end a message', `${told(0)}data: ${'x'.repeat(300_000)}`],
    ['ends', told(0)],
  ])('leaves a node that %s, and goes on with another from where it was', async (_, text) => {
    const bad = await node(response => response.writeHead(200).end(text));
    const good = await node(honest(4));
    const { got, lost } = await follow([bad, good], 4);
    expect(got).toEqual([0, 1, 2, 3]);
    expect(lost).toHaveLength(1);
    expect(good.calls).toEqual([0]);
  });

  it('comes again when it may to the one node it has', async () => {
    const one = await node((response, after, call) => {
      if (call === 1) response.writeHead(200).end(told(0));
      else if (call === 2) response.writeHead(429, { 'retry-after': '1' }).end('{}');
      else honest(2)(response, after);
    });
    const { got, lost } = await follow([one], 2);
    expect([got, lost.map(({ code }) => code)]).toEqual([
      [0, 1],
      ['unreachable', 'busy'],
    ]);
    expect(one.calls).toEqual([-1, 0, 0]);
  });

  it('does not ask again and again who takes the call and drops it', async () => {
    const drops = [await node(response => response.writeHead(200).end(': hello\n\n'))];
    drops.push(await node(response => response.writeHead(200).end(': hello\n\n')));
    const stop = new AbortController();
    const pauses: number[] = [];
    const events = followEvents({
      nodes: drops.map(({ url }) => url),
      query: {},
      place: { after: -1 },
      signal: stop.signal,
      onLost: (_, ms) => {
        if (pauses.push(ms) === 5) stop.abort();
      },
    });
    await expect(events.next()).rejects.toMatchObject({ name: 'AbortError' });
    expect(pauses).toEqual([0, 0, 500, 500, 1000]);
  });

  it('says where no node was ever reached, and where one refuses', async () => {
    const refuses = await node(response => response.writeHead(404).end('no such place'));
    await expect(follow([refuses], 1)).rejects.toMatchObject({ code: 'bad-answer' });
    await expect(follow([{ url: 'http://127.0.0.1:1' }], 1)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
