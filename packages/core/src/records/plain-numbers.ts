// Every node comes to the same result for ever: the tables are written out here, as `String.normalize` and classes such as \p{Cf}
// know more characters with every Unicode version of the engine. A test compares them with NFKC.

/** Digits of other forms than ASCII: first code point, how many, value of the first; they go round after nine. */
const DIGITS: readonly (readonly [first: number, count: number, value: number])[] = [
  [0xb9, 1, 1],
  [0xb2, 2, 2],
  [0x2070, 1, 0],
  [0x2074, 6, 4],
  [0x2080, 10, 0],
  [0x2460, 9, 1],
  [0x2474, 9, 1],
  [0x2488, 9, 1],
  [0x24ea, 1, 0],
  [0xff10, 10, 0],
  [0x1ccf0, 10, 0],
  [0x1d7ce, 50, 0],
  [0x1f100, 1, 0],
  [0x1f101, 10, 0],
  [0x1fbf0, 10, 0],
];
/** What stands for the check character X: capital and small, full-width, the Roman ten, the times sign, the Greek and Cyrillic letters. */
const TENS = 'Xx\uff38\uff58\u2169\u2179\u00d7\u0425\u0445\u03a7\u03c7';
/** What separates the groups of a number: spaces, hyphens and dashes, dots, slashes, underscores, brackets and the plus of a form. */
const BREAKS: readonly (readonly [first: number, last: number])[] = [
  ...[...' \t\n\r\v\f()+-/\\_\u00a0\u00b7\u1680\u2212\u3000\u30fb'].map(one => span(one)),
  [0x2000, 0x200a],
  [0x2010, 0x2015],
  [0x2022, 0x2022],
  [0x2027, 0x2027],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0xfe58, 0xfe58],
  [0xfe63, 0xfe63],
  [0xff08, 0xff09],
  [0xff0b, 0xff0b],
  [0xff0d, 0xff0d],
  [0xff0f, 0xff0f],
  [0xff3f, 0xff3f],
];
/** What is not seen: controls, zero-width and direction marks, joiners, variation selectors, tags, fillers. */
const UNSEEN: readonly (readonly [first: number, last: number])[] = [
  [0x0, 0x8],
  [0xe, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x20e3, 0x20e3],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

const PLAIN = new Map<number, string>();
for (const [first, last] of UNSEEN) for (let code = first; code <= last; code++) PLAIN.set(code, '');
for (const [first, last] of BREAKS) for (let code = first; code <= last; code++) PLAIN.set(code, ' ');
for (const [first, count, value] of DIGITS)
  for (let i = 0; i < count; i++) PLAIN.set(first + i, String((value + i) % 10));
for (const dot of '.\uff0e\u3002\uff61\u2024') PLAIN.set(dot.codePointAt(0)!, '.');
for (const ten of TENS) PLAIN.set(ten.codePointAt(0)!, 'X');
// Full-width Latin letters.
for (let i = 0; i < 26; i++) {
  if (i !== 23)
    PLAIN.set(0xff21 + i, String.fromCharCode(0x41 + i)).set(0xff41 + i, String.fromCharCode(0x61 + i));
}

/**
 * A text as numbers are looked for in it: digits in ASCII, whatever their form; an X for whatever looks like one; a space for each
 * character that separates groups, a full stop for a dot; nothing for what is not seen. The rest stays. Linear in the text.
 */
export function plainNumbers(text: string): string {
  let plain = '';
  for (const character of text) plain += PLAIN.get(character.codePointAt(0)!) ?? character;
  return plain;
}

/** A text with its percent-encoding undone, at most thrice; bytes that are no UTF-8 stand for themselves. */
export function percentDecoded(text: string): string {
  let decoded = text;
  for (let round = 0; round < 3 && decoded.includes('%'); round++)
    decoded = decoded.replace(/(?:%[0-9A-Fa-f]{2})+/g, encoded => {
      try {
        return decodeURIComponent(encoded);
      } catch {
        return encoded.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      }
    });
  return decoded;
}

function span(character: string): readonly [number, number] {
  const code = character.codePointAt(0)!;
  return [code, code];
}
