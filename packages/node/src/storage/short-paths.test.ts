import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ShortPaths } from './short-paths.ts';

const path = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { maxLength: 7 })
  .map(nibbles => nibbles.join(''));

it('has the paths that were added, of five nibbles at most, and no other', () => {
  fc.assert(
    fc.property(fc.array(path), fc.array(path), (added, others) => {
      const paths = new ShortPaths();
      const oracle = new Set<string>();
      for (const one of added) {
        paths.add(one);
        if (one.length <= 5) oracle.add(one);
      }
      for (const one of [...added, ...others]) {
        expect(paths.has(one)).toBe(oracle.has(one));
        expect(paths.takes(one)).toBe(one.length <= 5);
      }
      paths.clear();
      expect([...added, ...others].some(one => paths.has(one))).toBe(false);
    }),
  );
});

it('tells every path of at most four nibbles from every other', () => {
  const paths = new ShortPaths();
  const all = [0, 1, 2, 3, 4].flatMap(nibbles =>
    Array.from({ length: 16 ** nibbles }, (_, i) =>
      nibbles === 0 ? '' : i.toString(16).padStart(nibbles, '0'),
    ),
  );
  expect(new Set(all).size).toBe(69_905);
  const found = all.filter(one => {
    const before = paths.has(one);
    paths.add(one);
    return before || !paths.has(one);
  });
  expect(found).toEqual([]);
});
