import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { entryCodec, MAX_ENTRY_BYTES } from './entry.ts';
import { type Leaf, leafCodec, MAX_LEAF_BYTES } from './leaf.ts';
import { count, damage, damaged, entryArb, hash32, positiveArb, usccArb } from './testing/arbitraries.ts';

const leafArb: fc.Arbitrary<Leaf> = fc.record({
  v: fc.constant(1 as const),
  height: positiveArb,
  time: count,
  submission: hash32,
  i: fc.nat(1023),
  publisher: usccArb,
  seq: positiveArb,
  publisherPrev: fc.option(count),
  version: positiveArb,
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

  it('hold no entry that a submission could not', () => {
    const [leaf] = fc.sample(leafArb, { numRuns: 1, seed: 1 });
    const head = encode(leafCodec, leaf!).slice(0, -leaf!.entry.bytes.length);
    const sized = (size: number) => {
      const meta = (b: number) => new Map(Object.entries({ a: 'x'.repeat(8192), b: 'y'.repeat(b) }));
      const empty = encode(entryCodec, { ...leaf!.entry.value, meta: meta(1000) }).length - 1000;
      return encode(entryCodec, { ...leaf!.entry.value, meta: meta(size - empty) });
    };
    const codeOf = (size: number) => {
      const read = decode(leafCodec, Uint8Array.of(...head, ...sized(size)));
      return read.ok ? 'ok' : read.fault.code;
    };
    expect(codeOf(MAX_ENTRY_BYTES)).toBe('ok');
    expect(codeOf(MAX_ENTRY_BYTES + 1)).toBe('cbor-value');
  });

  it('are of version 1 and of one of 1024 entries', () => {
    const [leaf] = fc.sample(leafArb, { numRuns: 1, seed: 1 });
    expect(() => encode(leafCodec, { ...leaf!, i: 1024 })).toThrow(RangeError);
    expect(() => encode(leafCodec, { ...leaf!, v: 2 as unknown as 1 })).toThrow(RangeError);
    for (const none of [{ height: 0 }, { seq: 0 }, { version: 0 }])
      expect(() => encode(leafCodec, { ...leaf!, ...none })).toThrow(RangeError);
    const bytes = encode(leafCodec, leaf!);
    expect(decode(leafCodec, bytes.with(1, 2))).toMatchObject({ ok: false, fault: { code: 'cbor-value' } });
    expect(decode(leafCodec, bytes.with(0, 0x8a))).toMatchObject({ ok: false });
  });
});
