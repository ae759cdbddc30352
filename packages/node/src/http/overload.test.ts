import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { weightOf } from '../mempool/limits.ts';
import type { HttpLimits } from './limits.ts';
import { overload, quantile } from './testing/overload.ts';
import { type PressedNode, pressedNode } from './testing/pressed-node.ts';
import { note, problemIn, type Served, serveSolo } from './testing/served.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});
const served = async (limits: Partial<HttpLimits>): Promise<Served> => {
  const node = await serveSolo(limits);
  running.push(node);
  return node;
};

const PATIENT = { timeout: 15_000 };
const MANY = { perSecond: 1e9, burst: 1e9 };

describe('a node that is offered ten times what it takes', () => {
  /** A node with room for 200 small submissions, and 2,000 of them. */
  async function pressed(publisherShare: number): Promise<PressedNode & { readonly room: number }> {
    const room = 200 * weightOf(280, 1);
    const publisher = { pending: room * publisherShare, submissions: MANY, bytes: MANY };
    const node = await pressedNode({ own: room, all: 2 * room, publisher }, { refusals: MANY });
    running.push(node);
    return { ...node, room };
  }

  it.each([
    ['overloaded', 1],
    ['over-quota', 0.5],
  ])(
    'stays within its bounds, answers 429 %s fast, and takes more when there is room',
    async (code, share) => {
      const node = await pressed(share);
      const wires = Array.from({ length: 2000 }, (_, i) => node.submission([note(`n${i}`)]));
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, node.mempool.weight);
      }, 1);
      const answers = await overload(node.server.url, wires, 64);
      clearInterval(watch);
      const taken = answers.filter(({ status }) => status === 202);
      const refused = answers.filter(({ status }) => status === 429);
      expect(taken.length + refused.length).toBe(2000);
      expect(taken.length).toBeGreaterThan(150 * share);
      expect(taken.length).toBeLessThan(260 * share);
      expect(refused.every(({ retryAfter }) => retryAfter === 1)).toBe(true);
      // 12 to 30 ms on an idle machine.
      expect(quantile(refused, 0.5)).toBeLessThan(1000);
      // 64 signatures may be under check at once, of a publisher whose quota was asked before.
      expect(most).toBeLessThanOrEqual(node.room * share + 64 * weightOf(400, 1));
      expect(most).toBeLessThanOrEqual(node.room);
      expect(node.mempool.size).toBe(taken.length);
      expect((await problemIn(await node.post(wires.at(-1)!))).code).toBe(code);
      for (const path of ['/healthz', '/metrics', '/v1/network'])
        expect((await node.ask(path)).status).toBe(200);
      expect(node.logged).toEqual([]);

      await node.execute();
      expect(node.mempool.weight).toBe(0);
      expect((await node.post(wires.at(-1)!)).status).toBe(202);
    },
  );

  it('reads no body for which it has no room, and goes on with the connection', async () => {
    const node = await pressed(1);
    const wire = node.submission([note('one')]);
    const wires = Array.from({ length: 300 }, (_, i) => node.submission([note(`n${i}`)]));
    await overload(node.server.url, wires, 8);
    const head = `POST /v1/submissions HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: ${wire.length}\r\n\r\n`;
    const { hostname, port } = new URL(node.server.url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    socket.write(head);
    const [refused] = (await once(socket, 'data')) as [string];
    expect(refused).toMatch(/^HTTP\/1\.1 429 /);
    expect(refused).toMatch(/\r\nretry-after: 1\r\n/);
    expect(refused).toContain('"overloaded"');
    await node.execute();
    socket.write(wire);
    socket.write(head);
    socket.write(wire);
    expect(await once(socket, 'data')).toEqual([expect.stringMatching(/^HTTP\/1\.1 202 /)]);
    socket.destroy();
  });

  it('takes no body for which it has no memory', async () => {
    const node = await served({ bodyBytes: 4 * 1024 * 1024, requestMs: 3000, headersMs: 2000 });
    const head = 'POST /v1/submissions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    // Two of a MiB fill the half that one address may have, a byte each sent.
    const slow = [0, 1].map(() => talk(node, `${head}content-length: 1000000\r\n\r\n{`));
    await expect.poll(() => pendingOf(node), PATIENT).toBe(2);
    expect(await talk(node, `${head}content-length: 1000000\r\n\r\n{`, 1)).toMatch(/^HTTP\/1\.1 429 /);
    expect(await talk(node, `${head}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`, 1)).toMatch(
      /^HTTP\/1\.1 429 /,
    );
    // They never end, and are ended.
    for (const text of await Promise.all(slow)) expect(text).toMatch(/^HTTP\/1\.1 408 slow-request/);
    await expect.poll(() => pendingOf(node), PATIENT).toBe(0);
    expect((await node.post(node.submission([note('a')]))).status).toBe(202);
  }, 30_000);
});

