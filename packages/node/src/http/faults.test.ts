import { connect } from 'node:net';
import { problemView, ROUTES, type Route, readJson } from '@qifeng/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER, unwrap } from '../../../../tests/fixtures/builder.ts';
import { languageOf } from './problem.ts';
import { note, problemIn, type Served, serveSolo } from './testing/served.ts';

let node: Served;
beforeAll(async () => {
  node = await serveSolo({ inFlight: 3, inFlightPerAddress: 2, headerBytes: 4096 });
  await node.seal(node.submission([note('a'), note('演发〔2026〕1号')]));
});
afterAll(() => node.close());

const HEX = '0'.repeat(64);

describe('an answer that is an error', () => {
  it.each([
    ['/', 'no-route'],
    ['/v1', 'no-route'],
    ['/v1/records/', 'bad-parameter'],
    ['/v1/records/1/', 'no-route'],
    ['/v1/records/2', 'no-record'],
    ['/v1/records/2/receipt', 'no-record'],
    ['/v1/records/9007199254740991', 'no-record'],
    ['/v1/records/9007199254740992', 'bad-parameter'],
    ['/v1/records/-1', 'bad-parameter'],
    ['/v1/records/01', 'bad-parameter'],
    ['/v1/records/0?x=1', 'bad-parameter'],
    ['/v1/records/%', 'bad-request'],
    ['/v1/submissions/00', 'bad-parameter'],
    [`/v1/submissions/${HEX}`, 'no-submission'],
    [`/v1/submissions/${'A'.repeat(64)}`, 'bad-parameter'],
    [`/v1/documents/md5:${HEX}`, 'bad-parameter'],
    [`/v1/documents/${HEX}`, 'bad-parameter'],
    [`/v1/documents/sm3:${HEX}`, 'no-document'],
    [`/v1/documents/sha256%3A${HEX}`, 'no-document'],
    [`/v1/subjects/note/${PUBLISHER}/b`, 'no-subject'],
    [`/v1/subjects/note/${PUBLISHER}/b/history`, 'no-subject'],
    [`/v1/subjects/note/91350211M000100Y43/b`, 'bad-parameter'],
    [`/v1/subjects/Note/${PUBLISHER}/b`, 'bad-parameter'],
    [`/v1/subjects/note/${PUBLISHER}/%00`, 'bad-parameter'],
    [`/v1/subjects/note/${PUBLISHER}/a/history?limit=0`, 'bad-parameter'],
    [`/v1/subjects/note/${PUBLISHER}/a/history?limit=257`, 'bad-parameter'],
    [`/v1/subjects/note/${PUBLISHER}/a/history?limit=1&limit=1`, 'bad-parameter'],
    ['/v1/publishers/91350100M000100Y43', 'no-publisher'],
    ['/v1/publishers/91350100M000100Y43/records', 'no-publisher'],
    ['/v1/blocks/0', 'no-block'],
    ['/v1/blocks/2', 'no-block'],
    ['/v1/blocks/last', 'bad-parameter'],
    ['/policy?epoch=7', 'no-epoch'],
    ['/__proto__', 'no-route'],
    ['/v1/members?__proto__=1', 'bad-parameter'],
  ])('at %s is %s', async (path, code) => {
    const problem = await problemIn(await node.ask(path));
    expect([problem.code, problem.type]).toEqual([code, `urn:qifeng:problem:${code}`]);
  });

  it('names the subject with the brackets of a document number, where there is one', async () => {
    const detail = async (id: string, more = '') =>
      (await problemIn(await node.ask(`/v1/subjects/note/${PUBLISHER}/${encodeURIComponent(id)}${more}`)))
        .detail;
    for (const more of ['', '/history', '/graph'])
      expect(await detail('演发[2026]1号', more)).toMatch(/no record on this ledger; 演发〔2026〕1号 has$/);
    expect(await detail('演发[2026]2号')).toMatch(/no record on this ledger$/);
  });

  it('takes two kinds of body', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense'])
      expect((await problemIn(await node.post('x', '', type))).code).toBe('wrong-media-type');
    const bare = await node.ask('/v1/submissions', { method: 'POST' });
    expect((await problemIn(bare)).code).toBe('bad-request');
    expect((await problemIn(await node.post('{}', '?wait=soon'))).code).toBe('bad-parameter');
  });

  it('has its title in the language asked for', async () => {
    const ask = (language: string) => node.ask('/v1/records/9', { headers: { 'accept-language': language } });
    expect((await problemIn(await ask('zh-CN,zh;q=0.9,en;q=0.8'))).title).toBe('账本中没有该存证记录');
    expect((await problemIn(await ask('en'))).title).toBe('The log has no such record');
    expect((await ask('en')).headers.get('vary')).toBe('accept-language');
    const headers = [undefined, '', 'de', 'zh', 'en, zh', 'zh;q=0.5, en;q=0.4', 'en;q=x, ZH-Hant;q=0.1'];
    expect(headers.map(languageOf)).toEqual(['en', 'en', 'en', 'zh', 'en', 'zh', 'zh']);
  });

  it('tells nothing of an unexpected failure but the id under which it is logged', async () => {
    node.mood.broken = true;
    const response = await node.ask('/v1/records/0/receipt');
    node.mood.broken = false;
    const problem = await problemIn(response);
    expect(problem.code).toBe('internal');
    expect(JSON.stringify(problem)).not.toMatch(/secret|disk|\.ts/);
    expect(node.logged).toHaveLength(1);
    const { id, error } = node.logged.pop()!.fields;
    expect([id, (error as Error).message]).toEqual([problem.id, 'secret of the disk']);
  });
});

