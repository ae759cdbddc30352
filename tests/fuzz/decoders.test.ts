import { equalBytes } from '@qifeng/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoders } from './decoders.ts';
import { edited, edits } from './edits.ts';
import { fuzzed } from './fuzz.ts';

/** Inputs a decoder in every run; `npm run fuzz` gives millions. */
const INPUTS = 20_000;

describe('a decoder of bytes of others', () => {
  const all = decoders();

  it.each(all.map(decoder => [decoder.name, decoder] as const))('%s: takes its samples', (_, decoder) => {
    expect(decoder.samples.length).toBeGreaterThan(0);
    for (const sample of decoder.samples) expect(equalBytes(decoder.again(sample)!, sample)).toBe(true);
  });

  it.each(all.map(decoder => [decoder.name, decoder] as const))(
    '%s: throws nothing, and what it takes is written as it came',
    (_, decoder) => {
      const { refused } = fuzzed(decoder, INPUTS);
      // Else nothing was tried.
      expect(refused).toBeGreaterThan(INPUTS / 10);
    },
  );
});

describe('fuzzing', () => {
  const [sample] = [new Uint8Array([1, 2, 3, 4])];

  it('finds a decoder that throws', () => {
    const again = (bytes: Uint8Array) => {
      if (bytes[1] === 0x9f) throw new RangeError('deep');
      return null;
    };
    expect(() => fuzzed({ name: 'throws', samples: [sample], again }, INPUTS)).toThrow('Property failed');
  });

  it('finds a decoder that reads two encodings of one value', () => {
    const again = (bytes: Uint8Array) => (bytes.length === 4 ? bytes.with(3, bytes[3]! & 0x7f) : null);
    expect(() => fuzzed({ name: 'loose', samples: [sample], again }, INPUTS)).toThrow('Property failed');
  });

  it('tries every kind of edit', () => {
    const kinds = new Set(fc.sample(edits, 200).flatMap(list => list.map(({ type }) => type)));
    expect([...kinds].sort()).toEqual(['cut', 'flip', 'insert', 'remove', 'repeat', 'set']);
    expect(
      edited(sample, [
        { type: 'cut', at: 7 },
        { type: 'insert', at: 2, bytes: sample },
      ]),
    ).toEqual(new Uint8Array([1, 2, 1, 2, 3, 4]));
  });
});
