import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import { fromUtf8, isWellFormed, toUtf8, utf8Length, writeUtf8 } from './utf8.ts';

const hex = (text: string) => {
  const bytes = fromHex(text);
  if (!bytes.ok) throw new Error(bytes.fault.detail);
  return bytes.value;
};

describe('UTF-8', () => {
  it('is read back for any text with a UTF-8 form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(fromUtf8(toUtf8(text))).toEqual({ ok: true, value: text });
        expect(toUtf8(text)).toEqual(new Uint8Array(Buffer.from(text)));
      }),
    );
  });

  it('of every code point is that of the platform', () => {
    for (let from = 0; from < 0x110000; from += 0x800) {
      if (from === 0xd800) continue; // the surrogates
      const text = String.fromCodePoint(...Array.from({ length: 0x800 }, (_, i) => from + i));
      const bytes = toUtf8(text);
      expect(Buffer.from(text).equals(bytes)).toBe(true);
      expect(utf8Length(text)).toBe(bytes.length);
    }
  });

  it('is written where it is told and nowhere else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(9), (text, at) => {
        const out = new Uint8Array(utf8Length(text) + 10).fill(0xaa);
        const expected = new Uint8Array(out);
        expected.set(Buffer.from(text), at);
        writeUtf8(text, out, at);
        expect(out).toEqual(expected);
      }),
    );
  });

  it('keeps a byte order mark, wherever it is', () => {
    for (const text of ['\ufeff', '\ufeffa', 'a\ufeff', '\ufeff\ufeff'])
      expect(fromUtf8(toUtf8(text))).toEqual({ ok: true, value: text });
  });

  it('normalises nothing: what looks alike stays two texts', () => {
    expect(toUtf8('é')).not.toEqual(toUtf8('e\u0301'));
    expect(fromUtf8(hex('65cc81'))).toEqual({ ok: true, value: 'e\u0301' });
  });

  // RFC 3629 section 3 and the table of well-formed sequences in Unicode, table 3-7.
  it.each([
    ['a lone continuation', '80'],
    ['a cut sequence', 'e696'],
    ['a cut sequence before a letter', 'e69661'],
    ['an overlong slash', 'c0af'],
    ['an overlong NUL', 'c080'],
    ['an overlong of three', 'e080af'],
    ['an overlong of four', 'f0808080'],
    ['a surrogate', 'eda080'],
    ['a surrogate pair', 'eda080edb080'],
    ['beyond U+10FFFF', 'f4908080'],
    ['a five-byte head', 'f888808080'],
    ['0xff', 'ff'],
  ])('refuses %s', (_, bytes) => {
    expect(fromUtf8(hex(bytes))).toMatchObject({ ok: false, fault: { code: 'bad-utf8' } });
  });

  it.each(['\ud800', 'a\udc00', '\udc00\ud800', '\ud800\ud800\udc00', '\ud83d'])('throws on %j', text => {
    expect(isWellFormed(text)).toBe(false);
    for (const measure of [toUtf8, utf8Length]) expect(() => measure(text)).toThrow(RangeError);
  });

  it('knows which texts have a UTF-8 form, as the platform does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0xd7fe, max: 0xe001 }), { maxLength: 6 }), codes => {
        const text = String.fromCharCode(...codes);
        expect(isWellFormed(text)).toBe(!Buffer.from(text).toString().includes('\ufffd'));
      }),
    );
  });
});
