import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bitLength,
  consistencyRanges,
  inclusionRanges,
  isCount,
  perfectSizes,
  splitOf,
} from './log-shape.ts';

const counts = fc.oneof(fc.maxSafeNat(), fc.nat(600), fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 + 3 }));

test('digits, split and perfect subtrees agree with BigInt on every safe integer', () => {
  fc.assert(
    fc.property(counts, n => {
      const binary = n === 0 ? '' : BigInt(n).toString(2);
      expect(bitLength(n)).toBe(binary.length);
      const ones = [...binary].flatMap((bit, i) => (bit === '1' ? [2 ** (binary.length - 1 - i)] : []));
      expect(perfectSizes(n)).toEqual(ones);
      if (n >= 2) {
        expect(splitOf(n)).toBeLessThan(n);
        expect(splitOf(n) * 2).toBeGreaterThanOrEqual(n);
        expect(perfectSizes(splitOf(n))).toHaveLength(1);
      }
    }),
    { examples: [[0], [1], [2], [2 ** 31], [2 ** 32 - 1], [2 ** 32], [2 ** 40], [Number.MAX_SAFE_INTEGER]] },
  );
});

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is no count', n => {
  expect(isCount(n)).toBe(false);
});

test('the ranges of a path and its leaf cover the tree once', () => {
  fc.assert(
    fc.property(counts, fc.nat(), (n, at) => {
      fc.pre(n > 0);
      const index = at % n;
      const cover = [...inclusionRanges(index, n), { start: index, end: index + 1 }];
      cover.sort((a, b) => a.start - b.start);
      expect(cover[0]!.start).toBe(0);
      expect(cover.at(-1)!.end).toBe(n);
      for (let i = 1; i < cover.length; i++) expect(cover[i]!.start).toBe(cover[i - 1]!.end);
    }),
  );
});

test('a consistency proof from a power of two leaves out the old tree, any other starts inside it', () => {
  expect(consistencyRanges(2 ** 40, 2 ** 40 + 1)).toEqual([{ start: 2 ** 40, end: 2 ** 40 + 1 }]);
  expect(consistencyRanges(3, 4)).toEqual([
    { start: 2, end: 3 },
    { start: 3, end: 4 },
    { start: 0, end: 2 },
  ]);
  expect(consistencyRanges(5, 5)).toEqual([]);
});
