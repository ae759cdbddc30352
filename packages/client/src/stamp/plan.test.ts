import { encode, entryCodec, MAX_SUBMISSION_BYTES } from '@qifeng/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectKey } from './item.ts';
import { afterRefusal, groupItems, isForgotten, resumeStep } from './plan.ts';
import { testItem } from './testing/items.ts';

describe('groupItems', () => {
  const sizes = fc.array(
    fc.record({ id: fc.integer({ min: 0, max: 9 }), length: fc.integer({ min: 1, max: 300 }) }),
  );
  it('keeps order and everything, within the limits, no subject twice', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1_200, max: 3_000 }),
        (list, n, bytes) => {
          const items = list.map(({ id, length }) => testItem(String(id), length));
          const groups = groupItems(items, { entries: n, bytes });
          expect(groups.flat()).toEqual(items);
          for (const group of groups) {
            expect(group.length).toBeGreaterThan(0);
            expect(group.length).toBeLessThanOrEqual(n);
            expect(new Set(group.map(({ entry }) => subjectKey(entry))).size).toBe(group.length);
            const total = group.reduce((sum, { entry }) => sum + encode(entryCodec, entry).length, 0);
            expect(total + 512).toBeLessThanOrEqual(bytes);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('makes no more groups than it must', () => {
    const items = Array.from({ length: 600 }, (_, i) => testItem(String(i)));
    expect(groupItems(items).map(group => group.length)).toEqual([256, 256, 88]);
    const big = Array.from({ length: 40 }, (_, i) => testItem(String(i), 8_000));
    for (const group of groupItems(big).slice(0, -1)) {
      const total = group.reduce((sum, { bytes }) => sum + bytes.length, 0);
      expect(MAX_SUBMISSION_BYTES - total).toBeLessThan(8_800);
    }
  });
});

describe('resuming', () => {
  it('sends again until expiry, then asks, and gives up only when no block can hold it', () => {
    expect([resumeStep(1_000, 999), resumeStep(1_000, 1_000)]).toEqual(['send', 'ask']);
    expect([isForgotten(1_000, 1_001), isForgotten(1_000, 121_000)]).toEqual([false, true]);
  });

  it('a refused entry is left out, a refused whole leaves nothing', () => {
    expect(afterRefusal(['a', 'b', 'c'], 1)).toEqual({ refused: ['b'], again: ['a', 'c'] });
    expect(afterRefusal(['a'], 0)).toEqual({ refused: ['a'], again: [] });
    expect(afterRefusal(['a', 'b'], null)).toEqual({ refused: ['a', 'b'], again: [] });
    expect(afterRefusal(['a', 'b'], 7)).toEqual({ refused: ['a', 'b'], again: [] });
  });
});
