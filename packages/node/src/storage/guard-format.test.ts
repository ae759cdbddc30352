import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyPlaces, decodeFile, encodeCopy, encodeFile } from './guard-format.ts';

const CAPACITY = 512;
const value = (sequence: number) => new Uint8Array(100 + (sequence % 3)).fill(sequence);

/** A file in which the values up to `last` were written one after the other. */
function fileOf(last: number): Uint8Array {
  const file = encodeFile({ sequence: 1, value: value(1) }, CAPACITY);
  for (let sequence = 2; sequence <= last; sequence++) write(file, sequence);
  return file;
}

function write(file: Uint8Array, sequence: number): void {
  const copy = encodeCopy({ sequence, value: value(sequence) }, CAPACITY)!;
  for (const place of copyPlaces(sequence, CAPACITY)) file.set(copy, place);
}

function read(file: Uint8Array): number | string {
  try {
    const content = decodeFile(file, 'guard');
    expect(content.value).toEqual(value(content.value[0]!));
    return content.value[0]!;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the guard file', () => {
  it('survives any flipped byte', () => {
    for (const last of [1, 2, 5, 6]) {
      const file = fileOf(last);
      for (let at = 0; at < file.length; at++) {
        file[at]! ^= 0xff;
        expect(read(file)).toBe(last);
        file[at]! ^= 0xff;
      }
    }
  });

  it('never takes damage of any run of bytes for an older value', () => {
    const seen = new Set<number | string>();
    fc.assert(
      fc.property(
        fc.constantFrom(5, 6),
        fc.nat(4 * CAPACITY),
        fc.nat(4 * CAPACITY),
        fc.constantFrom(0, 0xff),
        (last, one, other, fill) => {
          const file = fileOf(last).fill(fill, Math.min(one, other), Math.max(one, other));
          const found = read(file);
          seen.add(found === last ? 'kept' : found);
          expect([last, 'guard-damaged']).toContain(found);
        },
      ),
      { numRuns: 2000 },
    );
    expect([...seen].sort()).toEqual(['guard-damaged', 'kept']);
  });

  it('has the value before or the new one after a torn write, whatever reached the disk', () => {
    const seen = new Set<number | string>();
    fc.assert(
      fc.property(
        fc.constantFrom(5, 6),
        fc.array(fc.constantFrom('old', 'new', 'zero'), { minLength: 16, maxLength: 16 }),
        (last, sectors) => {
          const [before, after] = [fileOf(last), fileOf(last + 1)];
          const torn = before.slice();
          copyPlaces(last + 1, CAPACITY).forEach((place, copy) => {
            for (let i = 0; i < 8; i++) {
              const from = place + i * 64;
              const fate = sectors[copy * 8 + i];
              if (fate === 'new') torn.set(after.subarray(from, from + 64), from);
              if (fate === 'zero') torn.fill(0, from, from + 64);
            }
          });
          const found = read(torn);
          seen.add(found === last ? 'before' : 'new');
          expect([last, last + 1]).toContain(found);
        },
      ),
      { numRuns: 2000 },
    );
    expect([...seen].sort()).toEqual(['before', 'new']);
  });

  it('is damaged at any other length', () => {
    const file = fileOf(3);
    for (let length = 0; length < file.length; length++)
      expect(read(file.slice(0, length))).toBe('guard-damaged');
    for (const more of [1, 4, 2048]) {
      const longer = new Uint8Array(file.length + more);
      longer.set(file);
      expect(read(longer)).toBe('guard-damaged');
    }
  });

  it('would give an older value with one copy a slot: the planted fault', () => {
    const file = fileOf(5);
    const [first, second] = copyPlaces(5, CAPACITY) as [number, number];
    file.fill(0, first, first + 1).fill(0, second, second + CAPACITY);
    expect(read(file)).toBe(5);
    file.fill(0, first, first + CAPACITY);
    expect(read(file)).toBe(4);
  });
});
