import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/rfc8949-appendix-a.json' with { type: 'json' };
import { fromHex, toHex } from './bytes.ts';
import { MAJOR } from './cbor-writer.ts';
import {
  boolean,
  byteString,
  type Codec,
  decode,
  encode,
  exactly,
  fixedBytes,
  integer,
  list,
  nullable,
  oneOf,
  record,
  struct,
  text,
  textMap,
  tuple,
  uint,
  union,
} from './codec.ts';

type Any = number | string | boolean | null | Uint8Array | readonly Any[] | ReadonlyMap<string, Any>;

/** Anything this subset of CBOR can say: exists only here, the ledger's own types all have a schema. */
const any: Codec<Any> = {
  write: (out, value) => anyUnion.write(out, value),
  read: input => anyUnion.read(input),
};
const simple = nullable(boolean) as unknown as Codec<Any>;
const anyUnion = union<Any>(
  {
    majors: [MAJOR.uint, MAJOR.negative],
    holds: v => typeof v === 'number',
    codec: integer as unknown as Codec<Any>,
  },
  {
    majors: [MAJOR.bytes],
    holds: v => v instanceof Uint8Array,
    codec: byteString(0, 1e6) as unknown as Codec<Any>,
  },
  { majors: [MAJOR.text], holds: v => typeof v === 'string', codec: text(1e6) as unknown as Codec<Any> },
  { majors: [MAJOR.array], holds: v => Array.isArray(v), codec: list(any, 1e6) as unknown as Codec<Any> },
  {
    majors: [MAJOR.map],
    holds: v => v instanceof Map,
    codec: textMap(text(1e6), any, 1e6) as unknown as Codec<Any>,
  },
  { majors: [MAJOR.simple], holds: v => v === null || typeof v === 'boolean', codec: simple },
);

