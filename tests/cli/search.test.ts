import { mkdirSync, writeFileSync } from 'node:fs';
import { encode, genesisCodec } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeClient } from '../../packages/client/src/sdk/client.ts';
import { note, type Served, serveSolo } from '../../packages/node/src/http/testing/served.ts';
import { PUBLISHER } from '../fixtures/builder.ts';
import { Workplace } from './harness.ts';

let node: Served;
let place: Workplace;
beforeAll(async () => {
  node = await serveSolo();
  place = new Workplace();
  mkdirSync(place.path('solo'));
  writeFileSync(place.path('solo/genesis.cbor'), encode(genesisCodec, node.service.chain.genesis));
  const texts = ['数据共享管理办法', '关于印发区块链行动计划的通知', 'Pilot of the blockchain'];
  const entries = texts.map((text, i) => note(`文 ${i}`, { meta: new Map([['text', text]]) }));
  await node.seal(node.submission([...entries, note('a/b')]));
});
afterAll(async () => {
  place.remove();
  await node.close();
});

const search = (...args: string[]) => place.inProcess(['search', ...args, '--node', node.server.url]);

describe('qifeng search', () => {
  it('prints a line for each record, and the command for the next page', async () => {
    const { exit, stdout } = await search('--profile', 'note', '--limit', '2');
    expect(exit).toBe(0);
    const [first, second, covers, more] = stdout.split('\n');
    expect(first).toMatch(/^3 {2}2020-09-13 {2}In force \(open\) .*note\/\w{18}\/a%2Fb$/);
    expect(second).toMatch(new RegExp(`^2 .*note/${PUBLISHER}/文 2$`));
    expect(covers).toMatch(/^records 0 to 3, as this node had them at 2020-09-1/);
    const [, cursor] = /^more {2}qifeng search --profile note --limit 2 --cursor (4-2-\d{8})$/.exec(more!)!;
    const rest = await search('--profile', 'note', '--limit', '2', '--cursor', cursor!);
    expect(
      rest.stdout
        .split('\n')
        .slice(0, 2)
        .map(line => line[0]),
    ).toEqual(['1', '0']);
    expect(rest.stdout).not.toContain('--cursor');
  });

  it('finds words in Chinese and Latin letters, for programs too', async () => {
    expect((await search('区块链', '行动计划')).stdout).toMatch(/^1 .*文 1\n/);
    const { results, next, covers } = JSON.parse((await search('BLOCKCHAIN', '--json')).stdout);
    expect([results.map(({ index }: { index: number }) => index), next, covers]).toEqual([
      [2],
      null,
      { from: 0, to: 4 },
    ]);
    const none = await search('链块', '--lang', 'zh');
    expect([none.exit, none.stdout]).toEqual([
      0,
      expect.stringMatching(/^没有找到。\n仅检索了各标的的最后一条记录.*--all.*\n检索范围：记录 0 至 3/),
    ]);
    expect((await search('链块', '--all')).stdout).not.toContain('--all');
    const named = await search('--issuer', '演示发布机构', '--limit', '1', '--json');
    expect(JSON.parse(named.stdout).results[0].index).toBe(3);
  });

  it('says of a subject what status says of it, in both languages, and finds it by that', async () => {
    const dates = (...pairs: [string, string][]) => ({ meta: new Map(pairs) });
    await node.seal(
      node.submission([
        note('past', dates(['expires', '2020-09-01'])),
        note('future', dates(['effective', '2070-01-01'])),
      ]),
    );
    const status = async (id: string, lang: string) => {
      const args = ['status', `note/${PUBLISHER}/${id}`, '--node', node.server.url, '--home', 'solo'];
      const { stdout } = await place.inProcess([...args, '--max-age', '99999d', '--lang', lang]);
      return /^ *(?:standing|当前效力)\s+(.*?)(?:, as of|（截至)/m.exec(stdout)![1]!;
    };
    for (const [id, zh] of [
      ['past', '失效 (测试)'],
      ['future', '尚未生效 (测试)'],
      ['文 0', '有效 (测试)'],
    ] as const)
      for (const lang of ['zh', 'en']) {
        const { stdout } = await search('--at', '2020-09-13', '--lang', lang, '--home', 'solo');
        const line = stdout.split('\n').find(line => line.endsWith(`/${id}`))!;
        const says = await status(id, lang);
        if (lang === 'zh') expect(says).toBe(zh);
        expect(line).toContain(`  ${says}  `);
      }
    const found = async (...args: string[]) =>
      (JSON.parse((await search('--json', ...args)).stdout).results as { index: number }[]).map(
        one => one.index,
      );
    expect(await found('--standing', 'lapsed')).toEqual([4]);
    expect(await found('--standing', 'not-yet')).toEqual([5]);
    expect(await found('--standing', 'in-force')).toEqual([3, 2, 1, 0]);
    expect(await found('--standing', 'in-force', '--at', '2020-09-01')).toEqual([4, 3, 2, 1, 0]);
    expect(await found('--standing', 'in-force', '--at', '2070-01-01')).toEqual([5, 3, 2, 1, 0]);
    expect(await found('--state', 'open')).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('of a graph gives the subjects around one, by the SDK', async () => {
    const client = new NodeClient({ nodes: [node.server.url] });
    const link = { rel: 'cites', subject: { issuer: PUBLISHER, id: '文 0' }, index: 0 };
    await node.seal(node.submission([note('引用', { links: [link] })]));
    const graph = await client.graph('note', { issuer: PUBLISHER, id: '文 0' }, { depth: 1 });
    expect(graph?.nodes.map(({ standing, depth }) => [standing.id, depth])).toEqual([
      ['文 0', 0],
      ['引用', 1],
    ]);
    expect(graph?.edges).toEqual([{ rel: 'cites', from: 1, to: 0, record: 6, target: 0 }]);
    expect(await client.graph('note', { issuer: PUBLISHER, id: '无' })).toBeNull();
  });

  it('of publishers gives codes by names', async () => {
    const list = (...args: string[]) =>
      place.inProcess(['publishers', 'list', ...args, '--node', node.server.url]);
    expect((await list('--name', '发布机构', '--limit', '1')).stdout).toMatch(
      new RegExp(`^${PUBLISHER} .*\\n1 publishers\\n$`),
    );
    expect(JSON.parse((await list('--name', '甘肃', '--json')).stdout)).toEqual({
      publishers: [],
      next: null,
    });
    expect((await list('--limit', '0')).exit).toBe(2);
  });

  it('marks what has a later record', async () => {
    await node.seal(node.submission([note('文 0', { action: 'close', prev: 0 })]));
    const { stdout } = await search('数据共享', '--all');
    expect(stdout).toMatch(/^7 .* Ended \(closed\) .*\n0 .* has a later record .*文 0\n/);
  });

  it.each([
    ['a region of two digits', ['--region', '35'], '35 is no value for --region'],
    ['a day that is none', ['--from', '2020-13-01'], '--from'],
    ['a standing that is none', ['--standing', 'open'], 'open is no value for --standing'],
    [
      'another day than that of the cursor',
      ['--cursor', '4-2-20260101', '--at', '2026-01-02'],
      'cannot go on',
    ],
    ['words without a letter', ['！！'], 'TEXT'],
    ['a cursor of a longer log', ['--cursor', '99-9-20260101'], 'cannot go on'],
  ])('%s is 2 with a hint', async (_, args, hint) => {
    const { exit, stderr } = await search(...args);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(hint)]);
  });
});
