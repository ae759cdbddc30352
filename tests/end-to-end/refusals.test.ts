import { randomBytes } from 'node:crypto';
import {
  decodeSubmission,
  type Entry,
  encode,
  entryCodec,
  MAX_SUBMISSION_BYTES,
  submissionToJson,
  toHex,
  toUtf8,
} from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../fixtures/builder.ts';
import { Network, until } from './network.ts';
import { type Answer, Publisher } from './publisher.ts';

const NODES = [0, 1, 2, 3];
const HOUR_MS = 3_600_000;
const STRANGER = nativeSigner(new Uint8Array(32).fill(7));
const NOT_ENROLLED = '11430000006122244L';

const network = new Network();
/** May use any profile. */
let us: Publisher;
/** May use profile policy alone. */
let them: Publisher;
/** Records in the log by this file's count. */
let recorded = 0;
/** A subject of ours in force, one of theirs, and one of ours that is repealed; each with its last record. */
let ours: Head;
let theirs: Head;
let repealed: Head;

interface Head {
  readonly entry: Entry;
  readonly head: number;
}

const fresh = () => new Uint8Array(randomBytes(64));
const publishing = (more: Partial<Entry> = {}) => us.entry(fresh(), more);
const signed = (more: Partial<Entry> = {}) => us.signAll([publishing(more)]);
const withMeta = (meta: Readonly<Record<string, string>>) => signed({ meta: new Map(Object.entries(meta)) });
/** An action on a subject that is there. */
const following = ({ entry: { subject }, head }: Head, action: string, more: Partial<Entry> = {}) =>
  publishing({ action, subject, prev: head, ...more });
const acting = (...[head, action, more]: Parameters<typeof following>) =>
  us.signAll([following(head, action, more)]);
const linking = (rel: string, { entry: { subject } }: Pick<Head, 'entry'>, index: number) =>
  signed({ links: [{ rel, subject, index }] });
const json = (wire = signed()) => submissionToJson(unwrap(decodeSubmission(wire, nativeSuite.hasher)));
/** A submission of one entry with a byte of its signature changed, which stands before the list of entries. */
function badlySigned(): Uint8Array {
  const entry = publishing();
  const wire = us.signAll([entry]);
  wire[wire.length - encode(entryCodec, entry).length - 1 - 32]! ^= 1;
  return wire;
}
/** Two entries are signed and one is sent. */
function oneOfTwo(): Uint8Array {
  const entries = [publishing(), publishing()] as const;
  const [first, second] = entries.map(entry => encode(entryCodec, entry).length) as [number, number];
  const wire = us.signAll(entries);
  const list = wire.length - first - second - 1;
  expect(wire[list]).toBe(0x82);
  wire[list] = 0x81;
  return wire.slice(0, -second);
}

async function allHold(size: number): Promise<void> {
  await until(async () => {
    const views = await Promise.all(NODES.map(node => network.json<{ size: number }>(node, '/v1/network')));
    for (const view of views) expect(view.size).toBeLessThanOrEqual(size);
    return views.every(view => view.size === size);
  }, `every node holds ${size} records`);
}

/** Something that is recorded, on all nodes when it returns. */
async function succeed(node: number, by: Publisher, entries: readonly Entry[]): Promise<readonly number[]> {
  const { status, body } = await by.post(node, by.signAll(entries));
  expect([status, body.code]).toEqual([200, undefined]);
  recorded += entries.length;
  await allHold(recorded);
  return body.receipts!.map(({ index }) => index);
}

function expectRefusal({ status, type, body }: Answer, code: string, expected: number, entry: number | null) {
  expect(
    { status, code: body.code, entry: body.entry ?? null, type: type.split(';')[0] },
    body.detail,
  ).toEqual({
    status: expected,
    code,
    entry,
    type: 'application/problem+json',
  });
  expect(body.detail?.length).toBeGreaterThan(10);
}

beforeAll(async () => {
  network.up();
  us = new Publisher(network, '11110000DEM000002F');
  them = new Publisher(network);
  const [mine, old, other] = [publishing(), publishing(), them.entry(fresh())];
  const [first, second] = await succeed(0, us, [mine, old]);
  const [third] = await succeed(1, them, [other]);
  const [fourth] = await succeed(2, us, [
    following({ entry: old, head: second! }, 'repeal', { digest: null }),
  ]);
  ours = { entry: mine, head: first! };
  theirs = { entry: other, head: third! };
  repealed = { entry: old, head: fourth! };
});
afterAll(() => network.end());

