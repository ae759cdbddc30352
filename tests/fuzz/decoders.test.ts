import { ok, refuse } from '@qifeng/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameRule } from '../../packages/node/src/engine/wire/frames.ts';
import { bytes, text } from './decoder.ts';
import { decoders } from './decoders.ts';
import { edited, edits } from './edits.ts';
import { decodersIn, exportedDecoders, isCodec } from './exported.ts';
import { CLAIMS, fuzzed } from './fuzz.ts';
import { LEFT_OUT } from './left-out.ts';

/** Inputs a decoder in every run; `npm run fuzz` gives millions. */
const INPUTS = 2_000;

const all = decoders();

describe(`${all.length} decoders of bytes of others, ${INPUTS} inputs each, ${all.length * INPUTS} together`, () => {
  it.each(all.map(decoder => [decoder.name, decoder] as const))('%s: takes its samples', (_, decoder) => {
    expect(decoder.samples.length).toBeGreaterThan(0);
    for (const sample of decoder.samples) expect(decoder.takes(sample)).toBe(true);
  });

  it.each(all.map(decoder => [decoder.name, CLAIMS[decoder.claim], decoder] as const))(
    '%s: throws nothing; %s',
    (_, __, decoder) => {
      const { refused } = fuzzed(decoder, INPUTS);
      // Else nothing was tried.
      expect(refused).toBeGreaterThan(INPUTS / 10);
    },
  );
});

describe('the list of decoders', async () => {
  const exported = await exportedDecoders();
  const missing = (list: typeof all) => {
    const read = new Set(list.flatMap(({ of }) => of));
    return exported
      .filter(({ name, value }) => !read.has(value) && !LEFT_OUT.has(name))
      .map(({ name }) => name);
  };

  it('has all that the packages export, but for what has a reason not to be', () => {
    expect(missing(all)).toEqual([]);
    const names = new Map(exported.map(({ name, value }) => [name, value]));
    const read = new Set(all.flatMap(({ of }) => of));
    // No reason outlives what it was given for.
    for (const name of LEFT_OUT.keys())
      expect([name, names.has(name), read.has(names.get(name))]).toEqual([name, true, false]);
  });

  it('lacks something whichever of them is left out', () => {
    const alone = all.filter(({ of }) => of.length > 0);
    expect(alone.length).toBeGreaterThan(100);
    for (const one of alone) {
      const without = missing(all.filter(other => other !== one));
      expect([one.name, without.length]).toEqual([one.name, missing(all).length + 1]);
    }
  });

  it('has an entry of its own for each kind of frame', () => {
    const tags = Array.from({ length: 256 }, (_, tag) => tag).filter(tag => frameRule(tag) !== undefined);
    const frames = all.filter(({ name }) => name.startsWith('frame '));
    const found = frames.map(({ samples }) => [...new Set(samples.map(sample => sample[0]!))]);
    expect(found.toSorted(([a], [b]) => a! - b!)).toEqual(tags.map(tag => [tag]));
  });

  it('is held against what the sources say and are', () => {
    const source = `
export function readA(bytes: Uint8Array): A | null {
export function inB<T>(text: string, more: (x: T) => void): Result<B> {
export function judgeC(
  chain: Chain,
  bytes: Uint8Array | null,
): Result<C> {
export function parseD(line: Line): D {
export class EReader {
export function readF(file: string): F {
export function writeG(bytes: Uint8Array): void {
export function checkH(entry: Entry, publisher: string): Result<H> {
`;
    expect([...decodersIn(source)]).toEqual(['readA', 'inB', 'judgeC', 'parseD', 'EReader']);
    const does = () => {};
    expect(
      [{ read: does, write: does }, { toJson: does, fromJson: does }, { read: does }, does, null].map(
        isCodec,
      ),
    ).toEqual([true, true, false, false, false]);
  });
});

describe('fuzzing', () => {
  const [sample] = [new Uint8Array([1, 2, 3, 4])];
  const anything = (input: Uint8Array) => ok(input.slice());

  it('finds a decoder that throws', () => {
    const read = (input: Uint8Array) => {
      // Of a byte that one edit in a hundred makes: one value alone would be missed in one run of four hundred.
      if (input[1]! > 0x7f) throw new RangeError('deep');
      return refuse('no', '');
    };
    expect(() => fuzzed(bytes('throws', [], [sample], read, null), INPUTS)).toThrow('deep');
    // Also where it throws as Node does for what is no UTF-8.
    const coded = () => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff));
    const typed = text('throws', [], ['1234'], () => ok(coded()), null);
    expect(() => fuzzed(typed, INPUTS)).toThrow('not valid');
  });

  it('finds a decoder that refuses without a code', () => {
    expect(() =>
      fuzzed(
        bytes('mute', [], [sample], () => refuse('', ''), null),
        1,
      ),
    ).toThrow('Property failed');
  });

  it('finds a decoder that reads two encodings of one value', () => {
    const loose = { exact: (value: Uint8Array) => value.with(3, value[3]! & 0x7f) };
    const read = (input: Uint8Array) => (input.length === 4 ? ok(input) : refuse('no', ''));
    expect(() => fuzzed(bytes('loose', [], [sample], read, loose), INPUTS)).toThrow('written otherwise');
  });

  it('finds a writer that loses a part of the value, or writes what is refused', () => {
    const cut = { same: (value: Uint8Array) => value.subarray(0, 3) };
    expect(() => fuzzed(bytes('cut', [], [sample], anything, cut), INPUTS)).toThrow('another value');
    const read = (input: Uint8Array) => (input.length > 3 ? ok(input) : refuse('short', ''));
    expect(() => fuzzed(bytes('short', [], [sample], read, cut), INPUTS)).toThrow('another value');
  });

  it('finds what passes although it is not the sample', () => {
    const passing = bytes('passing', [], [sample], anything, { only: sample });
    expect(() => fuzzed(passing, INPUTS)).toThrow('taken although it is another');
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
