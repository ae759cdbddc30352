import { readJson, recordEventView } from '@qifeng/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PUBLISHER, unwrap } from '../../../../../tests/fixtures/builder.ts';
import type { HttpLimits } from '../limits.ts';
import { type EventReader, indexesOf, readEvents } from '../testing/event-reader.ts';
import { note, problemIn, type Served, serveSolo } from '../testing/served.ts';
import { eventFeed } from './feed.ts';

const running: Served[] = [];
afterEach(async () => {
  for (const node of running.splice(0)) await node.close();
});
const served = async (limits: Partial<HttpLimits> = {}): Promise<Served> => {
  const node = await serveSolo(limits);
  running.push(node);
  return node;
};

/** Seals one block with a record of each subject. */
const record = (node: Served, ...ids: readonly string[]) =>
  ids.length === 0 ? node.seal() : node.seal(node.submission(ids.map(id => note(id))));
/** A busy machine is no failure. */
const PATIENT = { timeout: 20_000, interval: 10 };
const OPEN = /qifeng_http_open_streams (\d+)/;
const openOf = async (node: Served) => Number(OPEN.exec(await (await node.ask('/metrics')).text())![1]);

describe('a stream of events', () => {
  it('begins now, and tells each final record once, with what it is', async () => {
    const node = await served();
    await record(node, 'before');
    const reader = await readEvents(node);
    await record(node, '文/1', 'b');
    const [first, second] = await reader.take(2);
    expect([first!.id, second!.id]).toEqual(['1', '2']);
    const { leaf } = (await (await node.ask('/v1/records/1')).json()) as { leaf: Record<string, unknown> };
    const event = unwrap(readJson(recordEventView, first!.data!));
    expect(event).toMatchObject({
      index: 1,
      height: 2,
      publisher: PUBLISHER,
      seq: 2,
      version: 1,
      title: null,
    });
    expect(event.subject).toEqual({ issuer: PUBLISHER, id: '文/1' });
    expect([event.time, event.action]).toEqual([leaf['time'], 'open']);
    reader.leave();
  });

  it('tells nothing that is not final', async () => {
    const node = await served();
    const reader = await readEvents(node, '?after=-1');
    node.mood.certifies = false;
    const height = await record(node, 'a');
    await record(node, 'b');
    const taken = reader.take(1);
    expect(await Promise.race([taken, new Promise(done => setTimeout(done, 50, 'nothing'))])).toBe('nothing');
    await node.certify(height);
    expect(indexesOf(await taken)).toEqual([0]);
    const other = eventFeed(node.service, { streamBeatMs: 1000, streamStallMs: 1000 }, { error: () => {} });
    expect(other.size).toBe(1);
    other.close();
    const more = await readEvents(node, '?after=-1');
    await node.certify(height + 1);
    expect(indexesOf(await more.take(2))).toEqual([0, 1]);
    for (const one of [reader, more]) one.leave();
  });

  it('goes on after the last id, from the beginning with -1, and waits where the log is not yet', async () => {
    const node = await served();
    await record(node, ...Array.from({ length: 200 }, (_, i) => `n${i}`));
    const all = await readEvents(node, '?after=-1');
    expect(indexesOf(await all.take(200))).toEqual(Array.from({ length: 200 }, (_, i) => i));
    // The header counts, as a browser that comes again sends it with its first address.
    const rest = await readEvents(node, '?after=3', '197');
    expect(indexesOf(await rest.take(2))).toEqual([198, 199]);
    const ahead = await readEvents(node, '?after=200');
    await record(node, 'x', 'y');
    expect(indexesOf(await ahead.take(1))).toEqual([201]);
    for (const reader of [all, rest, ahead]) reader.leave();
  });

  it('tells what was asked for, near and far, and from where to go on', async () => {
    const node = await served({ streamBeatMs: 20 });
    for (let i = 0; i < 100; i += 50)
      await record(node, ...Array.from({ length: 50 }, (_, j) => `n${i + j}`));
    await node.seal(node.submission([note('n7', { action: 'change', digest: null, prev: 7 })]));
    const subject = encodeURIComponent(`note/${PUBLISHER}/n7`);
    const one = await readEvents(node, `?after=-1&subject=${subject}`);
    expect(indexesOf(await one.take(2))).toEqual([7, 100]);
    const both = await readEvents(node, `?after=90&subject=${subject}&profile=note&publisher=${PUBLISHER}`);
    expect(indexesOf(await both.take(1))).toEqual([100]);
    const other = await readEvents(node, '?after=-1&profile=strict');
    const nothing = other.take(1).catch(() => []);
    // A heartbeat tells how far it looked.
    await expect.poll(() => other.lastId, PATIENT).toBe('100');
    for (const query of ['?subject=note/n7', '?publisher=1', '?after=-2', '?profile=N', '?since=1'])
      expect((await problemIn(await node.ask(`/v1/events${query}`))).code).toBe('bad-parameter');
    for (const reader of [one, both, other]) reader.leave();
    expect(await nothing).toEqual([]);
  });

  it('has the headers of its kind, and for HEAD nothing more', async () => {
    const node = await served();
    await record(node, 'a');
    const leaf = vi.spyOn(node.service.ledger, 'leaf');
    const head = await node.ask('/v1/events?after=-1', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), head.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream',
      'no-store',
    ]);
    await expect.poll(() => openOf(node), PATIENT).toBe(0);
    expect(leaf).not.toHaveBeenCalled();
  });

  it('begins where the node’s store does', async () => {
    const node = await served();
    await record(node, 'a', 'b', 'c');
    const ledger = node.service.ledger as { base: typeof node.service.ledger.base };
    ledger.base = () => ({ height: 1, size: 2 });
    expect((await problemIn(await node.ask('/v1/events?after=0'))).code).toBe('not-held');
    const reader = await readEvents(node, '?after=1');
    expect(indexesOf(await reader.take(1))).toEqual([2]);
    reader.leave();
  });
});

