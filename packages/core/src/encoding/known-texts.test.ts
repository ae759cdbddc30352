import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, recurring, refined, text } from './codec.ts';
import { KnownTexts } from './known-texts.ts';
import { toUtf8 } from './utf8.ts';

// Few letters, so that texts share slots; lengths around what is remembered; some that are not ASCII.
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'q', 'é', '文', '\u0080'), maxLength: 26 });

describe('known texts', () => {
  it('are found by their bytes and by no others', () => {
    const property = fc.property(fc.array(word, { maxLength: 50 }), word, (added, asked) => {
      const known = new KnownTexts();
      for (const one of added) known.add(one);
      for (const one of [...added, asked]) {
        const found = known.find(toUtf8(`x${one}x`), 1, 1 + toUtf8(one).length);
        if (found !== undefined) expect([found, added.includes(found)]).toEqual([one, true]);
      }
      const last = added.at(-1);
      if (last && last.length <= 23 && /^[ -~]+$/.test(last))
        expect(known.find(toUtf8(last), 0, last.length)).toBe(last);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('are told apart where many share a slot', () => {
    // All words of up to four of these: a slot follows from the length and three of the bytes.
    let longest = [''];
    const texts: string[] = [];
    for (let length = 1; length <= 4; length++) {
      longest = longest.flatMap(word => [...'aAbchz'].map(letter => word + letter));
      texts.push(...longest);
    }
    const words = texts.map(text => ({ text, bytes: toUtf8(text) }));
    for (const added of texts) {
      const known = new KnownTexts();
      known.add(added);
      const found = words.filter(({ bytes }) => known.find(bytes, 0, bytes.length) !== undefined);
      expect(found.map(({ text }) => text)).toEqual([added]);
    }
  });

  it('change nothing in what a codec reads', () => {
    const plain = refined(text(24, 1), value => (value.includes('qq') ? 'qq' : null));
    const same = recurring(plain);
    const bytes = fc.oneof(
      word.map(one => encode(text(100), one)),
      // The heads of texts before anything: longer heads than needed, bytes that end too early, other types.
      fc
        .tuple(fc.integer({ min: 0x40, max: 0x9f }), word)
        .map(([head, one]) => Uint8Array.of(head, ...toUtf8(one))),
    );
    const property = fc.property(fc.array(bytes, { maxLength: 40 }), inputs => {
      for (const input of [...inputs, ...inputs]) expect(decode(same, input)).toEqual(decode(plain, input));
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
