import { ROUTES, requestPath } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER } from '../../../../tests/fixtures/builder.ts';
import { note, readValue, type Served, serveSolo } from './testing/served.ts';

const subject = { profile: 'note', issuer: PUBLISHER, id: '文/号 1' };
const digest = { alg: 'sha256', hash: new Uint8Array(32).fill(1) } as const;
const change = (prev: number) => note(subject.id, { action: 'change', digest: null, prev });

let node: Served;
beforeAll(async () => {
  node = await serveSolo();
  await node.seal(node.submission([note(subject.id), note('other')]));
  for (const prev of [0, 2, 3]) await node.seal(node.submission([change(prev)]));
});
afterAll(() => node.close());

/** Log indexes on the pages of a subject's history, `meanwhile` called after the first. */
async function walk(limit: number, meanwhile: () => Promise<unknown> = async () => {}): Promise<number[]> {
  const found: number[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const path: string = requestPath(ROUTES.history, subject, { from, limit });
    const page = await readValue(ROUTES.history, 200, await node.ask(path));
    expect(page.records.length).toBeLessThanOrEqual(limit);
    if (from === 0) await meanwhile();
    found.push(...page.records.map(({ index }) => index));
    from = page.next;
  }
  return found;
}

describe('a query', () => {
  it('gives a history page by page, stable while it grows', async () => {
    for (const limit of [1, 2, 3, 4, 256]) expect(await walk(limit)).toEqual([0, 2, 3, 4]);
    expect(await walk(2, () => node.seal(node.submission([change(4)])))).toEqual([0, 2, 3, 4, 5]);
  });

  it('finds every record of a file with where its subject stands now', async () => {
    const answer = await node.ask(requestPath(ROUTES.document, { digest }));
    const document = await readValue(ROUTES.document, 200, answer);
    expect(document.count).toBe(2);
    expect(document.records.map(({ index, standing }) => [index, standing?.id, standing?.version])).toEqual([
      [0, subject.id, 5],
      [1, 'other', 1],
    ]);
    const half = await readValue(
      ROUTES.document,
      200,
      await node.ask(requestPath(ROUTES.document, { digest }, { limit: 1 })),
    );
    expect([half.records.length, half.next]).toEqual([1, 1]);
  });

  it('gives a standing with the record that made it', async () => {
    const { standing, record, asOf } = await readValue(
      ROUTES.subject,
      200,
      await node.ask(requestPath(ROUTES.subject, subject)),
    );
    expect(standing).toMatchObject({
      ...subject,
      state: 'open',
      head: 5,
      version: 5,
      owner: PUBLISHER,
      digest,
    });
    expect(record.leaf.entry.value).toMatchObject({ action: 'change', prev: 4 });
    expect([record.index, asOf.height]).toEqual([5, 5]);
  });

  it('gives what a publisher recorded, and publishers', async () => {
    const path = requestPath(ROUTES.publisherRecords, { id: PUBLISHER }, { from: 3 });
    const { records } = await readValue(ROUTES.publisherRecords, 200, await node.ask(path));
    expect(records.map(({ index }) => index)).toEqual([3, 4, 5]);
    const all = await readValue(ROUTES.publishers, 200, await node.ask('/v1/publishers'));
    expect([all.publishers.map(({ id, seq }) => [id, seq]), all.next]).toEqual([[[PUBLISHER, 6]], null]);
    const rest = await node.ask(`/v1/publishers?after=${PUBLISHER}`);
    expect((await readValue(ROUTES.publishers, 200, rest)).publishers).toEqual([]);
  });

  it('gives blocks, members and the network', async () => {
    const block = await readValue(ROUTES.block, 200, await node.ask('/v1/blocks/1'));
    expect([block.certified, block.first, block.count, block.checkpoint.size]).toEqual([true, 0, 2, 2]);
    const latest = await readValue(ROUTES.block, 200, await node.ask('/v1/blocks/latest'));
    expect([latest.header.height, latest.first, latest.count]).toEqual([5, 5, 1]);
    const { members, quorum, ...others } = await readValue(
      ROUTES.members,
      200,
      await node.ask('/v1/members'),
    );
    expect(others).toEqual({ epoch: 0, observers: [], removal: null });
    expect([quorum, members.map(({ code, key }) => [code, key?.length])]).toEqual([
      3,
      ['110000', '120000', '130000', '140000'].map(code => [code, 32]),
    ]);
    const network = await readValue(ROUTES.network, 200, await node.ask('/v1/network'));
    expect(network).toMatchObject({ code: '110000', height: 5, certified: 5, size: 6, ready: true });
  });

  it('of readiness fails with the reason', async () => {
    node.mood.ready = false;
    const response = await node.ask('/readyz');
    node.mood.ready = true;
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'not-ready', detail: 'connected to 1 of 3' });
    expect(await (await node.ask('/healthz')).json()).toEqual({ status: 'ok' });
  });
});