type Case = readonly [
  what: string,
  status: number,
  code: string,
  entry: number | null,
  make: () => Uint8Array | string,
];

const CASES: readonly Case[] = [
  // Who signs, for which chain, and when.
  [
    'a publisher not enrolled',
    422,
    'unknown-publisher',
    null,
    () => us.signAll([publishing()], { publisher: NOT_ENROLLED, signer: STRANGER }),
  ],
  [
    'a sound key that is not the publisher’s',
    422,
    'wrong-key',
    null,
    () => us.signAll([publishing()], { signer: STRANGER }),
  ],
  [
    'another publisher’s name',
    422,
    'wrong-key',
    null,
    () => us.signAll([publishing()], { publisher: them.id }),
  ],
  ['a changed signature', 400, 'bad-signature', null, badlySigned],
  [
    'another chain',
    422,
    'wrong-chain',
    null,
    () => us.signAll([publishing()], { genesis: new Uint8Array(32).fill(9) }),
  ],
  [
    'one that has expired',
    422,
    'expired',
    null,
    () => us.signAll([publishing()], { issuedAt: Date.now() - 2 * HOUR_MS, expires: Date.now() - HOUR_MS }),
  ],
  [
    'one of the future',
    422,
    'not-yet-valid',
    null,
    () => us.signAll([publishing()], { issuedAt: Date.now() + HOUR_MS, expires: Date.now() + 2 * HOUR_MS }),
  ],
  [
    'one that would live too long',
    400,
    'malformed',
    null,
    () => us.signAll([publishing()], { expires: Date.now() + 25 * HOUR_MS }),
  ],
  // Form.
  ['a body above the bound', 413, 'too-big', null, () => new Uint8Array(MAX_SUBMISSION_BYTES + 1)],
  ['a body that is not even read', 413, 'too-big', null, () => new Uint8Array(MAX_SUBMISSION_BYTES + 4096)],
  [
    'an entry above 16 KiB',
    413,
    'too-big',
    null,
    () => withMeta({ summary: 'x'.repeat(8192), url: 'y'.repeat(8192) }),
  ],
  ['garbage', 400, 'cbor-type', null, () => toUtf8('garbage')],
  ['nothing', 400, 'cbor-truncated', null, () => new Uint8Array(0)],
  ['a truncated submission', 400, 'cbor-truncated', null, () => signed().slice(0, -1)],
  ['something after the end', 400, 'cbor-trailing', null, () => Uint8Array.of(...signed(), 0)],
  ['fewer entries than were signed', 400, 'malformed', null, oneOfTwo],
  [
    'two entries of a subject',
    400,
    'malformed',
    null,
    () => us.signAll([publishing(), following(ours, 'amend'), following(ours, 'repeal')]),
  ],
  ['JSON that is none', 400, 'malformed', null, () => '{'],
  ['JSON with a name twice', 400, 'malformed', null, () => json().replace('"v":1', '"v":1,"v":1')],
  ['JSON with __proto__', 400, 'malformed', null, () => json().replace('"v":1', '"v":1,"__proto__":{}')],
  [
    'JSON with an unsafe integer',
    400,
    'malformed',
    null,
    () => json().replace('"prev":null', '"prev":9007199254740993'),
  ],
  [
    'JSON that says other than what was signed',
    400,
    'malformed',
    null,
    () => json().replace('"action":"publish"', '"action":"amend"'),
  ],
  // What the state and the profile say.
  ['a profile nobody registered', 422, 'unknown-profile', 0, () => signed({ profile: 'nowhere' })],
  [
    'a profile the publisher may not use',
    422,
    'profile-not-allowed',
    0,
    () => them.signAll([them.entry(fresh(), { profile: 'nowhere' })]),
  ],
  ['an action the profile has not', 422, 'unknown-action', 0, () => signed({ action: 'fly' })],
  [
    'a name in another issuer’s book',
    422,
    'not-issuer',
    0,
    () => signed({ subject: { issuer: them.id, id: 'squat' } }),
  ],
  ['an action on another issuer’s document', 422, 'not-issuer', 0, () => acting(theirs, 'repeal')],
  ['a second publication', 409, 'action-not-allowed', 0, () => acting(ours, 'publish')],
  ['an amendment of nothing', 409, 'action-not-allowed', 0, () => signed({ action: 'amend' })],
  ['a repeal of what is repealed', 409, 'action-not-allowed', 0, () => acting(repealed, 'repeal')],
  ['a stale prev', 409, 'wrong-prev', 0, () => acting(ours, 'amend', { prev: theirs.head })],
  ['no prev where there is a record', 409, 'wrong-prev', 0, () => acting(ours, 'amend', { prev: null })],
  ['a prev where there is none', 409, 'wrong-prev', 0, () => signed({ prev: 0 })],
  ['no file where one is needed', 422, 'digest-required', 0, () => signed({ digest: null })],
  ['a field the action has not', 422, 'unknown-field', 0, () => withMeta({ colour: 'red' })],
  ['a date that is none', 422, 'bad-field', 0, () => withMeta({ made: '2026-02-30' })],
  ['a document number in another form', 422, 'bad-field', 0, () => withMeta({ number: '国办发[2020]1号' })],
  [
    'a validity that ends before it begins',
    422,
    'bad-field',
    0,
    () => withMeta({ effective: '2026-01-02', expires: '2026-01-01' }),
  ],
  ['a secret document', 422, 'secret-document', 0, () => withMeta({ secrecy: '秘密' })],
  ['a relation the action has not', 422, 'link-not-allowed', 0, () => linking('amended-by', ours, ours.head)],
  ['a link to nothing', 422, 'unknown-link', 0, () => linking('based-on', { entry: publishing() }, 0)],
  [
    'a link to another record than the last',
    409,
    'stale-link',
    0,
    () => linking('based-on', ours, repealed.head),
  ],
];

