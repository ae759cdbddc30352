import { type QueryValues, ROUTES, requestPath } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER } from '../../../../tests/fixtures/builder.ts';
import { note, problemIn, readValue, type Served, serveSolo } from './testing/served.ts';

let node: Served;
const digest = (n: number) => ({ alg: 'sha256', hash: new Uint8Array(32).fill(n) }) as const;
const subject = (id: string) => ({ issuer: PUBLISHER, id });
const cites = (id: string, index: number) => ({ rel: 'cites', subject: subject(id), index });
const texts = (...pairs: (readonly [string, string])[]) => new Map(pairs);

beforeAll(async () => {
  node = await serveSolo();
  const seal = (...entries: Parameters<Served['submission']>[0]) => node.seal(node.submission(entries));
  // 0, 1, 2
  await seal(
    note('办法', { meta: texts(['text', '数据共享管理办法（试行）']) }),
    note('通知', {
      meta: texts(['text', '关于印发区块链行动计划的通知'], ['region', '350102']),
      digest: digest(2),
    }),
    note('其他', {
      meta: texts(['text', 'Blockchain pilot'], ['document-number', '京政发〔2020〕1号']),
      digest: digest(3),
    }),
  );
  // 3, 4
  await seal(
    note('新办法', {
      links: [cites('办法', 0), cites('通知', 1)],
      meta: texts(['text', '数据共享管理办法']),
    }),
    note('别的', { links: [cites('其他', 2)] }),
  );
  // 5
  await seal(note('办法', { action: 'close', prev: 0, digest: digest(5) }));
  // 6
  await seal(note('实施细则', { links: [cites('新办法', 3)] }));
});
afterAll(() => node.close());

const pathOf = (query: QueryValues<typeof ROUTES.search>) => requestPath(ROUTES.search, {}, query);
const search = async (query: QueryValues<typeof ROUTES.search>) =>
  readValue(ROUTES.search, 200, await node.ask(pathOf(query)));
const found = async (query: QueryValues<typeof ROUTES.search>) =>
  (await search(query)).results.map(({ index }) => index);

describe('a search over HTTP', () => {
  it('finds by each thing that can be asked for, newest first', async () => {
    expect(await found({})).toEqual([6, 5, 4, 3, 2, 1]);
    expect(await found({ records: 'all' })).toEqual([6, 5, 4, 3, 2, 1, 0]);
    // Where no record has a title, what the first one says holds.
    expect(await found({ q: '管理办法' })).toEqual([5, 3]);
    expect(await found({ q: '管理办法', records: 'all' })).toEqual([5, 3, 0]);
    expect(await found({ q: 'ｐｉｌｏｔ blockchain' })).toEqual([2]);
    expect(await found({ q: '京政发〔2020〕1号' })).toEqual([2]);
    expect(await found({ region: '350000' })).toEqual([1]);
    expect(await found({ state: 'closed' })).toEqual([5]);
    expect(await found({ digest: digest(2) })).toEqual([1]);
    expect(await found({ profile: 'note', issuer: PUBLISHER, q: '号' })).toEqual([2]);
    expect(await found({ profile: 'strict' })).toEqual([]);
    // By what the issuer is called, in the words or alone.
    expect(await found({ q: '发布机构 管理办法' })).toEqual([5, 3]);
    expect(await found({ issuer: '演示发布' })).toHaveLength(6);
    expect(await found({ issuer: '管理办法' })).toEqual([]);
    expect(await found({ from: '2020-09-13', to: '2020-09-13' })).toHaveLength(6);
    expect(await found({ from: '2020-09-14' })).toEqual([]);
  });

  it('goes page by page as it began, and says what it covers', async () => {
    const first = await search({ limit: 4 });
    expect([first.results.length, first.next, first.covers]).toEqual([
      4,
      `7-3-${first.at.replaceAll('-', '')}`,
      { from: 0, to: 7 },
    ]);
    await node.seal(node.submission([note('通知', { action: 'change', prev: 1, digest: null })]));
    const query = { limit: 4, cursor: { size: 7, before: 3, at: first.at } };
    const rest = await search(query);
    expect([rest.results.map(({ index }) => index), rest.next, rest.covers]).toEqual([
      [2, 1],
      null,
      { from: 0, to: 7 },
    ]);
    // Where it stands is told as of now.
    expect([rest.results[1]!.standing?.head, rest.asOf.height]).toEqual([7, 5]);
    expect((await found({ limit: 1 }))[0]).toBe(7);
  });

  it('is refused with a code for anything it cannot be', async () => {
    for (const query of [
      'q=',
      'q=%EF%BC%81%E3%80%82',
      `q=${'x'.repeat(129)}`,
      'limit=0',
      'limit=257',
      'region=35',
      'from=2020-13-01',
      'cursor=1-2-20260101',
      'cursor=2-1',
      'cursor=2-1-20260230',
      'standing=never-recorded',
      'at=2079-01-01',
      'at=2026-02-29',
      'cursor=x',
      'records=some',
      'what=1',
    ])
      expect(await problemIn(await node.ask(`/v1/search?${query}`)), query).toMatchObject({
        code: 'bad-parameter',
      });
    const ahead = pathOf({ cursor: { size: 9, before: 9, at: '2026-01-01' } });
    expect(await problemIn(await node.ask(ahead))).toMatchObject({ code: 'bad-cursor', status: 400 });
  });
});

describe('the graph of a subject', () => {
  const graph = async (id: string, query: QueryValues<typeof ROUTES.graph> = {}) => {
    const path = requestPath(ROUTES.graph, { profile: 'note', ...subject(id) }, query);
    const { nodes, edges, complete } = await readValue(ROUTES.graph, 200, await node.ask(path));
    const name = (number: number) => nodes[number]!.standing.id;
    return {
      nodes: nodes.map(({ standing, depth }) => `${standing.id} ${depth}`),
      edges: edges.map(
        ({ from, to, rel, record, target }) => `${name(from)} ${rel} ${name(to)} ${record} ${target}`,
      ),
      complete,
    };
  };

  it('has what it links to and what links to it, nearest first', async () => {
    expect(await graph('办法', { depth: 1 })).toEqual({
      nodes: ['办法 0', '新办法 1'],
      edges: ['新办法 cites 办法 3 0'],
      complete: true,
    });
    expect(await graph('办法')).toEqual({
      nodes: ['办法 0', '新办法 1', '通知 2', '实施细则 2'],
      edges: ['新办法 cites 办法 3 0', '新办法 cites 通知 3 1', '实施细则 cites 新办法 6 3'],
      complete: true,
    });
    expect((await graph('其他')).nodes).toEqual(['其他 0', '别的 1']);
  });

  it('says where a bound has cut it off, and what is not there', async () => {
    expect(await graph('新办法', { limit: 2 })).toMatchObject({
      nodes: ['新办法 0', '办法 1'],
      complete: false,
    });
    const none = requestPath(ROUTES.graph, { profile: 'note', ...subject('无') });
    expect(await problemIn(await node.ask(none))).toMatchObject({ code: 'no-subject' });
  });
});
