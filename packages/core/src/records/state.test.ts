import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { type Codec, decode, encode } from '../encoding/codec.ts';
import { nativeHasher } from '../native/native-hasher.ts';
import {
  digestValueCodec,
  epochValueCodec,
  memberValueCodec,
  type NamePart,
  parameterValueCodec,
  publisherValueCodec,
  STATE_KINDS,
  stateKey,
  stateName,
  subjectValueCodec,
  submissionValueCodec,
} from './state.ts';
import {
  count,
  damage,
  damaged,
  digestArb,
  hash32,
  identifierArb,
  memberCodeArb,
  plain,
  usccArb,
} from './testing/arbitraries.ts';
import { looseCbor } from './testing/loose.ts';

const values: readonly (readonly [string, Codec<unknown>, fc.Arbitrary<unknown>])[] = [
  [
    'subject',
    subjectValueCodec as unknown as Codec<unknown>,
    fc.record({
      profile: identifierArb,
      state: identifierArb,
      head: count,
      version: count,
      owner: usccArb,
      digest: fc.option(digestArb),
      validFrom: fc.option(plain(10)),
      validTo: fc.option(plain(10)),
      awaiting: fc.array(usccArb, { maxLength: 3 }),
    }),
  ],
  ['digest', digestValueCodec as unknown as Codec<unknown>, fc.record({ first: count, last: count, count })],
  [
    'publisher',
    publisherValueCodec as unknown as Codec<unknown>,
    fc.record({
      name: plain(256, 1),
      home: memberCodeArb,
      keys: fc.array(hash32, { minLength: 1, maxLength: 8 }),
      status: fc.constantFrom('active', 'suspended'),
      roles: fc
        .uniqueArray(identifierArb, { maxLength: 5 })
        .map(names => names.sort().map(profile => ({ profile, role: 'actor' as const }))),
      quota: count,
      day: count,
      used: count,
      seq: count,
      head: fc.option(count),
      changed: fc.option(count),
    }),
  ],
  [
    'submission',
    submissionValueCodec as unknown as Codec<unknown>,
    fc.record({
      expires: count,
      height: count,
      first: fc.option(count),
      count,
      code: fc.option(plain(64)),
      entry: fc.option(count),
      detail: fc.option(plain(512)),
    }),
  ],
  [
    'member',
    memberValueCodec as unknown as Codec<unknown>,
    fc.record({
      nameZh: plain(64, 1),
      nameEn: plain(64, 1),
      validator: fc.boolean(),
      p2pKey: fc.option(fc.uint8Array({ minLength: 32, maxLength: 64 })),
      addresses: fc.array(plain(256, 1), { maxLength: 8 }),
    }),
  ],
  [
    'epoch',
    epochValueCodec as unknown as Codec<unknown>,
    fc.record({
      n: count,
      start: count,
      validators: fc.array(fc.record({ code: memberCodeArb, key: hash32, logKey: hash32 }), {
        minLength: 1,
        maxLength: 5,
      }),
    }),
  ],
  ['parameter', parameterValueCodec as unknown as Codec<unknown>, fc.uint8Array({ maxLength: 1024 })],
];

describe('state values', () => {
  it.each(values)('of kind %s are read back from one encoding, and damage never throws', (_, codec, arb) => {
    fc.assert(
      fc.property(arb, damage, (value, how) => {
        const bytes = encode(codec, value);
        expect(decode(codec, bytes)).toEqual({ ok: true, value });
        const changed = damaged(bytes, how);
        const read = decode(codec, changed);
        if (read.ok) expect(toHex(encode(codec, read.value))).toBe(toHex(changed));
      }),
      { numRuns: 100 },
    );
  });
});

describe('state keys', () => {
  const part: fc.Arbitrary<NamePart> = fc.oneof(plain(40), fc.nat(), fc.uint8Array({ maxLength: 40 }));
  const name = fc.tuple(fc.constantFrom(...STATE_KINDS), fc.array(part, { maxLength: 4 }));

  it('are hashes of the canonical array of kind and parts', () => {
    fc.assert(
      fc.property(name, ([kind, parts]) => {
        const bytes = looseCbor([kind, ...parts]);
        expect(toHex(stateName(kind, ...parts))).toBe(toHex(bytes));
        expect(toHex(stateKey(nativeHasher, kind, ...parts))).toBe(toHex(nativeHasher.digest(bytes)));
      }),
      { numRuns: 100 },
    );
  });

  it('tell apart names that join to the same text', () => {
    const names = [
      stateName('subject', 'a', 'bc'),
      stateName('subject', 'ab', 'c'),
      stateName('subject', 'abc'),
      stateName('epoch', 1),
      stateName('epoch', '1'),
      stateName('epoch', Uint8Array.of(1)),
      stateName('epoch'),
    ];
    expect(new Set(names.map(toHex)).size).toBe(names.length);
    expect(toHex(stateName('epoch', 1))).toBe('826565706f636801');
  });
});
