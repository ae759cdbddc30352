import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallPoints } from '../../../../tests/vectors/ed25519-edge.ts';
import { speccheckVectors } from '../crypto/testing/ed25519-vectors.ts';
import { concat, toHex } from '../encoding/bytes.ts';
import { encode } from '../encoding/codec.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { logHash } from '../merkle/log-hash.ts';
import { pathOf } from '../merkle/log-path.ts';
import { leafHashesOf } from '../merkle/log-root.ts';
import { verifyInclusion } from '../merkle/log-verify.ts';
import { nativeSigner } from '../native/native-signer.ts';
import { nativeSuite } from '../native/native-suite.ts';
import { type Entry, entryCodec } from './entry.ts';
import {
  decodeSubmission,
  entriesRoot,
  MAX_LIFE_MS,
  MAX_SUBMISSION_BYTES,
  peekSubmission,
  type SubmissionDraft,
  signedBytes,
  signSubmission,
  submissionHeaderCodec,
  verifySubmission,
} from './submission.ts';
import { bytesOf, damage, damaged, entryArb, hash32, usccArb } from './testing/arbitraries.ts';
import { type Loose, looseCbor } from './testing/loose.ts';

const { hasher, verifier } = nativeSuite;
const signer = nativeSigner(new Uint8Array(32).fill(7));
const ISSUER = '11100000000013338W';
const entry = (id: string, change: Partial<Entry> = {}): Entry => ({
  profile: 'policy',
  action: 'publish',
  subject: { issuer: ISSUER, id },
  digest: { alg: 'sha256', hash: new Uint8Array(32) },
  prev: null,
  links: [],
  meta: new Map(),
  origin: null,
  ...change,
});
const draft = (entries: readonly Entry[], change: Partial<SubmissionDraft> = {}): SubmissionDraft => ({
  genesis: new Uint8Array(32),
  publisher: ISSUER,
  nonce: new Uint8Array(16),
  issuedAt: 1_000,
  expires: 2_000,
  entries,
  ...change,
});
const sign = (entries: readonly Entry[], change: Partial<SubmissionDraft> = {}) =>
  signSubmission(draft(entries, change), signer, hasher);

/** Decodes, then verifies: 'ok' or the code. */
function verdict(wire: Uint8Array): string {
  const decoded = decodeSubmission(wire, hasher);
  if (!decoded.ok) return decoded.fault.code;
  const verified = verifySubmission(decoded.value, verifier);
  return verified.ok ? 'ok' : verified.fault.code;
}

/** Wire bytes of anything: the fields of a header, changed by place, signed as they stand. */
function forge(
  entries: readonly Entry[],
  change: (fields: Loose[]) => Loose[] = fields => fields,
): Uint8Array {
  const parts = entries.map(value => encode(entryCodec, value));
  const fields: Loose[] = [
    ...[1, new Uint8Array(32), ISSUER, signer.publicKey, new Uint8Array(16), 1_000, 2_000],
    ...[entries.length, entriesRoot(parts, hasher)],
  ];
  const header = looseCbor(change(fields));
  const signature = looseCbor(signer.sign(signedBytes(header)));
  const list = concat(looseCbor(Array(parts.length).fill(0)).slice(0, -parts.length || undefined), ...parts);
  return concat(Uint8Array.of(0x83), header, signature, list);
}

const detailOf = (wire: Uint8Array) => {
  const decoded = decodeSubmission(wire, hasher);
  return decoded.ok ? 'ok' : `${decoded.fault.code}: ${decoded.fault.detail}`;
};

