import { describe, expect, it } from 'vitest';
import type { Lane } from '../ports/transport.ts';
import { newCounters } from './counters.ts';
import { FrameReader } from './framing.ts';
import { Outbox } from './outbox.ts';

const turn = () => new Promise(resolve => setImmediate(() => setImmediate(resolve)));

/** A stream that fills up when told. */
class FakeSink {
  full = false;
  broken = false;
  readonly sent: Uint8Array[] = [];
  #drains: (() => void)[] = [];

  get writableNeedsDrain(): boolean {
    return this.full;
  }

  send(data: Uint8Array): boolean {
    if (this.broken) throw new Error('closed');
    this.sent.push(data);
    return !this.full;
  }

  addEventListener(_: 'drain', listener: () => void): void {
    this.#drains.push(listener);
  }

  async drain(full = false): Promise<void> {
    this.full = full;
    for (const listener of this.#drains) listener();
    await turn();
  }

  /** Frames sent, after the lane byte. */
  get frames(): number[][] {
    const frames: number[][] = [];
    const reader = new FrameReader(1e6);
    this.sent.forEach((data, i) => {
      reader.push(i === 0 ? data.subarray(1) : data);
    });
    for (let next = reader.next(); next.ok && next.value !== null; next = reader.next())
      frames.push([...next.value.subarray(0, 4)]);
    return frames;
  }
}

function outbox(lane: Lane, limit = 1_000_000) {
  const counters = newCounters();
  const faults: string[] = [];
  const box = new Outbox({
    lane,
    limit,
    counters,
    onOverflow: () => faults.push('overflow'),
    onFailure: () => faults.push('failure'),
  });
  return { box, counters, totals: counters.lanes[lane], faults, sink: new FakeSink() };
}

describe('the outbox of a lane', () => {
  it('announces its lane, then joins what one turn queued into one send, in order', async () => {
    const { box, sink, totals, counters } = outbox('bulk');
    box.attach(sink);
    expect(sink.sent).toEqual([new Uint8Array([1])]);
    for (let i = 0; i < 100; i++) box.push(new Uint8Array([i]));
    expect(sink.sent.length).toBe(1);
    await turn();
    expect(sink.sent.length).toBe(2);
    expect(sink.frames).toEqual(Array.from({ length: 100 }, (_, i) => [i]));
    expect(totals).toMatchObject({ framesOut: 100, bytesOut: 100, sends: 2, framesDropped: 0 });
    expect(counters.queuedBytes).toBe(0);
  });

  it('keeps what comes before the stream is open', () => {
    const { box, sink } = outbox('votes');
    box.push(new Uint8Array([1]));
    box.attach(sink);
    expect(sink.frames).toEqual([[1]]);
  });

  it('waits while the stream is full, also when a drain does not empty it', async () => {
    const { box, sink } = outbox('votes');
    box.attach(sink);
    sink.full = true;
    box.push(new Uint8Array([1]));
    await turn();
    await sink.drain(true);
    box.keepAlive();
    expect(sink.sent.length).toBe(1);
    await sink.drain();
    expect(sink.frames).toEqual([[1]]);
  });

  it('drops the oldest of bulk when it overflows, and counts them', async () => {
    const { box, sink, totals, counters } = outbox('bulk', 10_000);
    box.attach(sink);
    sink.full = true;
    for (let i = 0; i < 100; i++) box.push(new Uint8Array(1000).fill(i));
    expect(counters.queuedBytes).toBeLessThanOrEqual(10_000);
    expect(totals).toMatchObject({ framesDropped: 91, bytesDropped: 91_000 });
    await sink.drain();
    expect(sink.frames.map(([first]) => first)).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99]);
  });

  it('bounds empty frames too', () => {
    const { box, totals } = outbox('bulk', 6400);
    for (let i = 0; i < 1000; i++) box.push(new Uint8Array(0));
    expect(totals.framesDropped).toBe(900);
  });

  it('never drops votes from the middle: it says that it overflows', () => {
    const { box, faults, totals } = outbox('votes', 10_000);
    for (let i = 0; i < 11; i++) box.push(new Uint8Array(1000));
    expect(faults).toEqual(['overflow', 'overflow']);
    expect(totals.framesDropped).toBe(0);
  });

  it('says that a write failed, and counts what it still had when closed', async () => {
    const { box, sink, faults, totals, counters } = outbox('votes');
    box.attach(sink);
    sink.broken = true;
    box.push(new Uint8Array(5));
    await turn();
    expect(faults).toEqual(['failure']);
    box.push(new Uint8Array(5));
    box.close();
    box.push(new Uint8Array(5));
    expect(totals).toMatchObject({ framesDropped: 1, bytesDropped: 5 });
    expect(counters.queuedBytes).toBe(0);
  });
});
