import { describe, expect, it } from 'vitest';
import { newCounters } from './counters.ts';
import type { TransportEventCode } from './events.ts';
import { KEEP_ALIVE } from './framing.ts';
import type { Connection, Stream } from './host.ts';
import { Link, READ_DEADLINE } from './link.ts';
import { QUEUE_LIMITS } from './outbox.ts';
import { Allowance, PEER_RATES } from './rates.ts';

class FakeStream extends EventTarget {
  readonly writableNeedsDrain = false;
  readonly sent: Uint8Array[] = [];

  send(data: Uint8Array): boolean {
    this.sent.push(data);
    return true;
  }

  arrive(...bytes: number[]): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: Uint8Array.from(bytes) }));
  }
}

/** A link over a connection that is played, with one stream opened by the other side. */
async function link() {
  const opened: FakeStream[] = [];
  const connection = Object.assign(new EventTarget(), {
    newStream: async () => {
      opened.push(new FakeStream());
      return opened.at(-1);
    },
    abort: () => {},
  });
  const closed: TransportEventCode[] = [];
  const counters = newCounters();
  const made = new Link({
    connection: connection as unknown as Connection,
    protocol: '/test',
    counters,
    limits: QUEUE_LIMITS,
    allowances: {
      votes: new Allowance(PEER_RATES.votes, performance.now()),
      bulk: new Allowance(PEER_RATES.bulk, performance.now()),
    },
    ruleOf: () => undefined,
    onSlowed: () => {},
    onReady: () => {},
    onFrame: () => {},
    onClosed: code => closed.push(code),
  });
  const inbound = new FakeStream();
  made.accept(inbound as unknown as Stream);
  await Promise.resolve();
  return { link: made, inbound, closed, opened, counters };
}

describe('the deadlines of a link', () => {
  const after = (ms: number) => performance.now() + ms;

  it.each([
    ['a stream that names no lane', []],
    ['half a header', [0, 0, 0]],
    ['half a frame', [0, 0, 0, 0, 2, 1]],
    ['a whole frame and half a header', [0, 0, 0, 0, 1, 1, 0]],
  ])('close it for %s', async (_, bytes) => {
    const { link: made, inbound, closed, counters } = await link();
    inbound.arrive(...bytes);
    made.check(after(READ_DEADLINE - 1000));
    expect(closed).toEqual([]);
    made.check(after(READ_DEADLINE + 1));
    expect(closed).toEqual(['read-deadline']);
    expect(counters.misbehaved).toBe(1);
  });

  it('leave it between frames, until nothing is heard for too long', async () => {
    const { link: made, inbound, closed } = await link();
    inbound.arrive(0, 0, 0, 0, 1, 1);
    made.check(after(READ_DEADLINE + 1));
    expect(closed).toEqual([]);
    made.check(after(20_000));
    expect(closed).toEqual(['peer-silent']);
  });

  it('make it say that it is alive when it had nothing else to say', async () => {
    const { link: made, opened } = await link();
    await Promise.resolve();
    const sent = () => opened.flatMap(stream => stream.sent.map(data => [...data]));
    made.check(after(1000));
    expect(sent()).toEqual([[0], [1]]);
    made.check(after(4000));
    expect(sent()).toContainEqual([...new Uint8Array(new Uint32Array([KEEP_ALIVE]).buffer)]);
  });
});
