import { concat } from '@qifeng/core';
import fc from 'fast-check';

/** One change of some bytes; places are taken modulo their length, so that an edit fits any sample. */
export type Edit =
  | { readonly type: 'flip'; readonly at: number; readonly bit: number }
  | { readonly type: 'set'; readonly at: number; readonly byte: number }
  | { readonly type: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly type: 'remove'; readonly at: number; readonly count: number }
  | { readonly type: 'repeat'; readonly at: number; readonly count: number; readonly times: number }
  | { readonly type: 'cut'; readonly at: number };

/**
 * Bytes at which decoders turn: CBOR heads of each major with the shortest, the longest and indefinite lengths, and what
 * ends or separates in texts.
 */
const TELLING = [
  0x00, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x20, 0x3b, 0x40, 0x58, 0x5b, 0x5f, 0x60, 0x7b, 0x7f, 0x80, 0x81,
  0x9b, 0x9f, 0xa0, 0xbb, 0xbf, 0xc0, 0xf4, 0xf6, 0xf7, 0xfb, 0xff, 0x0a, 0x0d, 0x22, 0x2b, 0x2d, 0x5c, 0x7b,
];
const byte = fc.oneof(fc.constantFrom(...TELLING), fc.nat({ max: 255 }));
const at = fc.nat({ max: 2 ** 31 - 1 });
const bytes = fc.oneof(
  fc.array(byte, { minLength: 1, maxLength: 9 }).map(list => Uint8Array.from(list)),
  // Arrays in arrays, deeper than any stack.
  fc.constantFrom(1_000, 60_000).map(depth => new Uint8Array(depth).fill(0x81)),
);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('flip' as const), at, bit: fc.nat({ max: 7 }) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('set' as const), at, byte }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('insert' as const), at, bytes }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('remove' as const),
      at,
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('repeat' as const),
      at,
      count: fc.integer({ min: 1, max: 80 }),
      times: fc.integer({ min: 1, max: 300 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cut' as const), at }) },
);

/** One to four edits. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { minLength: 1, maxLength: 4 });

/** The bytes after all edits. */
export function edited(sample: Uint8Array, list: readonly Edit[]): Uint8Array {
  return list.reduce(applied, sample);
}

function applied(before: Uint8Array, change: Edit): Uint8Array {
  const place = change.at % (before.length + 1);
  const head = before.subarray(0, place);
  switch (change.type) {
    case 'flip':
    case 'set': {
      const after = before.slice();
      if (place < after.length)
        after[place] = change.type === 'set' ? change.byte : after[place]! ^ (1 << change.bit);
      return after;
    }
    case 'insert':
      return concat(head, change.bytes, before.subarray(place));
    case 'remove':
      return concat(head, before.subarray(place + change.count));
    case 'repeat': {
      const part = before.subarray(place, place + change.count);
      return concat(head, ...Array<Uint8Array>(change.times).fill(part), before.subarray(place));
    }
    case 'cut':
      return head;
  }
}
