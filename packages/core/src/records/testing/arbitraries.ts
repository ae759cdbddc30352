import fc from 'fast-check';
import { toUtf8 } from '../../encoding/utf8.ts';
import type { Digest, Entry, Link, MetaScalar, MetaValue, Subject } from '../entry.ts';
import { usccCheckCharacter } from '../uscc.ts';

/** `length` bytes. */
export const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
export const hash32 = bytesOf(32);
export const count = fc.maxSafeNat();
export const positiveArb = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

/** Text without control characters of at most `max` UTF-8 bytes. */
export function plain(max: number, min = 0): fc.Arbitrary<string> {
  return fc.string({ unit: 'grapheme', minLength: min, maxLength: Math.min(max, 30) }).filter(text => {
    const length = toUtf8(text).length;
    return length >= min && length <= max && !/\p{Cc}/u.test(text);
  });
}

export const identifierArb = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/);

export const usccArb = fc
  .stringMatching(/^[0-9ABCDEFGHJKLMNPQRTUWXY]{17}$/)
  .map(first => first + usccCheckCharacter(first)!);

export const memberCodeArb = fc.integer({ min: 10, max: 99 }).map(code => `${code}0000`);

export const digestArb: fc.Arbitrary<Digest> = fc.record({
  alg: fc.constantFrom('sha256', 'sm3'),
  hash: hash32,
});

export const subjectArb: fc.Arbitrary<Subject> = fc.record({ issuer: usccArb, id: plain(256, 1) });

const linkArb: fc.Arbitrary<Link> = fc.record({ rel: identifierArb, subject: subjectArb, index: count });

const scalar: fc.Arbitrary<MetaScalar> = fc.oneof(
  plain(200),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.uint8Array({ maxLength: 50 }),
  fc.constant(null),
);
const metaValue: fc.Arbitrary<MetaValue> = fc.oneof(scalar, fc.array(scalar, { maxLength: 5 }));

export const entryArb: fc.Arbitrary<Entry> = fc.record({
  profile: identifierArb,
  action: identifierArb,
  subject: subjectArb,
  digest: fc.option(digestArb),
  prev: fc.option(count),
  links: fc.array(linkArb, { maxLength: 3 }),
  meta: fc.array(fc.tuple(identifierArb, metaValue), { maxLength: 5 }).map(pairs => new Map(pairs)),
  origin: fc.option(
    fc.record({
      method: plain(256),
      tool: plain(256),
      operator: plain(256),
      capturedAt: fc.option(count),
      earlier: fc.option(digestArb),
    }),
  ),
});

/** How bytes are damaged: one byte changed, some cut off at the end, some put in. */
export const damage = fc.record({
  at: fc.nat(),
  mask: fc.integer({ min: 1, max: 255 }),
  kind: fc.constantFrom('flip', 'cut', 'insert', 'append'),
});

/** `bytes` damaged; never the same bytes. */
export function damaged(bytes: Uint8Array, { at, mask, kind }: Damage): Uint8Array {
  const place = at % bytes.length;
  if (kind === 'flip') return bytes.with(place, bytes[place]! ^ mask);
  if (kind === 'cut') return bytes.slice(0, place);
  if (kind === 'append') return Uint8Array.of(...bytes, mask);
  return Uint8Array.of(...bytes.subarray(0, place), bytes[place]! ^ mask, ...bytes.subarray(place));
}

/** One way to damage bytes. */
export type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;