/** What a server answers to bytes that no client of ours would send. */
function raw(bytes: string, url = node.server.url): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8').on('data', chunk => {
      text += chunk;
    });
    socket.on('end', () => resolve(text)).on('error', reject);
  });
}

describe('what is no request', () => {
  it.each([
    ['nonsense\r\n\r\n', 'bad-request'],
    ['GET / HTTP/9.9\r\n\r\n', 'bad-request'],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(8000)}\r\n\r\n`, 'long-headers'],
    ['POST /v1/submissions HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n', 'bad-request'],
  ])('%# is answered and ended', async (bytes, code) => {
    const [head = '', body = ''] = (await raw(bytes)).split('\r\n\r\n');
    const problem = unwrap(readJson(problemView, body));
    expect(problem.code).toBe(code);
    expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${problem.status} ${code}`);
  });
});

describe('a request that does not go on', () => {
  it('is answered and ended', async () => {
    const hurried = await serveSolo({ headersMs: 50 });
    const text = await raw('GET /v1/members HTTP/1.1\r\nhost:', hurried.server.url);
    await hurried.close();
    expect(text).toMatch(/^HTTP\/1\.1 408 slow-request\r\n/);
  });
});

describe('many requests at once', () => {
  it('are turned away above the limit, and the places come back', async () => {
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    const { service } = node;
    const submit = service.submit;
    let inside = 0;
    const entered = new Promise<void>(resolve => {
      (service as { submit: typeof submit }).submit = async (bytes, wait) => {
        if (++inside === 2) resolve();
        await held;
        return submit(bytes, wait);
      };
    });
    const slow = [node.post(node.submission([note('x')])), node.post(node.submission([note('y')]))];
    await entered;
    const refused = await problemIn(await node.ask('/v1/members'));
    expect(refused).toMatchObject({ code: 'busy', status: 429, retryAfter: 1 });
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await node.ask(path)).status).toBe(200);
    release();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([202, 202]);
    (service as { submit: typeof submit }).submit = submit;
    // A place is given back when the answer is out, which the client may see a moment earlier.
    await expect.poll(async () => (await node.ask('/v1/members')).status).toBe(200);
  });
});

describe('a client that hangs up', () => {
  it('keeps its place until the node waits no more', async () => {
    let release = () => {};
    const { service } = node;
    const submit = service.submit;
    const wire = node.submission([note('w')]);
    const entered = new Promise<void>(entry => {
      const held = new Promise<void>(resolve => {
        release = resolve;
      });
      (service as { submit: typeof submit }).submit = async (bytes, wait) => {
        entry();
        await held;
        return submit(bytes, wait);
      };
    });
    const hasty = new AbortController();
    const asked = node.ask('/v1/submissions', {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body: new Uint8Array(wire),
      signal: hasty.signal,
    });
    await entered;
    hasty.abort();
    await expect(asked).rejects.toThrow();
    (service as { submit: typeof submit }).submit = submit;
    const inFlight = async () =>
      /qifeng_http_pending_requests (\d+)/.exec(await (await node.ask('/metrics')).text())?.[1];
    expect(await inFlight()).toBe('1');
    release();
    await expect.poll(inFlight).toBe('0');
  });
});

describe('anything at all', () => {
  it('in a path is answered below 500', async () => {
    const starts = Object.values<Route>(ROUTES)
      .filter(({ responses }) => responses[200]?.kind !== 'events')
      .map(({ path }) => path.replace(/\{.*$/, ''));
    const segment = fc.oneof(
      fc.string(),
      fc.webPath(),
      fc.constantFrom('..%2f', '%ff', '::', '0', 'x001/000', PUBLISHER),
    );
    const path = fc.tuple(fc.constantFrom(...starts), fc.array(segment, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(path, async ([start, rest]) => {
        const response = await node.ask(`${start}${rest.join('/')}`.replaceAll(/[\s#\\]/g, ''));
        await response.arrayBuffer();
        expect(response.status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });

  it('in a body is answered below 500', async () => {
    const wire = node.submission([note('z')]);
    const cbor = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat(wire.length - 1), fc.nat(255)).map(([at, byte]) => wire.with(at, byte)),
    );
    const body = fc.oneof(cbor, fc.json(), fc.string());
    await fc.assert(
      fc.asyncProperty(body, async bytes => {
        const response = await node.post(bytes);
        await response.arrayBuffer();
        expect(response.status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
    expect(node.logged).toEqual([]);
  });
});
