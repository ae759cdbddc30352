import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, type LimitOf, laneOf, packFrames } from './framing.ts';

const LIMIT = 300_000;

/** Feeds bytes in pieces of the given sizes, in turn. */
function read(bytes: Uint8Array, sizes: readonly number[], limit = LIMIT, limitOf?: LimitOf) {
  const frames: Uint8Array[] = [];
  const reader = new FrameReader(limit, limitOf);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + (sizes[i % sizes.length] as number);
    reader.push(bytes.subarray(at, end));
    for (;;) {
      const next = reader.next();
      if (!next.ok) return { frames, code: next.fault.code, reader };
      if (next.value === null) break;
      frames.push(next.value);
    }
    at = end;
  }
  return { frames, code: null, reader };
}

describe('framing', () => {
  it('gives the frames that were packed, however the bytes are split', () => {
    const frame = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(200_000).fill(9)));
    const sizes = fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), sizes, (frames, pieces) => {
        const { frames: got, reader } = read(packFrames([], frames), pieces);
        expect(got.map(String)).toEqual(frames.map(String));
        expect(reader.midFrame).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('gives frames with memory of their own', () => {
    const bytes = Buffer.from(packFrames([], [new Uint8Array([1, 2, 3])])); // what a socket gives
    const { frames } = read(bytes, [bytes.length]);
    expect(frames).toEqual([new Uint8Array([1, 2, 3])]);
    expect(frames[0]!.buffer.byteLength).toBe(3);
  });

  it('refuses a length above the limit at the header, and takes one at the limit', () => {
    expect(read(packFrames([], [new Uint8Array(8)]), [100], 8).code).toBeNull();
    expect(read(packFrames([], [new Uint8Array(9)]).subarray(0, 4), [4], 8).code).toBe('frame-too-large');
    expect(read(new Uint8Array([255, 255, 255, 254]), [1]).code).toBe('frame-too-large');
  });

  it('refuses a length above the limit of the kind at its first byte', () => {
    const limitOf = (kind: number) => (kind === 7 ? 100 : 8);
    const frame = (kind: number, length: number) => packFrames([], [new Uint8Array(length).fill(kind)]);
    expect(read(frame(7, 100), [3], LIMIT, limitOf).code).toBeNull();
    expect(read(frame(7, 101).subarray(0, 5), [5], LIMIT, limitOf).code).toBe('frame-too-large');
    expect(read(frame(1, 9).subarray(0, 5), [1], LIMIT, limitOf).code).toBe('frame-too-large');
    expect(read(frame(1, 9).subarray(0, 4), [1], LIMIT, limitOf).code).toBeNull();
  });

  it('keeps what is not asked for as it came', () => {
    const reader = new FrameReader(LIMIT);
    const bytes = packFrames([], [new Uint8Array([1]), new Uint8Array([2])]);
    reader.push(bytes.subarray(0, 7));
    reader.push(bytes.subarray(7));
    expect([reader.backlog, reader.midFrame]).toEqual([10, false]);
    expect(reader.next()).toEqual({ ok: true, value: new Uint8Array([1]) });
    expect([reader.backlog, reader.midFrame]).toEqual([5, false]);
  });

  it('knows that it is in the middle of a frame, of a header too', () => {
    const bytes = packFrames([], [new Uint8Array(10)]);
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(read(bytes.subarray(0, cut), [3]).reader.midFrame).toBe(cut > 0 && cut < bytes.length);
  });

  it('passes over signs of life', () => {
    const life = [255, 255, 255, 255];
    const bytes = Uint8Array.from([...life, ...packFrames([], [new Uint8Array([5])]), ...life]);
    expect(read(bytes, [3]).frames).toEqual([new Uint8Array([5])]);
  });

  it('knows two lanes', () => {
    expect([0, 1].map(laneOf)).toEqual([
      { ok: true, value: 'votes' },
      { ok: true, value: 'bulk' },
    ]);
    expect(laneOf(2)).toMatchObject({ fault: { code: 'lane-unknown' } });
  });
});
