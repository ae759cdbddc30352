import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { type Entry, entryCodec } from './entry.ts';
import { damage, damaged, entryArb } from './testing/arbitraries.ts';
import { type Loose, looseCbor } from './testing/loose.ts';

const ISSUER = '11100000000013338W';
const H = new Uint8Array(32);
const entry: Entry = {
  profile: 'policy',
  action: 'publish',
  subject: { issuer: ISSUER, id: '1' },
  digest: { alg: 'sha256', hash: H },
  prev: 7,
  links: [],
  meta: new Map(),
  origin: null,
};
const FIELDS: readonly Loose[] = ['policy', 'publish', [ISSUER, '1'], ['sha256', H], 7, [], new Map(), null];

/** The verdict on an entry with one field replaced. */
function verdict(at: number, value: Loose): string {
  const result = decode(entryCodec, looseCbor(FIELDS.with(at, value)));
  return result.ok ? 'ok' : result.fault.code;
}
const meta = (value: Loose) => verdict(6, new Map([['a', value]]));
const subject = (id: string, issuer = ISSUER) => verdict(2, [issuer, id]);

describe('entries', () => {
  it('are read back as they were written, from one encoding only', () => {
    fc.assert(
      fc.property(entryArb, value => {
        const bytes = encode(entryCodec, value);
        const read = decode(entryCodec, bytes);
        expect(read).toEqual({ ok: true, value });
        expect(read.ok && toHex(encode(entryCodec, read.value))).toBe(toHex(bytes));
      }),
      { numRuns: 100 },
    );
  });

  it('are never read as the same entry after damage, and never throw', () => {
    fc.assert(
      fc.property(entryArb, damage, (value, how) => {
        const changed = damaged(encode(entryCodec, value), how);
        const read = decode(entryCodec, changed);
        if (read.ok) expect(toHex(encode(entryCodec, read.value))).toBe(toHex(changed));
        else expect(read.fault.code).toMatch(/^cbor-/);
      }),
      { numRuns: 1000 },
    );
  });

  it('are eight fields in this order', () => {
    expect(decode(entryCodec, looseCbor(FIELDS))).toEqual({ ok: true, value: entry });
    for (const fields of [FIELDS.slice(1), [...FIELDS, null], FIELDS.toReversed()])
      expect(decode(entryCodec, looseCbor(fields)).ok).toBe(false);
  });

  it.each(['', 'Policy', '1st', '-x', 'a b', 'a_b', 'política', 'a'.repeat(33)])(
    'refuse the profile or action name %j',
    name => {
      expect([verdict(0, name), verdict(1, name)]).not.toContain('ok');
      expect(() => encode(entryCodec, { ...entry, profile: name })).toThrow(RangeError);
    },
  );

  it('refuse an issuer that is no social credit code', () => {
    expect(subject('1')).toBe('ok');
    expect(subject('1', '91350211M000100Y43')).toBe('cbor-value');
    expect(subject('1', ISSUER.slice(1))).toBe('cbor-value');
    expect(subject('1', `${ISSUER}0`)).toBe('cbor-limit');
    expect(subject('1', '')).toBe('cbor-value');
  });

  it('refuse a control character, an empty or an overlong subject id', () => {
    expect(subject('国发〔2020〕1号')).toBe('ok');
    for (const id of ['', 'a\nb', 'a\0', '\u007f', '\u0085', '\u009f'])
      expect(subject(id)).toBe('cbor-value');
    expect(subject('文'.repeat(85))).toBe('ok');
    expect(subject('文'.repeat(86))).toBe('cbor-limit');
  });

  it('refuse digests of another algorithm or length', () => {
    expect(verdict(3, null)).toBe('ok');
    expect(verdict(3, ['sm3', H])).toBe('ok');
    expect(verdict(3, ['sha1', H])).toBe('cbor-value');
    expect(verdict(3, ['sha256', H.subarray(1)])).toBe('cbor-value');
    expect(verdict(3, ['sha256', new Uint8Array(33)])).toBe('cbor-limit');
    expect(verdict(3, ['sha256', 'x'])).toBe('cbor-type');
  });

  it('refuse a negative predecessor and more links than 32', () => {
    const link = ['amends', [ISSUER, '1'], 3];
    expect(verdict(4, -1)).not.toBe('ok');
    expect(verdict(5, Array(32).fill(link))).toBe('ok');
    expect(verdict(5, Array(33).fill(link))).toBe('cbor-limit');
    expect(verdict(5, [['amends', [ISSUER, '1'], null]])).toBe('cbor-type');
  });

  it('hold flat metadata only, in order, bounded', () => {
    for (const value of ['', 'x', 0, -1, true, false, null, H, [], [1, 'x', null]])
      expect(meta(value)).toBe('ok');
    expect(meta([[]])).toBe('cbor-type');
    expect(meta(new Map())).toBe('cbor-type');
    expect(meta('a\tb')).toBe('cbor-value');
    expect(meta('x'.repeat(8193))).toBe('cbor-limit');
    expect(meta(Array(65).fill(0))).toBe('cbor-limit');
    for (const key of ['', 'A', '1', 'a_b', '文', 'a\u202eb', '__proto__', 'a'.repeat(33)]) {
      expect(verdict(6, new Map([[key, 1]]))).toMatch(/^cbor-(value|limit)$/);
      expect(() => encode(entryCodec, { ...entry, meta: new Map([[key, 1]]) })).toThrow(RangeError);
    }
    const two = (a: string, b: string) => verdict(6, new Map([a, b].map(key => [key, 1])));
    expect(two('b', 'aa')).toBe('ok');
    expect(two('b', 'a')).toBe('cbor-order');
    expect(two('aa', 'b')).toBe('cbor-order');
    expect(verdict(6, new Map(Array.from({ length: 65 }, (_, i) => [`k${10 + i}`, 1])))).toBe('cbor-limit');
  });

  it('carry an origin of five fields', () => {
    const origin: readonly Loose[] = ['scan', 'tool', 'person', 1_600_000_000_000, ['sm3', H]];
    expect(verdict(7, origin)).toBe('ok');
    expect(verdict(7, origin.with(3, null).with(4, null))).toBe('ok');
    expect(verdict(7, origin.slice(1))).not.toBe('ok');
    expect(verdict(7, origin.with(0, 'a\rb'))).toBe('cbor-value');
    expect(verdict(7, origin.with(1, 'x'.repeat(257)))).toBe('cbor-limit');
  });
});
