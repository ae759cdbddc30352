import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { toHex } from '../encoding/bytes.ts';
import { encode } from '../encoding/codec.ts';
import { entryCodec } from '../records/entry.ts';
import { leafCodec } from '../records/leaf.ts';
import { decodeSubmission, signSubmission } from '../records/submission.ts';
import { bytesOf, count, entryArb, hash32, usccArb } from '../records/testing/arbitraries.ts';
import { readJson, writeJson } from './json-codec.ts';
import { leafToJson, leafView } from './record-views.ts';
import { submissionFromJson, submissionToJson } from './submission-json.ts';

const signer = { publicKey: new Uint8Array(32).fill(2), sign: () => new Uint8Array(64).fill(3) };
const wireArb = fc
  .record({
    genesis: hash32,
    publisher: usccArb,
    nonce: bytesOf(16),
    issuedAt: fc.nat(),
    entries: fc.uniqueArray(entryArb, { minLength: 1, maxLength: 3, selector: ({ subject }) => subject.id }),
  })
  .map(draft => signSubmission({ ...draft, expires: draft.issuedAt + 1 }, signer, portableHasher));

describe('the JSON form of a submission', () => {
  it('gives back the very bytes', () => {
    fc.assert(
      fc.property(wireArb, wire => {
        const submission = decodeSubmission(wire, portableHasher);
        if (!submission.ok) throw new Error(submission.fault.detail);
        const read = submissionFromJson(submissionToJson(submission.value));
        expect(read.ok && toHex(read.value)).toBe(toHex(wire));
      }),
    );
  });

  it('never throws, whatever one value is replaced by', () => {
    const odd = fc.constantFrom(
      'null',
      '0',
      '-1',
      '""',
      '"zz"',
      '[]',
      '{}',
      'true',
      '{"bytes":"0"}',
      '[[1]]',
      '1e400',
    );
    fc.assert(
      fc.property(wireArb, odd, fc.nat(), (wire, put, at) => {
        const submission = decodeSubmission(wire, portableHasher);
        if (!submission.ok) throw new Error(submission.fault.detail);
        const text = submissionToJson(submission.value);
        const values = [...text.matchAll(/(?<=:)(?:"(?:[^"\\]|\\.)*"|-?\d+|null|true|false)/g)];
        const { index, 0: old } = values[at % values.length]!;
        const read = submissionFromJson(text.slice(0, index) + put + text.slice(index + old.length));
        if (!read.ok) expect(read.fault.code).toBe('malformed');
      }),
    );
  });
});

describe('the JSON form of a leaf', () => {
  it('reads back as the same leaf, with the bytes of its entry', () => {
    const leafArb = fc
      .record({
        entry: entryArb,
        submission: hash32,
        publisher: usccArb,
        seq: fc.integer({ min: 1 }),
        prev: fc.option(count),
      })
      .map(({ entry, prev, ...rest }) => ({
        v: 1 as const,
        height: 2,
        time: 3,
        i: 4,
        publisherPrev: prev,
        version: 5,
        subjectPrev: null,
        ...rest,
        entry: { value: entry, bytes: encode(entryCodec, entry) },
      }));
    fc.assert(
      fc.property(leafArb, leaf => {
        const read = readJson(leafView, writeJson(leafView, leaf));
        expect(read.ok && toHex(encode(leafCodec, read.value))).toBe(toHex(encode(leafCodec, leaf)));
      }),
    );
  });

  it('is what people read: hex, names, maps as objects, bytes told from texts', () => {
    const leaf = {
      v: 1 as const,
      height: 1,
      time: 2,
      submission: new Uint8Array(32).fill(0xab),
      i: 0,
      publisher: '11100000000013338W',
      seq: 1,
      publisherPrev: null,
      version: 1,
      subjectPrev: null,
      entry: {
        value: {
          profile: 'policy',
          action: 'publish',
          subject: { issuer: '11100000000013338W', id: '一' },
          digest: { alg: 'sm3' as const, hash: new Uint8Array(32) },
          prev: null,
          links: [],
          meta: new Map<string, string | Uint8Array>([
            ['a', 'ff'],
            ['constructor', Uint8Array.of(255)],
          ]),
          origin: null,
        },
        bytes: new Uint8Array(0),
      },
    };
    expect(leafToJson(leaf)).toMatchObject({
      submission: 'ab'.repeat(32),
      entry: {
        subject: { issuer: '11100000000013338W', id: '一' },
        digest: { alg: 'sm3', hash: '0'.repeat(64) },
        meta: { a: 'ff', constructor: { bytes: 'ff' } },
      },
    });
  });
});
