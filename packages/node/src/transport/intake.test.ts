import { describe, expect, it } from 'vitest';
import { FrameReader, KEEP_ALIVE, packFrames } from './framing.ts';
import { Intake, type IntakeInit, type Source } from './intake.ts';
import { Allowance, type LaneRate } from './rates.ts';

const turn = () => new Promise(resolve => setImmediate(() => setImmediate(resolve)));
const ms = (time: number) => new Promise(resolve => setTimeout(resolve, time));

const GENEROUS: LaneRate = {
  frames: { perSecond: 1e6, burst: 1e6 },
  bytes: { perSecond: 1e9, burst: 1e9 },
  underWay: { frames: 1e6, bytes: 1e9 },
};

/** A stream as libp2p makes them: what arrives while it is paused is given out inside `resume`. */
class FakeSource implements Source {
  readonly calls: string[] = [];
  held: Uint8Array[] = [];
  paused = false;
  give: (bytes: Uint8Array) => void = () => {};

  arrive(bytes: Uint8Array): void {
    if (this.paused) this.held.push(bytes);
    else this.give(bytes);
  }

  pause(): void {
    this.paused = true;
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
    this.paused = false;
    for (const bytes of this.held.splice(0)) this.give(bytes);
    this.calls.push('resumed');
  }
}

function intake(rate: Partial<LaneRate>, over: Partial<IntakeInit> = {}) {
  const source = new FakeSource();
  const frames: Uint8Array[] = [];
  const told: string[] = [];
  const reader = new FrameReader(1e6);
  const made = new Intake({
    source,
    reader,
    allowance: new Allowance({ ...GENEROUS, ...rate }, performance.now()),
    ruleOf: () => undefined,
    onFrame: frame => void frames.push(frame),
    onFault: detail => told.push(detail),
    onSlowed: () => told.push('slowed'),
    ...over,
  });
  source.give = bytes => made.take(bytes);
  return { intake: made, source, frames, told, reader };
}

const packed = (count: number, length = 1, kind = 0) =>
  packFrames(
    [],
    Array.from({ length: count }, (_, i) => {
      const frame = new Uint8Array(length).fill(i & 255);
      frame[0] = kind || i & 255;
      return frame;
    }),
  );
const firsts = (frames: readonly Uint8Array[]) => frames.map(frame => frame[0]);

describe('the intake of a lane', () => {
  it('reads no faster than the rate of frames, in order, and drops nothing', async () => {
    const { source, frames, told } = intake({ frames: { perSecond: 200, burst: 10 } });
    source.arrive(packed(30));
    await turn();
    expect(frames.length).toBe(10);
    await expect.poll(() => frames.length).toBe(30);
    expect(firsts(frames)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told)).toEqual(new Set(['slowed']));
  });

  it('counts a frame whose answer is large for several', async () => {
    const rule = (kind: number) => (kind === 9 ? { bytes: 100, cost: 50 } : undefined);
    const { source, frames } = intake({ frames: { perSecond: 100, burst: 100 } }, { ruleOf: rule });
    source.arrive(packed(5, 1, 9));
    await turn();
    expect(frames.length).toBe(2);
    await expect.poll(() => frames.length, { timeout: 5000 }).toBe(5);
  });

  it('counts every byte of the stream, signs of life as well', async () => {
    const { source, frames, told } = intake({ bytes: { perSecond: 10_000, burst: 100 } });
    const life = new Uint8Array(400).fill(KEEP_ALIVE & 255);
    source.arrive(life);
    source.arrive(packed(1));
    expect([frames.length, told]).toEqual([0, ['slowed']]);
    await expect.poll(() => frames.length).toBe(1);
  });

  it('pauses the stream when it does not read, so that no more waits here than a little', async () => {
    const done: (() => void)[] = [];
    const onFrame = () => new Promise<void>(resolve => done.push(resolve));
    const { source, reader, intake: made } = intake({ underWay: { frames: 4, bytes: 1e9 } }, { onFrame });
    for (let i = 0; i < 50; i++) source.arrive(packed(10, 1000));
    await turn();
    expect(done.length).toBe(4);
    expect(source.calls).toEqual(['pause']);
    expect(reader.backlog).toBeLessThan(64 * 1024 + 11_000);
    expect([made.paused, made.waitingSince]).toEqual([true, undefined]);
    for (let i = 0; i < 500; i++) {
      await expect.poll(() => done.length, { interval: 1 }).toBeGreaterThan(0);
      done.shift()!();
    }
    await turn();
    expect([done.length, reader.backlog, made.paused]).toEqual([0, 0, false]);
  });

  it('bounds the bytes under way as well', async () => {
    const done: (() => void)[] = [];
    const onFrame = () => new Promise<void>(resolve => done.push(resolve));
    const { source } = intake({ underWay: { frames: 100, bytes: 2500 } }, { onFrame });
    source.arrive(packed(10, 1000));
    await turn();
    expect(done.length).toBe(3);
    done.shift()!();
    await turn();
    expect(done.length).toBe(3);
  });

  it('never pauses inside resume: libp2p would go on telling the other side to send', async () => {
    const done: (() => void)[] = [];
    const onFrame = () => new Promise<void>(resolve => done.push(resolve));
    const { source, reader } = intake({ underWay: { frames: 1, bytes: 1e9 } }, { onFrame });
    source.arrive(packed(1, 80_000));
    source.arrive(packed(1, 80_000));
    source.arrive(packed(3, 80_000));
    expect(source.calls).toEqual(['pause']);
    while (source.calls.length < 4) {
      done.shift()?.();
      await turn();
    }
    expect(source.calls.slice(0, 4)).toEqual(['pause', 'resume', 'resumed', 'pause']);
    expect(reader.backlog).toBeGreaterThan(64 * 1024);
  });

  it('leaves the turn to others after 64 frames', async () => {
    const { source, frames } = intake({});
    source.arrive(packed(200));
    expect(frames.length).toBe(64);
    await turn();
    expect(frames.length).toBeGreaterThan(64);
    await expect.poll(() => frames.length).toBe(200);
    expect(firsts(frames)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('hands nothing over once it is closed', async () => {
    const { source, frames, intake: made } = intake({ frames: { perSecond: 1000, burst: 1 } });
    source.arrive(packed(3));
    made.close();
    await ms(20);
    expect(frames.length).toBe(1);
  });

  it('says what is no frame, once', () => {
    const { source, told } = intake({}, { onFault: detail => void told.push(detail) });
    source.arrive(new Uint8Array([0xff, 0, 0, 0, 0]));
    expect(told).toEqual(['a frame of 4278190080 bytes, at most 1000000 are allowed']);
  });
});
