import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, fromBase64, toBase64 } from './base64.ts';
import { toUtf8 } from './utf8.ts';

const VECTORS = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const;

describe('base64', () => {
  it.each(VECTORS)('of RFC 4648 section 10: %j is %j', (plain, coded) => {
    expect(toBase64(toUtf8(plain))).toBe(coded);
    expect(fromBase64(coded)).toEqual({ ok: true, value: toUtf8(plain) });
  });

  it('is that of node for any bytes, and is read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).toEqual({ ok: true, value: bytes });
      }),
    );
  });

  it.each([
    ['no padding', 'Zg'],
    ['half the padding', 'Zg='],
    ['too much padding', 'Zg==='],
    ['padding alone', '===='],
    ['padding in the middle', 'Zg==Zg=='],
    ['a single digit', 'Zm9vY==='],
    ['stray bits before ==', 'Zh=='],
    ['stray bits before =', 'Zm9='],
    ['the other alphabet', 'Zm-_'],
    ['a space', 'Zm 9'],
    ['a newline', 'Zm9v\n'],
    ['a newline inside', 'Zm\n9'],
    ['a digit beyond ASCII', 'Zm9é'],
    ['a full-width digit', 'Ｚm9v'],
    ['a surrogate pair', '𝐙m9'],
  ])('with %s is refused', (_, text) => {
    expect(fromBase64(text)).toMatchObject({ ok: false, fault: { code: 'bad-base64' } });
  });

  it('has one text a value: whatever is accepted is what would be written', () => {
    const digit = fc.constantFrom(...'AQgw+/Zz09=-_ \n');
    fc.assert(
      fc.property(fc.string({ unit: digit, maxLength: 12 }), text => {
        const read = fromBase64(text);
        if (read.ok) expect(toBase64(read.value)).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });

  it('decides as the plain reading of RFC 4648 does, digit by digit, wherever the text stands', () => {
    const unit = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...'ABQgw+/Zz09') },
      fc.constantFrom(...'=-_ \né\u0100'),
    );
    const body = fc.string({ unit, maxLength: 13 });
    const property = fc.property(body, fc.constantFrom('', '=', '==', '==='), fc.nat(5), (head, end, at) => {
      const text = head + end;
      const read = fromBase64(text);
      expect(read.ok ? read.value : null).toEqual(plainly(text));
      if (/[^\0-\x7f]/.test(text)) return;
      const bytes = toUtf8('='.repeat(at) + text + 'A'.repeat(at));
      const decoded = decodeBase64(bytes, at, at + text.length);
      expect(typeof decoded === 'string' ? null : decoded).toEqual(plainly(text));
      if (!read.ok) expect(decoded).toBe(read.fault.detail);
    });
    fc.assert(property, { numRuns: 5000 });
  });
});

/** The oracle: digits as bits, padding as the length asks for it, no bit left over. */
function plainly(text: string): Uint8Array | null {
  const digits = text.replace(/={1,2}$/, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*$/.test(digits)) return null;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const bits = [...digits].map(digit => alphabet.indexOf(digit).toString(2).padStart(6, '0')).join('');
  const whole = bits.length - (bits.length % 8);
  if (bits.slice(whole).includes('1')) return null;
  const bytes = (bits.slice(0, whole).match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2));
  return (text.length / 4) * 3 - (text.length - digits.length) === bytes.length
    ? Uint8Array.from(bytes)
    : null;
}
