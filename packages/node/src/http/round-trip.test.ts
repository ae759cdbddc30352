import {
  decode,
  type Entry,
  leafCodec,
  type PathValues,
  type QueryValues,
  ROUTES,
  type Route,
  type Routes,
  readJson,
  requestPath,
  verifyRequestView,
  writeJson,
} from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER, unwrap } from '../../../../tests/fixtures/builder.ts';
import { note, type Served, serveSolo } from './testing/served.ts';

type Cases = {
  readonly [K in keyof Routes]: {
    readonly params: PathValues<Routes[K]>;
    readonly query?: QueryValues<Routes[K]>;
  };
};

const id = '京政〔2020〕1号 / a?b#c%d';
const subject = { profile: 'note', issuer: PUBLISHER, id };
const digest = { alg: 'sha256', hash: new Uint8Array(32).fill(1) } as const;
const full: Entry = note(id, {
  meta: new Map<string, string | number | boolean | readonly string[]>([
    ['text', 'ab'],
    ['texts', ['一', 'zwei']],
    ['integer', -5],
    ['boolean', true],
  ]),
  origin: {
    method: 'm',
    tool: 't',
    operator: 'o',
    capturedAt: 7,
    earlier: { alg: 'sm3', hash: digest.hash },
  },
});

let node: Served;
let cases: Cases;
beforeAll(async () => {
  node = await serveSolo();
  await node.seal(node.submission([full, note('b')]));
  await node.seal(node.submission([note(id, { action: 'change', digest: null, prev: 0 })]));
  const leaf = unwrap(decode(leafCodec, node.service.ledger.leaf(0)!));
  cases = {
    submit: { params: {}, query: { wait: 'final' } },
    submission: { params: { id: leaf.submission } },
    record: { params: { index: 0 } },
    receipt: { params: { index: 1 } },
    document: { params: { digest }, query: { limit: 1 } },
    subject: { params: subject },
    history: { params: subject, query: { from: 0, limit: 256 } },
    statusProof: { params: subject },
    documentStatusProof: { params: { digest } },
    publisherStatusProof: { params: { id: PUBLISHER } },
    graph: { params: subject, query: { depth: 1, limit: 256 } },
    search: { params: {}, query: { q: 'zwei', records: 'all', limit: 1 } },
    publishers: { params: {}, query: { limit: 1 } },
    publisher: { params: { id: PUBLISHER } },
    publisherRecords: { params: { id: PUBLISHER } },
    block: { params: { height: 'latest' } },
    executed: { params: {}, query: { from: { height: 1, position: 1 }, limit: 2 } },
    members: { params: {} },
    network: { params: {} },
    evidence: { params: {}, query: { epoch: 0 } },
    badge: { params: { image: digest }, query: { lang: 'en' } },
    verify: { params: {} },
    events: { params: {} },
    genesis: { params: {} },
    checkpoint: { params: {} },
    tile: { params: { level: 0, index: '000.p/3' } },
    entries: { params: { index: '000.p/2' } },
    policy: { params: {}, query: { epoch: 0 } },
    metrics: { params: {} },
    health: { params: {} },
    ready: { params: {} },
    openapi: { params: {} },
  };
});
afterAll(() => node.close());

/** Asks for a route as a client does. */
function ask(name: keyof Routes, headers: Record<string, string> = {}, method?: string): Promise<Response> {
  const route: Route = ROUTES[name];
  const { params, query = {} } = cases[name] as { params: PathValues<Route>; query?: QueryValues<Route> };
  const path = requestPath(route, params, query);
  const post = (type: string, body: Uint8Array<ArrayBuffer> | string) =>
    node.ask(path, { method: 'POST', headers: { 'content-type': type }, body });
  if (name === 'submit') return post('application/cbor', new Uint8Array(node.submission([note('posted')])));
  if (name === 'verify')
    return post('application/json', writeJson(verifyRequestView, { digest, receipt: null }));
  return node.ask(path, { headers, method: method ?? 'GET' });
}

/** The routes whose answers have an end: a stream has tests of its own. */
const ENDING = (Object.keys(ROUTES) as (keyof Routes)[]).filter(name => name !== 'events');

describe.each(ENDING)('the route %s', name => {
  const route: Route = ROUTES[name];

  it('answers what its data say', async () => {
    const response = await ask(name);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const body = route.responses[200]!;
    const text = await response.text();
    // The view reads no member more and none less than it writes.
    if (body.kind === 'json') expect(writeJson(body.view, unwrap(readJson(body.view, text)))).toBe(text);
    else if (body.kind === 'raw') expect(response.headers.get('content-type')).toBe(body.mediaType);
  });

  it('takes no other method', async () => {
    const path = requestPath(route, cases[name].params as PathValues<Route>);
    const response = await node.ask(path, { method: 'DELETE', body: 'x' });
    expect([response.status, response.headers.get('allow')]).toEqual([
      405,
      route.method === 'GET' ? 'GET, HEAD' : 'POST',
    ]);
  });
});

const READS = ENDING.filter(name => ROUTES[name].method === 'GET');

describe.each(READS)('the answer of %s', name => {
  const route: Route = ROUTES[name];

  it('has the headers of its cache rule, also for HEAD', async () => {
    const response = await ask(name);
    const tag = response.headers.get('etag');
    const length = (await response.arrayBuffer()).byteLength;
    const head = await ask(name, {}, 'HEAD');
    expect([head.status, head.headers.get('etag')]).toEqual([200, tag]);
    if (!['metrics', 'entries'].includes(name))
      expect(head.headers.get('content-length')).toBe(String(length));
    if (route.cache === 'none') {
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(tag).toBeNull();
      return;
    }
    expect(response.headers.get('cache-control')).toContain(
      { immutable: 'immutable', seconds: 'max-age=1', minute: 'max-age=60', revalidate: 'no-cache' }[
        route.cache
      ],
    );
    for (const held of [tag!, `"other", W/${tag}`, '*']) {
      const again = await ask(name, { 'if-none-match': held });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, '']);
    }
    expect((await ask(name, { 'if-none-match': '"other"' })).status).toBe(200);
  });
});