describe('submissions', () => {
  const drafts = fc.record({
    genesis: hash32,
    publisher: usccArb,
    nonce: bytesOf(16),
    issuedAt: fc.nat(1_700_000_000_000),
    life: fc.integer({ min: 1, max: MAX_LIFE_MS }),
    entries: fc.uniqueArray(entryArb, {
      minLength: 1,
      maxLength: 6,
      selector: ({ profile, subject }) => `${profile} ${subject.issuer} ${subject.id}`,
    }),
  });

  it('are read back, verified, and identified by what was signed', () => {
    fc.assert(
      fc.property(drafts, ({ life, ...rest }) => {
        const wire = signSubmission({ ...rest, expires: rest.issuedAt + life }, signer, hasher);
        const decoded = decodeSubmission(wire, hasher);
        if (!decoded.ok) throw new Error(decoded.fault.detail);
        const { id, header, headerBytes, signature, entries, entryBytes } = decoded.value;
        expect(verifySubmission(decoded.value, verifier).ok).toBe(true);
        const { entries: sent, ...fields } = rest;
        expect(header).toMatchObject({ v: 1, ...fields, count: sent.length });
        expect(entries).toEqual(rest.entries);
        const signed = concat(toUtf8('qifeng/submission/v1'), Uint8Array.of(0), headerBytes);
        expect(toHex(id)).toBe(toHex(hasher.digest(signed)));
        expect(verifier.verify(signer.publicKey, signed, signature)).toBe(true);
        const tree = logHash(hasher);
        for (const [i, bytes] of entryBytes.entries()) {
          const path = pathOf(tree, leafHashesOf(tree, entryBytes), i);
          expect(verifyInclusion(tree, tree.leaf(bytes), i, header.count, path, header.root).ok).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are refused after any damage, and nothing throws', () => {
    const wire = sign([entry('1'), entry('2')]);
    expect(verdict(wire)).toBe('ok');
    fc.assert(
      fc.property(damage, how => {
        expect(verdict(damaged(wire, how))).not.toBe('ok');
      }),
      { numRuns: 1500 },
    );
    for (let at = 0; at < wire.length; at++) expect(verdict(wire.with(at, wire[at]! ^ 1))).not.toBe('ok');
  });

  it('are told by their header alone, whatever follows it', () => {
    const wire = sign([entry('1'), entry('2')]);
    const whole = decodeSubmission(wire, hasher);
    if (!whole.ok) throw new Error(whole.fault.detail);
    const { id, header, headerBytes } = whole.value;
    const rest = 1 + headerBytes.length;
    for (const bytes of [wire, wire.subarray(0, rest), concat(wire.subarray(0, rest), Uint8Array.of(0xff))])
      expect(peekSubmission(bytes, hasher)).toEqual({ ok: true, value: { id, header } });
    for (const [bytes, code] of [
      [wire.subarray(0, rest - 1), 'cbor-truncated'],
      [wire.with(0, 0x82), 'cbor-value'],
      [wire.with(0, 0x84), 'cbor-limit'],
      [new Uint8Array(0), 'cbor-truncated'],
      [concat(wire, new Uint8Array(MAX_SUBMISSION_BYTES)), 'too-big'],
    ] as const)
      expect(peekSubmission(bytes, hasher)).toMatchObject({ fault: { code } });
    fc.assert(
      fc.property(damage, how => {
        const bytes = damaged(wire, how);
        const peeked = peekSubmission(bytes, hasher);
        const decoded = decodeSubmission(bytes, hasher);
        if (decoded.ok) expect(peeked).toMatchObject({ ok: true, value: { id: decoded.value.id } });
        if (!peeked.ok) expect(decoded).toEqual(peeked);
      }),
      { numRuns: 500 },
    );
  });

  it('say malformed for a wrong count, root or lifetime', () => {
    const two = [entry('1'), entry('2')];
    expect(verdict(forge(two))).toBe('ok');
    for (const wrong of [1, 3, 1024])
      expect(detailOf(forge(two, fields => fields.with(7, wrong)))).toMatch(/^malformed: .*entries/);
    expect(detailOf(forge(two, fields => fields.with(8, new Uint8Array(32))))).toMatch(
      /^malformed: the root/,
    );
    for (const expires of [0, 999, 1_000, 1_001 + MAX_LIFE_MS])
      expect(detailOf(forge(two, fields => fields.with(6, expires)))).toMatch(/^malformed: expires/);
    expect(verdict(forge(two, fields => fields.with(6, 1_000 + MAX_LIFE_MS)))).toBe('ok');
    expect(verdict(sign(two, { issuedAt: 5, expires: 5 }))).toBe('malformed');
  });

  it('say malformed for a second entry of a subject, of whatever action', () => {
    const other = '11430000006122244L';
    expect(detailOf(sign([entry('1'), entry('2'), entry('1', { action: 'amend' })]))).toMatch(
      /^malformed: entry 2 is the second/,
    );
    expect(verdict(sign([entry('1'), entry('1', { profile: 'bill' })]))).toBe('ok');
    expect(verdict(sign([entry('1'), entry('1', { subject: { issuer: other, id: '1' } })]))).toBe('ok');
  });

  it('say cbor-… for headers and entry lists of another form', () => {
    const one = [entry('1')];
    for (const [at, value] of [
      [0, 2],
      [1, new Uint8Array(31)],
      [2, '91350211M000100Y43'],
      [3, new Uint8Array(33)],
      [4, new Uint8Array(15)],
      [5, -1],
      [6, null],
      [7, 0],
      [7, 1025],
      [8, 'root'],
    ] as const)
      expect(verdict(forge(one, fields => fields.with(at, value)))).toMatch(/^cbor-/);
    expect(verdict(forge([]))).toBe('cbor-value');
    expect(verdict(forge(one, fields => [...fields, null]))).toMatch(/^cbor-/);
    expect(verdict(new Uint8Array(0))).toBe('cbor-truncated');
    expect(verdict(concat(sign(one), Uint8Array.of(0)))).toBe('cbor-trailing');
  });

  it('say too-big above 16 KiB an entry and 256 KiB in all', () => {
    const sized = (size: number) => {
      const empty = encode(entryCodec, entry('1', { meta: metaOf(8192, 1000) })).length - 1000;
      return sign([entry('1', { meta: metaOf(8192, size - empty) })]);
    };
    expect(verdict(sized(16 * 1024))).toBe('ok');
    expect(detailOf(sized(16 * 1024 + 1))).toBe('too-big: entry 0 has 16385 bytes, limit 16384');
    expect(verdict(new Uint8Array(MAX_SUBMISSION_BYTES + 1))).toBe('too-big');
    expect(verdict(new Uint8Array(MAX_SUBMISSION_BYTES))).toMatch(/^cbor-/);
    const many = Array.from({ length: 1024 }, (_, i) => entry(String(i)));
    expect(verdict(sign(many))).toBe('ok');
    expect(() => sign([...many, entry('x')])).toThrow(RangeError);
  });

  const metaOf = (a: number, b: number) => new Map(Object.entries({ a: 'x'.repeat(a), b: 'y'.repeat(b) }));

  it('say bad-key for keys of small or mixed order, before they look at the signature', () => {
    const withKey = (key: Uint8Array) => forge([entry('1')], fields => fields.with(3, key));
    for (const small of smallPoints())
      expect(verdict(withKey(new Uint8Array(small.canonical)))).toBe('bad-key');
    const mixed = speccheckVectors().filter(({ isKey, verify }) => verify && !isKey);
    expect(mixed).toHaveLength(1);
    expect(verdict(withKey(mixed[0]!.key))).toBe('bad-key');
    expect(verdict(withKey(new Uint8Array(32).fill(0xff)))).toBe('bad-key');
  });

  it('say bad-signature for another key, another domain, or a changed header', () => {
    const other = nativeSigner(new Uint8Array(32).fill(8));
    expect(verdict(forge([entry('1')], fields => fields.with(3, other.publicKey)))).toBe('bad-signature');
    const good = decodeSubmission(sign([entry('1')]), hasher);
    if (!good.ok) throw new Error(good.fault.detail);
    const { headerBytes } = good.value;
    expect(encode(submissionHeaderCodec, good.value.header)).toEqual(headerBytes);
    for (const message of [headerBytes, concat(toUtf8('qifeng/submission/v2\0'), headerBytes)]) {
      const signature = signer.sign(message);
      expect(verifySubmission({ ...good.value, signature }, verifier)).toMatchObject({
        ok: false,
        fault: { code: 'bad-signature' },
      });
    }
  });
});
