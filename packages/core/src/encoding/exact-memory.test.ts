import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactMemory } from './exact-memory.ts';

const part = fc.uint8Array({ maxLength: 4, max: 3 });
const parts = fc.array(part, { minLength: 1, maxLength: 3 });
const nameOf = (key: readonly Uint8Array[]) => key.map(bytes => `[${bytes}]`).join('');

describe('an exact memory', () => {
  it('gives what was kept for the same parts, or nothing; never more than its capacity', () => {
    const step = fc.record({ key: parts, keep: fc.boolean() });
    const property = fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      (steps, capacity) => {
        const memory = new ExactMemory<number>(capacity);
        const kept = new Map<string, number>();
        const seen = new Map<string, readonly Uint8Array[]>();
        for (const [i, { key, keep }] of steps.entries()) {
          seen.set(nameOf(key), key);
          const found = memory.recall(...key);
          if (found !== undefined) expect(found).toBe(kept.get(nameOf(key)));
          if (!keep) continue;
          memory.keep(i, ...key);
          kept.set(nameOf(key), i);
          expect(memory.recall(...key)).toBe(i);
        }
        const left = [...seen.values()].filter(key => memory.recall(...key) !== undefined);
        expect(left.length).toBeLessThanOrEqual(capacity);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it('compares every byte, also where all of a place in it is the same', () => {
    const memory = new ExactMemory<string>(10);
    const key = new Uint8Array(100);
    memory.keep('zeros', key, key);
    expect(memory.recall(new Uint8Array(100), new Uint8Array(100))).toBe('zeros');
    for (let i = 0; i < 100; i++) {
      expect(memory.recall(key.with(i, 1), key)).toBeUndefined();
      expect(memory.recall(key, key.with(i, 1))).toBeUndefined();
    }
    expect(memory.recall(key)).toBeUndefined();
    expect(memory.recall(key.subarray(1), key)).toBeUndefined();
    key[0] = 1;
    expect(memory.recall(new Uint8Array(100), new Uint8Array(100))).toBe('zeros');
  });
});
