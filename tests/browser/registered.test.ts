import {
  approvalBytes,
  definitionEntry,
  type Entry,
  encode,
  profileDefinitionCodec,
  publisherChangeCodec,
  publishersEntry,
  type SubmissionDraft,
  signSubmission,
} from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import type { Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { action, profile } from '../../packages/core/src/execution/testing/profiles.ts';
import { PUBLISHER, TIME, testKey } from '../fixtures/builder.ts';
import { digestOf, linkTo, type Shelf, shelfOf } from './records.ts';
import { drop, verdictOn } from './steps.ts';
import { startVisit, type Visit } from './visit.ts';

const NOW = TIME + 66_000;
const TITLE = 'Memorandum of understanding';
/** Enrolled after the genesis. */
const LATECOMER = { id: '11430000006122244L', name: '后来登记的机构' };
const MEMO = profile('memo', [action('sign', { title: { zh: '签署', en: 'Sign' } })], {
  title: { zh: '谅解备忘录', en: TITLE },
});

let visit: Visit;
let shelf: Shelf;
let receipt: string;

/** Approvals of a change by members, in order of code. */
function approvals(change: Uint8Array, ...codes: readonly string[]) {
  const message = approvalBytes(visit.node.service.chain.hash, 0, nativeHasher.digest(change));
  return codes.map(code => [code, testKey(`validator ${code}`).sign(message)] as const);
}

beforeAll(async () => {
  visit = await startVisit();
  shelf = shelfOf(visit);
  const { node } = visit;
  const definition = { v: 1, epoch: 0, carrier: PUBLISHER, profile: MEMO } as const;
  const signed = approvals(encode(profileDefinitionCodec, definition), '110000', '120000', '130000');
  const keys = [testKey('latecomer').publicKey];
  const enrolled = [{ ...LATECOMER, keys, roles: [], quota: 0 }];
  const change = { v: 1, epoch: 0, carrier: PUBLISHER, home: '110000', enrolled, altered: [] } as const;
  const approved = approvals(encode(publisherChangeCodec, change), '110000');
  await node.seal(
    node.submission([definitionEntry(definition, signed)]),
    node.submission([publishersEntry(change, approved, nativeHasher)]),
  );
  const memo: Entry = {
    profile: 'memo',
    action: 'sign',
    subject: { issuer: LATECOMER.id, id: 'one' },
    digest: digestOf('a memorandum'),
    prev: null,
    links: [],
    meta: new Map(),
    origin: null,
  };
  const draft: SubmissionDraft = {
    genesis: node.service.chain.hash,
    publisher: LATECOMER.id,
    nonce: new Uint8Array(16).fill(9),
    issuedAt: TIME,
    expires: TIME + 60_000,
    entries: [memo],
  };
  await node.seal(signSubmission(draft, testKey('latecomer'), nativeHasher));
  receipt = await shelf.receipt('memo', 2);
});
afterAll(async () => {
  shelf.remove();
  await visit.close();
});

let unroute = async (): Promise<void> => {};
afterEach(() => unroute());
/** A fresh page; what it asks at `paths` is answered by `lie`. Its load asks nothing of these. */
async function open(path = '/', paths?: RegExp, lie?: (route: Route) => Promise<void>) {
  const visitor = await visit.open({}, { path, now: NOW });
  const context = visitor.page.context();
  unroute = () => context.unrouteAll();
  if (paths !== undefined && lie !== undefined) await context.route(paths, lie);
  return visitor;
}

describe('a profile that was registered after the genesis', () => {
  it('is called by its title for a receipt from a file, and the node does not learn which that is', async () => {
    const { page, requests, problems } = await open();
    const { heading, rows } = await drop(page, receipt);
    expect(heading).toBe('Receipt verified');
    expect(Object.values(rows).join('\n')).toContain(TITLE);
    const asked = requests.map(request => new URL(request.url()));
    const others = asked
      .filter(({ pathname }) => !pathname.startsWith(visit.assets))
      .map(({ pathname, search }) => pathname + search);
    expect(others.sort()).toEqual([
      '/',
      '/genesis.cbor',
      '/v1/records/0/receipt',
      '/v1/search?profile=governance&q=profile&limit=256',
    ]);
    expect(problems).toEqual([]);
  });

  it('and its publisher are called by their names where the node is asked, and the standing is judged by it', async () => {
    const { page } = await open(linkTo('a memorandum'));
    const { heading } = await verdictOn(page);
    expect(heading).toBe('In force');
    const text = await page.locator('#verdict').textContent();
    expect(text).toContain(TITLE);
    expect(text).toContain(LATECOMER.name);
  });

  it.each([
    ['hides it', /\/v1\/search/, (route: Route) => route.fulfill({ status: 404 })],
    [
      'gives a receipt that another record has',
      /\/v1\/records\/0\/receipt/,
      async (route: Route) =>
        route.fulfill({ response: await route.fetch({ url: `${visit.url}/v1/records/1/receipt` }) }),
    ],
    ['does not answer', /\/v1\/search/, async () => {}],
  ])('is called by its name where the node %s; what is verified stays verified', async (_, paths, lie) => {
    const { page } = await open('/', paths, lie);
    const { heading, rows } = await drop(page, receipt);
    expect(heading).toBe('Receipt verified');
    const text = Object.values(rows).join('\n');
    expect(text).toContain('memo');
    expect(text).not.toContain(TITLE);
  });

  it('is judged by its states where it is known, and where it is not the page says so', async () => {
    const subject = { issuer: LATECOMER.id, id: 'one' };
    const proof = await shelf.status('memo', { kind: 'subject', profile: 'memo', subject });
    const unknown = 'What this state means is not known here';
    const known = await open();
    expect((await drop(known.page, receipt, proof)).heading).toBe('Receipt verified: In force');
    expect(await known.page.getByText(unknown).count()).toBe(0);
    const { page } = await open('/', /\/v1\/search/, route => route.fulfill({ status: 404 }));
    expect((await drop(page, receipt, proof)).heading).toBe('Receipt verified: Recorded');
    expect(await page.getByText(unknown).isVisible()).toBe(true);
  });
});
