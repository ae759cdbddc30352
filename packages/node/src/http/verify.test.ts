import { createHash } from 'node:crypto';
import {
  type Digest,
  formatReceipt,
  fromUtf8,
  parseReceipt,
  ROUTES,
  STEPS,
  sealEntry,
  toHex,
  toUtf8,
  verifyReceipt,
  verifyRequestView,
  writeJson,
} from '@qifeng/core';
import { nativeHasher, nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER, seed, unwrap } from '../../../../tests/fixtures/builder.ts';
import { note, problemIn, readValue, type Served, serveSolo } from './testing/served.ts';

const FILE = new Uint8Array(100_000).map((_, i) => i * i);
const digestOf = (bytes: Uint8Array): Digest => ({
  alg: 'sha256',
  hash: new Uint8Array(createHash('sha256').update(bytes).digest()),
});
const digest = digestOf(FILE);

let node: Served;
let receipt: string;
beforeAll(async () => {
  node = await serveSolo({ fileBytes: 200_000 });
  await node.seal(node.submission([note('before'), note('file', { digest })]));
  receipt = await (await node.ask('/v1/records/1/receipt')).text();
});
afterAll(() => node.close());

const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json', path = '/v1/verify') =>
  node.ask(path, { method: 'POST', headers: { 'content-type': type }, body });
const ask = (of: Digest | null, with_: string | null) =>
  post(writeJson(verifyRequestView, { digest: of, receipt: with_ }));
const verdict = async (response: Promise<Response>) => readValue(ROUTES.verify, 200, await response);