function bytes(hex: string): Uint8Array {
  const result = fromHex(hex);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

function plain(value: Any): unknown {
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (value instanceof Map) return { map: [...value].map(([key, item]) => [key, plain(item)]) };
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

/** Maps compare by content: decoding gives the deterministic order, the generator any. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value !== null && typeof value === 'object' && 'map' in value) {
    const pairs = (value.map as [string, unknown][]).map(([key, item]) => [key, sorted(item)] as const);
    return { map: [...pairs].sort((a, b) => (a[0] < b[0] ? -1 : 1)) };
  }
  return value;
}

const anyValue = fc.letrec<{ any: Any }>(tie => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.maxSafeInteger(),
    fc.integer({ min: -70000, max: 70000 }),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('any')),
    fc
      .array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), tie('any')))
      .map(pairs => new Map(pairs)),
  ),
})).any;

describe('CBOR, RFC 8949 appendix A', () => {
  for (const vector of vectors.accepted) {
    it(`reads and writes ${vector.hex}`, () => {
      const decoded = decode(any, bytes(vector.hex));
      expect(decoded.ok && plain(decoded.value)).toEqual(vector.value);
      expect(decoded.ok && toHex(encode(any, decoded.value))).toBe(vector.hex);
    });
  }
  for (const vector of vectors.refused) {
    it(`refuses ${vector.hex} (${vector.what})`, () => {
      expect(decode(any, bytes(vector.hex))).toMatchObject({ ok: false, fault: { code: vector.code } });
    });
  }
});

describe('deterministic encoding', () => {
  it('round-trips every value', () => {
    fc.assert(
      fc.property(anyValue, value => {
        const encoded = encode(any, value);
        const decoded = decode(any, encoded);
        expect(decoded.ok && sorted(plain(decoded.value))).toEqual(sorted(plain(value)));
        expect(decoded.ok && toHex(encode(any, decoded.value))).toBe(toHex(encoded));
      }),
    );
  });

  it('accepts of random bytes only what encodes to the same bytes, and never throws', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), input => {
        const decoded = decode(any, input);
        if (!decoded.ok) return;
        accepted++;
        expect(toHex(encode(any, decoded.value))).toBe(toHex(input));
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('accepts of one changed byte only what encodes to the same bytes', () => {
    fc.assert(
      fc.property(anyValue, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, position, flip) => {
        const input = encode(any, value);
        input[position % input.length]! ^= flip;
        const decoded = decode(any, input);
        if (decoded.ok) expect(toHex(encode(any, decoded.value))).toBe(toHex(input));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('schemas', () => {
  const point = record({ x: uint(255), y: nullable(integer), kind: oneOf('a', 'bb') });

  it('writes a record as a positional array and a struct as a sorted map', () => {
    expect(toHex(encode(point, { x: 1, y: null, kind: 'a' }))).toBe('8301f66161');
    const sorted = struct({ zz: uint(), b: uint(), a: uint() });
    expect(toHex(encode(sorted, { zz: 3, b: 2, a: 1 }))).toBe('a3616101616202627a7a03');
    expect(decode(sorted, bytes('a3616101616202627a7a03'))).toEqual({
      ok: true,
      value: { a: 1, b: 2, zz: 3 },
    });
  });

  it.each([
    ['a field missing', '8201f6'],
    ['a field too many', '8401f6616100'],
    ['an integer over its bound', '831901 00f66161'.replace(' ', '')],
    ['a negative where unsigned', '8320f66161'],
    ['a text that is no choice', '8301f66163'],
  ])('refuses %s', (_, hex) => {
    const decoded = decode(point, bytes(hex));
    expect(decoded.ok).toBe(false);
  });

  it('refuses struct keys out of order, unknown or missing', () => {
    const pair = struct({ a: uint(), b: uint() });
    for (const hex of ['a2616201616101', 'a2616101616301', 'a1616101', 'a3616101616201616301']) {
      expect(decode(pair, bytes(hex)).ok).toBe(false);
    }
  });

  it('keeps bounds on both sides: a value out of bounds is not written either', () => {
    expect(() => encode(fixedBytes(2), new Uint8Array(3))).toThrow(RangeError);
    expect(() => encode(text(2), '省')).toThrow(RangeError);
    expect(() => encode(text(9), '\ud800')).toThrow(RangeError);
    expect(() => encode(uint(), 2 ** 53)).toThrow(RangeError);
    expect(() => encode(exactly(1), 2 as 1)).toThrow(RangeError);
    expect(() => encode(list(uint(), 1), [1, 2])).toThrow(RangeError);
  });

  it('refuses more than the stated size before reading', () => {
    expect(decode(text(10_000), encode(text(10_000), 'x'.repeat(200)), 100)).toMatchObject({
      ok: false,
      fault: { code: 'too-big' },
    });
  });
});

describe('bounds hold in both directions', () => {
  it('a text shorter than its minimum is neither written nor read', () => {
    const two = text(9, 2);
    for (const short of ['', 'a']) {
      expect(() => encode(two, short)).toThrow(RangeError);
      expect(decode(two, encode(text(9), short))).toMatchObject({ ok: false, fault: { code: 'cbor-value' } });
    }
    for (const enough of ['ab', 'é'])
      expect(decode(two, encode(two, enough))).toEqual({ ok: true, value: enough });
  });

  it('a tuple is an array of exactly its items', () => {
    const pair = tuple(text(4), boolean);
    const value = decode(pair, bytes('826161f5'));
    expect(value).toEqual({ ok: true, value: ['a', true] });
    expect(toHex(encode(pair, ['a', true]))).toBe('826161f5');
    for (const other of ['816161', '836161f5f5', '82f56161', 'a16161f5'])
      expect(decode(pair, bytes(other)).ok).toBe(false);
  });

  it('a map key longer than its bound is neither written nor read', () => {
    const wide = new Map([['文', true]]);
    expect(() => encode(textMap(text(2), boolean, 4), wide)).toThrow(RangeError);
    const bytes = encode(textMap(text(3), boolean, 4), wide);
    expect(decode(textMap(text(2), boolean, 4), bytes)).toMatchObject({
      ok: false,
      fault: { code: 'cbor-limit' },
    });
  });
});