describe('readers that come and go', () => {
  it('get every id once and in order, whatever is cut off when', async () => {
    const node = await served({ streams: 1000, streamsPerAddress: 1000 });
    let subjects = 0;
    let size = 0;
    const block = fc.record({ records: fc.nat(3), final: fc.boolean() });
    const stay = fc.record({ blocks: fc.array(block, { maxLength: 3 }), take: fc.nat(6) });
    await fc.assert(
      fc.asyncProperty(fc.array(stay, { minLength: 1, maxLength: 6 }), async stays => {
        const start = size;
        const got: number[] = [];
        let lastId: string | null = null;
        for (const { blocks, take } of stays) {
          const reader: EventReader = await readEvents(node, '', lastId);
          for (const { records, final } of blocks) {
            node.mood.certifies = final;
            await record(node, ...Array.from({ length: records }, () => `s${subjects++}`));
            size += records;
          }
          // The reader leaves with some of it read.
          const final = finalSize(node);
          got.push(...indexesOf(await reader.take(Math.min(take, final - start - got.length))));
          lastId = reader.lastId;
          reader.leave();
        }
        node.mood.certifies = true;
        await node.seal();
        const last = await readEvents(node, '', lastId);
        got.push(...indexesOf(await last.take(size - start - got.length)));
        last.leave();
        expect(got).toEqual(Array.from({ length: size - start }, (_, i) => start + i));
      }),
      { numRuns: 40 },
    );
  });

  it('share what is read for them', async () => {
    const node = await served();
    const readers = await Promise.all(Array.from({ length: 30 }, () => readEvents(node, '?after=-1')));
    const leaf = vi.spyOn(node.service.ledger, 'leaf');
    await record(node, 'a', 'b', 'c');
    for (const reader of readers) expect(indexesOf(await reader.take(3))).toEqual([0, 1, 2]);
    expect(leaf.mock.calls.length).toBe(3);
    for (const reader of readers) reader.leave();
  });

  it('have so many places and no more, of their own, and give them back', async () => {
    const node = await served({ streamsPerAddress: 2, inFlight: 1 });
    const readers = [await readEvents(node), await readEvents(node)];
    expect(await problemIn(await node.ask('/v1/events'))).toMatchObject({ code: 'busy', retryAfter: 10 });
    expect((await node.ask('/v1/members')).status).toBe(200);
    readers[0]!.leave();
    await expect.poll(() => openOf(node), PATIENT).toBe(1);
    readers.push(await readEvents(node));
    for (const reader of readers) reader.leave();
    await expect.poll(() => openOf(node), PATIENT).toBe(0);
  });
});

describe('a reader that does not read', () => {
  it('is let go with a last word, takes no memory meanwhile, and may go on', async () => {
    const node = await served();
    await record(node, ...Array.from({ length: 500 }, (_, i) => `n${i}`));
    const limits = { streamBeatMs: 10, streamStallMs: 100 };
    const feed = eventFeed(node.service, limits, { error: () => {} });
    const later = async <T>(work: () => T) => work();
    const stream = feed.open({ after: -1, filter: {}, later });
    await expect.poll(() => stream.readableLength, PATIENT).toBeGreaterThan(16 * 1024);
    const held = stream.readableLength;
    expect(held).toBeLessThan(128 * 1024);
    await expect.poll(() => stream.readableLength, PATIENT).toBeGreaterThan(held);
    // Heartbeats are for who reads; what came is the last word.
    expect(stream.readableLength - held).toBeLessThan(100);
    const text = String(Buffer.concat(await stream.toArray()));
    expect(text).toMatch(/event: end\ndata: {"reason":"slow"}\n\n$/);
    const told = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(told.length).toBeLessThan(500);
    expect(told).toEqual(Array.from(told, (_, i) => i));
    const rest = await readEvents(node, '', String(told.at(-1)));
    expect(indexesOf(await rest.take(500 - told.length))).toEqual(
      Array.from({ length: 500 - told.length }, (_, i) => told.length + i),
    );
    rest.leave();
    feed.close();
  });

  it('is cut off where it does not take its last word either', async () => {
    const node = await served();
    await record(node, ...Array.from({ length: 100 }, (_, i) => `n${i}`));
    const feed = eventFeed(node.service, { streamBeatMs: 10, streamStallMs: 10 }, { error: () => {} });
    const stream = feed.open({ after: -1, filter: {}, later: async work => work() });
    await expect.poll(() => stream.destroyed, PATIENT).toBe(true);
    feed.close();
  });
});

describe('a node that stops', () => {
  it('tells its readers, and waits for none of them', async () => {
    const node = await serveSolo();
    await record(node, 'a');
    const [reader, sleeper] = [await readEvents(node, '?after=-1'), await readEvents(node, '?after=-1')];
    expect(indexesOf(await reader.take(1))).toEqual([0]);
    await node.close();
    expect(await reader.take(2)).toEqual([{ id: null, event: 'end', data: '{"reason":"closing"}' }]);
    expect((await sleeper.take(9)).at(-1)!.event).toBe('end');
  });
});

function finalSize({ service: { ledger } }: Served): number {
  const height = ledger.lastCertificate()?.height ?? 0;
  return Number(ledger.checkpointText(height)?.split('\n')[1] ?? 0);
}