/** Sends bytes, and gives what comes back until the end, or the first `chunks` pieces. */
function talk(node: Served, bytes: string, chunks = Number.POSITIVE_INFINITY): Promise<string> {
  const { hostname, port } = new URL(node.server.url);
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    let got = 0;
    socket.setEncoding('utf8').on('data', chunk => {
      text += chunk;
      if (++got >= chunks) socket.destroy();
    });
    socket.on('close', () => resolve(text)).on('error', reject);
  });
}

async function countOf(node: Served, pattern: RegExp): Promise<number> {
  const text = await (await node.ask('/metrics')).text();
  return Number(pattern.exec(text)?.[1] ?? 0);
}

const pendingOf = (node: Served) => countOf(node, /qifeng_http_pending_requests (\d+)/);

describe('a client that holds on to what it got', () => {
  it('has so many connections and no more', async () => {
    const node = await served({ connectionsPerAddress: 5 });
    const { hostname, port } = new URL(node.server.url);
    const sockets = Array.from({ length: 12 }, () => connect(Number(port), hostname).on('error', () => {}));
    await expect.poll(() => sockets.filter(({ closed }) => closed).length, PATIENT).toBe(7);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(() =>
        node
          .ask('/healthz')
          .then(({ status }) => status)
          .catch(() => 0),
      )
      .toBe(200);
  });

  it('is let go when it does not read its answers', async () => {
    const node = await served({ idleMs: 1500 });
    await node.seal(node.submission(Array.from({ length: 200 }, (_, i) => note(`n${i}`))));
    const { hostname, port } = new URL(node.server.url);
    const socket = connect(Number(port), hostname).on('error', () => {});
    const page = `GET /v1/documents/sha256:${'01'.repeat(32)}?limit=200 HTTP/1.1\r\nhost: x\r\n\r\n`;
    socket.pause().write(page.repeat(100));
    const seen = async () =>
      (await countOf(node, /requests_total\{route="document".*\} (\d+)/)) + (await pendingOf(node));
    await expect.poll(seen, PATIENT).toBeGreaterThan(0);
    await expect.poll(() => pendingOf(node), PATIENT).toBe(0);
    socket.destroy();
  }, 30_000);

  it('leaves room for others when it only waits', async () => {
    const node = await served({ waits: 2, waitMs: 500 });
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    const service = node.service as { submit: typeof node.service.submit };
    const { submit } = service;
    service.submit = async (bytes, wait) => {
      if (wait !== null) await held;
      return submit(bytes, null);
    };
    const post = (id: string, query: string) => node.post(node.submission([note(id)]), query);
    const waiting = [post('a', '?wait=final'), post('b', '?wait=final')];
    await expect.poll(() => pendingOf(node), PATIENT).toBe(2);
    expect(await problemIn(await post('c', '?wait=final'))).toMatchObject({ code: 'busy', retryAfter: 1 });
    expect((await post('d', '')).status).toBe(202);
    release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await post('e', '?wait=final')).status).toBe(202);
  });

  it('is told to wait when all it sends is refused', async () => {
    const node = await served({ refusals: { perSecond: 0.5, burst: 10 } });
    const codes: string[] = [];
    for (let i = 0; i < 12; i++) codes.push((await problemIn(await node.post('{'))).code);
    expect(codes).toEqual([...new Array<string>(10).fill('malformed'), 'busy', 'busy']);
    const told = await problemIn(await node.post(node.submission([note('a')])));
    expect([told.code, told.retryAfter]).toEqual(['busy', 2]);
    expect((await node.ask('/v1/network')).status).toBe(200);
  });
});