describe('a node’s verdict', () => {
  it.each([
    ['a digest and a receipt', () => ask(digest, receipt)],
    ['a digest alone, by the node’s own receipt', () => ask(digest, null)],
    ['a file, of which only the digest is made', () => post(FILE, 'application/octet-stream')],
  ])('on %s is that of who verifies offline', async (_, request) => {
    const told = await verdict(request());
    const options = { chain: node.service.chain, suite: nativeSuite, digests: [digest] };
    const own = verifyReceipt(toUtf8(told.receipt), options);
    if (!own.ok) throw new Error(own.fault.detail);
    const { index, recordedAt, existedNoLaterThan } = own.value;
    expect(told).toMatchObject({ verified: true, code: 'verified', detail: null, digest });
    expect(told).toMatchObject({ index, recordedAt, existedNoLaterThan, verdict: 'in-force' });
    expect(told.steps).toEqual(STEPS.map(step => ({ step, holds: true, code: null, detail: null })));
    expect([told.cosigners.length, told.standing?.head]).toEqual([own.value.cosigners.length, index]);
  });

  it('says what the file is to its subject: the text, an enclosure, or an earlier text', async () => {
    const enclosed = digestOf(FILE.subarray(20));
    const textOf = async (of: Digest) => (await verdict(ask(of, null))).text;
    await node.seal(node.submission([note('file', { action: 'annex', digest: enclosed, prev: 1 })]));
    expect([await textOf(digest), await textOf(enclosed)]).toEqual(['present', 'enclosed']);
    const later = { action: 'close', digest: digestOf(FILE.subarray(30)), prev: 2 };
    await node.seal(node.submission([note('file', later)]));
    expect([await textOf(digest), await textOf(enclosed)]).toEqual(['earlier', 'enclosed']);
    expect((await verdict(ask(digest, 'no receipt'))).text).toBeNull();
  });

  it('on a digest is about the record of the publisher that is asked for, and names all who recorded it', async () => {
    const body = writeJson(verifyRequestView, { digest, receipt: null });
    const by = (issuer: string) => post(body, 'application/json', `/v1/verify?issuer=${issuer}`);
    expect(await verdict(by(PUBLISHER))).toMatchObject({ verified: true, index: 1, publishers: [PUBLISHER] });
    expect((await problemIn(await by('11430000006122244L'))).code).toBe('no-document');
    expect(await verdict(ask(digest, receipt))).toMatchObject({ publishers: null });
  });

  it('on a file is about its first record, by whichever algorithm that names it', async () => {
    const recorded = FILE.subarray(40);
    const hash = new Uint8Array(createHash('sm3').update(recorded).digest());
    const sm3: Digest = { alg: 'sm3', hash };
    await node.seal(node.submission([note('by sm3', { digest: sm3 })]));
    const sent = () => verdict(post(recorded, 'application/octet-stream'));
    const told = await sent();
    expect(told).toMatchObject({ verified: true, digest: sm3, publishers: [PUBLISHER] });
    await node.seal(node.submission([note('by sha256', { digest: digestOf(recorded) })]));
    expect(await sent()).toMatchObject({ verified: true, digest: sm3, index: told.index });
    const none = await problemIn(await post(FILE.subarray(41), 'application/octet-stream'));
    expect(none.detail).toMatch(/carries sha256:[0-9a-f]{64} or sm3:[0-9a-f]{64}$/);
  });

  it.each([
    ['over', { effective: '2019-01-01', expires: '2020-01-01' }, ['effective', 'expires'], 'lapsed', []],
    [
      'over, whatever else is hidden',
      { effective: '2019-01-01', expires: '2020-01-01' },
      ['expires'],
      'lapsed',
      [],
    ],
    ['to come', { effective: '2999-01-01' }, ['effective'], 'not-yet', []],
    [
      'withheld',
      { effective: '2019-01-01', expires: '2020-01-01' },
      ['effective'],
      'dates-not-shown',
      ['expires'],
    ],
    ['not opened at all', { effective: '2019-01-01' }, [], 'dates-not-shown', ['effective']],
    [
      'shown and running',
      { effective: '2019-01-01', expires: '2999-01-01' },
      ['effective', 'expires'],
      'in-force',
      [],
    ],
  ] as const)('on a sealed record is by its dates: %s', async (name, dates, shown, word, undisclosed) => {
    const plain = note(name, { profile: 'sealed', digest: null, meta: new Map(Object.entries(dates)) });
    const { entry, opening } = sealEntry(plain, toHex(seed(name, 32)), nativeHasher, () => seed('salt', 32));
    const index = node.service.ledger.head()!.size;
    await node.seal(node.submission([entry]));
    const served = new Uint8Array(await (await node.ask(`/v1/records/${index}/receipt`)).arrayBuffer());
    const { extra, ...rest } = unwrap(parseReceipt(served));
    const opened = new Map([...opening!].filter(([place]) => shown.some(each => each === place)));
    const held = formatReceipt({ ...rest, extra: { ...extra, opening: opened.size === 0 ? null : opened } });
    const told = await verdict(ask(null, unwrap(fromUtf8(held))));
    expect(told).toMatchObject({ verified: true, verdict: word, undisclosed });
  });

  it('on a receipt alone says nothing of a file', async () => {
    expect(await verdict(ask(null, receipt))).toMatchObject({ verified: true, digest: null, index: 1 });
  });

  it('on what is false names the fault, as offline, and tells nothing of the record', async () => {
    const other = await verdict(ask(digestOf(FILE.subarray(1)), receipt));
    expect(other).toMatchObject({ verified: false, code: 'file-mismatch', record: null, index: null });
    expect(other.steps.every(({ holds }) => holds)).toBe(true);
    const lines = receipt.split('\n');
    const signed = lines.findLastIndex(line => line.startsWith('— '));
    const forged = lines.with(signed, lines[signed]!.replace(/.{9}$/, 'AAAAAAAA=')).join('\n');
    const told = await verdict(ask(digest, forged));
    expect(told.verified).toBe(false);
    expect(told.steps.filter(({ holds }) => !holds).map(({ step }) => step)).toEqual(['signatures']);
    expect(await verdict(ask(digest, 'no receipt'))).toMatchObject({ verified: false, steps: [] });
  });

  it('is never another than offline, whatever is changed', async () => {
    const options = { chain: node.service.chain, suite: nativeSuite, digests: [digest] };
    const change = fc.tuple(fc.nat(receipt.length - 1), fc.constantFrom('', 'A', '\n', '0'));
    await fc.assert(
      fc.asyncProperty(change, async ([at, put]) => {
        const changed = receipt.slice(0, at) + put + receipt.slice(at + 1);
        const own = verifyReceipt(toUtf8(changed), options);
        const told = await verdict(ask(digest, changed));
        expect([told.verified, told.code]).toEqual([own.ok, own.ok ? 'verified' : own.fault.code]);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused without anything to judge, or too much', async () => {
    const code = async (response: Promise<Response>) => (await problemIn(await response)).code;
    expect(await code(ask(null, null))).toBe('bad-request');
    expect(await code(post('{"digest":null}'))).toBe('bad-request');
    expect(await code(ask(digestOf(FILE.subarray(2)), null))).toBe('no-document');
    expect(await code(post(new Uint8Array(10), 'application/octet-stream'))).toBe('no-document');
    expect(await code(post(new Uint8Array(200_001), 'application/octet-stream'))).toBe('too-big');
    const chunks = new ReadableStream({
      start: controller => {
        for (let i = 0; i < 3; i++) controller.enqueue(new Uint8Array(100_000));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/octet-stream' };
    const streamed = { method: 'POST', headers, body: chunks, duplex: 'half' } as RequestInit;
    expect(await code(node.ask('/v1/verify', streamed))).toBe('too-big');
    expect(await code(ask(digest, 'x'.repeat(2 ** 20)))).toBe('too-big');
    expect(await code(post('x', 'application/cbor'))).toBe('wrong-media-type');
    expect(await code(post('x', 'application/octet-stream', '/v1/submissions'))).toBe('wrong-media-type');
    expect(node.logged).toEqual([]);
  });

  it('waits for a file that is not final', async () => {
    node.mood.certifies = false;
    const late = digestOf(FILE.subarray(3));
    await node.seal(node.submission([note('late', { digest: late })]));
    node.mood.certifies = true;
    expect(await problemIn(await ask(late, null))).toMatchObject({ code: 'not-final', retryAfter: 1 });
  });
});