describe('a network refuses, records nothing and goes on after', () => {
  it.each(CASES.map((one, i) => [...one, i % 4] as const))(
    '%s: %d %s',
    async (_, status, code, entry, make, node) => {
      expectRefusal(await us.post(node, make()), code, status, entry);
      await allHold(recorded);
      await succeed((node + 1) % 4, us, [publishing()]);
    },
  );
});

describe('a submission', () => {
  it('that comes again has its first outcome, at whatever node, and is recorded once', async () => {
    const wire = signed();
    const { status, body } = await us.post(0, wire);
    expect(status).toBe(200);
    await allHold(++recorded);
    for (const again of [wire, json(wire)])
      for (const node of NODES) {
        const repeat = await us.post(node, again);
        expect(repeat.status).toBe(200);
        expect([repeat.body.id, repeat.body.height]).toEqual([body.id, body.height]);
        expect(repeat.body.receipts!.map(({ index }) => index)).toEqual([body.receipts![0]!.index]);
      }
    await allHold(recorded);
    await succeed(1, us, [publishing()]);
  });

  it('of the same entries under a fresh signature is another, whose prev is stale', async () => {
    const [head] = await succeed(0, us, [following(ours, 'amend')]);
    ours = { ...ours, head: head! };
    const amend = following(ours, 'amend');
    const [latest] = await succeed(1, us, [amend]);
    ours = { ...ours, head: latest! };
    expectRefusal(await us.post(2, us.signAll([amend])), 'wrong-prev', 409, 0);
    await allHold(recorded);
    await succeed(3, us, [publishing()]);
  });

  it('is recorded whole or not at all, and the refusal names the entry', async () => {
    const good = [publishing(), publishing()] as const;
    for (const [at, bad] of [publishing({ digest: null }), publishing({ action: 'fly' })].entries()) {
      const entries = good.toSpliced(at + 1, 0, bad);
      const code = ['digest-required', 'unknown-action'][at]!;
      expectRefusal(await us.post(at, us.signAll(entries)), code, 422, at + 1);
    }
    await allHold(recorded);
    for (const node of NODES)
      for (const { digest } of good) {
        const answer = await fetch(`${network.nodes[node]!.url}/v1/documents/sha256:${toHex(digest!.hash)}`);
        expect(answer.status).toBe(404);
      }
    const [first, second] = await succeed(3, us, good);
    expect(second).toBe(first! + 1);
  });

  it('that races others for a subject is recorded once, the others are refused for good', async () => {
    const subject = { issuer: us.id, id: 'one of four' };
    const wires = NODES.map(() => signed({ subject }));
    const answers = await Promise.all(wires.map((wire, node) => us.post(node, wire)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    await allHold(++recorded);
    for (const [node, { status, body }] of answers.entries()) {
      const again = await us.post((node + 1) % 4, wires[node]!);
      expect([again.status, again.body.code]).toEqual([status, body.code]);
      if (status === 409) expectRefusal(again, 'action-not-allowed', 409, 0);
    }
    await allHold(recorded);
    await succeed(0, us, [publishing()]);
  });
});
