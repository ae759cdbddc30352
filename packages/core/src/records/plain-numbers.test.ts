import { describe, expect, it } from 'vitest';
import { percentDecoded, plainNumbers } from './plain-numbers.ts';

/** Every character of this engine's Unicode, surrogates apart. */
function* characters(): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code++)
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
}

describe('numbers in a text', () => {
  // An engine that knows a further form fails here: the rule then changes on every node at once, or not at all.
  it('are in ASCII digits, whatever form NFKC knows of them', () => {
    const other = [];
    for (const character of characters()) {
      const digit = character.normalize('NFKC').replace(/[().,]/g, '');
      if (/^[0-9]$/.test(digit) && plainNumbers(character) !== digit) other.push(character);
    }
    expect(other).toEqual([]);
  });

  it('have one break for every space, and none for what is not seen', () => {
    const wrong = [];
    for (const character of characters()) {
      const wanted = /[\t\n\v\f\r\p{Z}\p{Pd}]/u.test(character)
        ? ' '
        : /[\p{Cf}\p{Cc}\p{Variation_Selector}]/u.test(character)
          ? ''
          : null;
      // Of other scripts, and no part of numbers here: Arabic and Kaithi number signs, Egyptian controls, shorthand.
      const isElsewhere =
        /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}]/u;
      const isDash =
        /[\u058a\u05be\u1400\u1806\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\u{10d6e}\u{10ead}]/u;
      if (isElsewhere.test(character) || isDash.test(character)) continue;
      if (wanted !== null && plainNumbers(character) !== wanted)
        wrong.push(character.codePointAt(0)!.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it('leave everything else as it is', () => {
    const text = '国办发〔2020〕1号，甲、乙：Abc';
    expect(plainNumbers(text)).toBe(text);
    expect(plainNumbers('Ａｚ')).toBe('Az');
  });

  it('come out of percent-encoding, also twice over and where it is no UTF-8', () => {
    expect(percentDecoded('%E4%B8%AD%20a%2525')).toBe('中 a%');
    expect(percentDecoded('%ff%31%3')).toBe('\u00ff1%3');
  });
});
