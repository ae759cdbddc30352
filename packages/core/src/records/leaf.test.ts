import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { entryCodec } from './entry.ts';
import { type Leaf, leafCodec, MAX_LEAF_BYTES } from './leaf.ts';
import { count, damage, damaged, entryArb, hash32, usccArb } from './testing/arbitraries.ts';

const leafArb: fc.Arbitrary<Leaf> = fc.record({
  v: fc.constant(1 as const),
  height: count,
  time: count,
  submission: hash32,
  i: fc.nat(1023),
  publisher: usccArb,
  seq: count,
  publisherPrev: fc.option(count),
  version: count,
  subjectPrev: fc.option(count),
  entry: entryArb.map(value => ({ value, bytes: encode(entryCodec, value) })),
});

describe('leaves', () => {
  it('are read back with the very bytes of their entry', () => {
    fc.assert(
      fc.property(leafArb, value => {
        const bytes = encode(leafCodec, value);
        const read = decode(leafCodec, bytes);
        expect(read).toEqual({ ok: true, value });
        expect(read.ok && toHex(encode(leafCodec, read.value))).toBe(toHex(bytes));
        expect(toHex(bytes).endsWith(toHex(value.entry.bytes))).toBe(true);
        expect(bytes.length).toBeLessThan(MAX_LEAF_BYTES);
      }),
      { numRuns: 100 },
    );
  });

  it('have one encoding, and damage never throws', () => {
    fc.assert(
      fc.property(leafArb, damage, (value, how) => {
        const changed = damaged(encode(leafCodec, value), how);
        const read = decode(leafCodec, changed);
        if (read.ok) expect(toHex(encode(leafCodec, read.value))).toBe(toHex(changed));
        else expect(read.fault.code).toMatch(/^cbor-/);
      }),
      { numRuns: 1000 },
    );
  });

  it('are of version 1 and of one of 1024 entries', () => {
    const [leaf] = fc.sample(leafArb, { numRuns: 1, seed: 1 });
    expect(() => encode(leafCodec, { ...leaf!, i: 1024 })).toThrow(RangeError);
    expect(() => encode(leafCodec, { ...leaf!, v: 2 as unknown as 1 })).toThrow(RangeError);
    const bytes = encode(leafCodec, leaf!);
    expect(decode(leafCodec, bytes.with(1, 2))).toMatchObject({ ok: false, fault: { code: 'cbor-value' } });
    expect(decode(leafCodec, bytes.with(0, 0x8a))).toMatchObject({ ok: false });
  });
});
