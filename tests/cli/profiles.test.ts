import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csvText } from '../../packages/client/src/files/csv.ts';
import { PUBLISHER, testGenesis } from '../fixtures/builder.ts';
import { Publisher, seedProfile } from './publisher.ts';

let us: Publisher;
beforeEach(async () => {
  us = await Publisher.make({ ...testGenesis(), profiles: [seedProfile('bill'), seedProfile('policy')] });
});
afterEach(() => us.remove());

const run = (...args: string[]) => us.place.inProcess(args);

describe('qifeng profiles', () => {
  it('lists them, and shows one by its name or title, in either language', async () => {
    const list = await run('profiles', '--lang', 'zh');
    expect(list.stdout).toMatch(/^bill +电子票据 +第 1 版，创世文件所定\npolicy +政策文件 /);
    const bill = (await run('profiles', '电子票据', '--lang', 'zh')).stdout;
    expect(bill).toMatch(/^ {2}已开具，指定入账单位 +assigned +有效$/m);
    expect(bill).toMatch(
      /^ {2}入账 {2}book {2}已开具 → 已入账 {2}由有该类型权限的任一机构办理 {2}不附文件$/m,
    );
    expect(bill).toMatch(/^ {6}会计期间（首日） +period +日期 YYYY-MM-DD +必填$/m);
    const policy = (await run('profiles', 'policy', '--lang', 'en')).stdout;
    expect(policy).toMatch(
      /^ {2}Publish {2}publish {2}no record → In force {2}by the issuer {2}needs a file, which is the text from then on$/m,
    );
    expect(policy).toMatch(/^ {6}link +--link amended-by=policy\/…/m);
  });

  it('is JSON for programs, and refuses a name that there is not with those that there are', async () => {
    expect(JSON.parse((await run('profiles', '--json')).stdout).profiles).toMatchObject([
      { name: 'bill', version: 1, record: null, title: { zh: '电子票据' } },
      { name: 'policy' },
    ]);
    const { record, ...bill } = JSON.parse((await run('profiles', 'bill', '--json')).stdout);
    expect([record, bill]).toEqual([null, seedProfile('bill')]);
    const none = await run('profiles', 'bil', '--lang', 'zh');
    expect([none.exit, none.stderr]).toEqual([
      2,
      expect.stringContaining('没有 bil 这个业务类型，现有：bill (电子票据)、policy (政策文件)。'),
    ]);
  });
});

describe('titles where names are typed', () => {
  const entry = () => us.ledger.leaves.at(-1)!.leaf.entry.value;

  it('stand for profile, action and fields when something is recorded', async () => {
    const meta = ['--meta', '标题=甲', '--meta', 'kind=通知'];
    const stamped = [
      'stamp',
      'paper.md',
      '--profile',
      '政策文件',
      '--action',
      '发布',
      '--subject',
      'S',
      ...meta,
    ];
    expect((await run(...stamped)).exit).toBe(0);
    expect(entry()).toMatchObject({ profile: 'policy', action: 'publish' });
    expect(Object.fromEntries(entry().meta)).toEqual({ title: '甲', kind: '通知' });
    expect((await run('act', `policy/${PUBLISHER}/S`, '废止', '--meta', '原因=过期')).exit).toBe(0);
    expect(entry()).toMatchObject({ action: 'repeal' });
    expect([...entry().meta.keys()]).toEqual(['reason']);
    writeFileSync(
      us.place.path('t.csv'),
      csvText([
        ['file', '标题', '文种'],
        ['paper.md', '乙', '通知'],
      ]),
    );
    expect((await run('stamp', '--table', 't.csv')).exit).toBe(0);
    expect(Object.fromEntries(entry().meta)).toEqual({ title: '乙', kind: '通知' });
  });

  it.each<[string, string[], string]>([
    ['profile', ['stamp', 'paper.md', '--profile', '政策'], '没有 政策 这个业务类型，现有：bill (电子票据)'],
    [
      'action',
      ['stamp', 'paper.md', '--action', '发布了'],
      '该业务类型没有 发布了 这个事项，现有：publish (发布)',
    ],
    ['action of act', ['act', `bill/${PUBLISHER}/1`, '报销'], '没有 报销 这个事项，现有：issue (开具)'],
    ['state', ['search', '--state', 'nosuch'], '没有 nosuch 这个状态，现有：issued (已开具)'],
    ['state of a profile', ['search', '--profile', 'policy', '--state', '已入账'], '现有：awaiting (待会签)'],
    ['profile searched', ['search', '--profile', 'nosuch'], '没有 nosuch 这个业务类型'],
    ['profile watched', ['watch', '--profile', '政策'], '没有 政策 这个业务类型'],
  ])('that there are not: of a %s, with those that there are', async (_, args, says) => {
    const { exit, stderr } = await run(...args, '--lang', 'zh');
    expect([exit, stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  it('stand for profile and state in what a node is asked', async () => {
    expect((await run('search', '--profile', '电子票据', '--state', '已入账')).exit).toBe(0);
    expect(us.server.gets.at(-1)).toBe('/v1/search?profile=bill&state=booked');
  });
});
