import { describe, expect, it, test } from 'vitest';
import { SYSTEMS } from '../systems/scripts/all.ts';
import { documentFlaws, isDay, lifecycleFlaws, MARK, publisherFlaws, sharedNames } from './seed-flaws.ts';
import {
  readPolicyProfile,
  readProfileFiles,
  readSamples,
  readSeeds,
  type SeedFile,
  splitDocument,
} from './seed-set.ts';

// GB/T 2260, in its order.
const UNITS = `
  110000 北京市 Beijing · 120000 天津市 Tianjin · 130000 河北省 Hebei · 140000 山西省 Shanxi
  150000 内蒙古自治区 Inner Mongolia · 210000 辽宁省 Liaoning · 220000 吉林省 Jilin · 230000 黑龙江省 Heilongjiang
  310000 上海市 Shanghai · 320000 江苏省 Jiangsu · 330000 浙江省 Zhejiang · 340000 安徽省 Anhui
  350000 福建省 Fujian · 360000 江西省 Jiangxi · 370000 山东省 Shandong · 410000 河南省 Henan
  420000 湖北省 Hubei · 430000 湖南省 Hunan · 440000 广东省 Guangdong · 450000 广西壮族自治区 Guangxi
  460000 海南省 Hainan · 500000 重庆市 Chongqing · 510000 四川省 Sichuan · 520000 贵州省 Guizhou
  530000 云南省 Yunnan · 540000 西藏自治区 Xizang · 610000 陕西省 Shaanxi · 620000 甘肃省 Gansu
  630000 青海省 Qinghai · 640000 宁夏回族自治区 Ningxia · 650000 新疆维吾尔自治区 Xinjiang`
  .split(/ · |\n/)
  .map(unit => unit.trim())
  .filter(unit => unit !== '');

const seeds = readSeeds();
const profiles = readProfileFiles().map(({ name }) => name.replace('.json', ''));
const file = (name: string, text: string): SeedFile => ({ name, bytes: new TextEncoder().encode(text) });

describe('the seeds', () => {
  it('name the 31 provincial units in the order of GB/T 2260', () => {
    expect(UNITS).toHaveLength(31);
    expect(seeds.members.map(({ code, nameZh, nameEn }) => `${code} ${nameZh} ${nameEn}`)).toEqual(UNITS);
    for (const key of ['code', 'nameZh', 'nameEn'] as const) {
      expect(new Set(seeds.members.map(member => member[key])).size).toBe(31);
    }
  });

  it('have demo publishers with right codes, known homes and marks', () => {
    expect(seeds.publishers.length).toBeGreaterThanOrEqual(12);
    expect(publisherFlaws(seeds, profiles)).toEqual([]);
  });

  it('have documents that are marked, dated, attributed and told apart', () => {
    expect(seeds.documents.length).toBeGreaterThanOrEqual(16);
    expect(
      [...seeds.documents, ...seeds.revisions].flatMap(document => documentFlaws(document, seeds)),
    ).toEqual([]);
    expect(sharedNames(seeds)).toEqual([]);
  });

  it('have every publisher at work, and several kinds of document', () => {
    const values = (key: string) =>
      new Set(
        seeds.documents.map(({ bytes }) =>
          new Map(splitDocument(new TextDecoder().decode(bytes))?.meta).get(key),
        ),
      );
    const signing = SYSTEMS.flatMap(({ steps }) =>
      steps.flatMap(({ run }) => [...run.matchAll(/--key (\w{18})/g)].map(([, id]) => id)),
    );
    const atWork = new Set([...values('issuer'), ...signing]);
    expect(seeds.publishers.map(({ id }) => id).filter(id => !atWork.has(id))).toEqual([]);
    expect(values('kind').size).toBeGreaterThanOrEqual(6);
  });

  it('have samples for every system, marked, and none that no system uses', () => {
    const samples = readSamples();
    for (const { name, bytes } of samples) expect(new TextDecoder().decode(bytes), name).toMatch(/演示/);
    for (const { name, bytes } of samples.filter(({ name }) => /\.(md|csv)$/.test(name)))
      expect(new TextDecoder().decode(bytes), name).toContain(MARK);
    const tables = samples.filter(({ name }) => /\.(json|csv)$/.test(name));
    const typed = (system: string) =>
      SYSTEMS.filter(({ name }) => name === system)
        .flatMap(({ steps }) => steps.map(({ run }) => run))
        .concat(
          tables
            .filter(({ name }) => name.startsWith(`${system}/`))
            .map(({ bytes }) => new TextDecoder().decode(bytes)),
        )
        .join('\n');
    const unused = samples.filter(({ name }) => {
      const [system = '', file = ''] = name.split('/');
      return !typed(system).includes(file);
    });
    expect(unused.map(({ name }) => name)).toEqual([]);
    expect(new Set(samples.map(({ name }) => name.split('/')[0]))).toEqual(
      new Set(SYSTEMS.map(({ name }) => name)),
    );
  });

  it('have follow-up actions of every sort that can be carried out in order', () => {
    expect(new Set(seeds.lifecycle.map(({ action }) => action))).toEqual(
      new Set(['amend', 'repeal', 'lapse']),
    );
    expect(lifecycleFlaws(seeds)).toEqual([]);
  });

  it('use fields and actions that the policy profile has', () => {
    const actions = new Map(readPolicyProfile().actions.map(action => [action.name, action]));
    const fields = actions.get('publish')?.fields.map(({ name }) => name);
    for (const { bytes } of seeds.documents) {
      const keys = splitDocument(new TextDecoder().decode(bytes))?.meta.map(([key]) => key) ?? [];
      expect(fields).toEqual(expect.arrayContaining(keys.filter(key => !['issuer', 'mark'].includes(key))));
    }
    for (const { action, file: text } of seeds.lifecycle) {
      expect(actions.get(action)).toMatchObject({ by: 'issuer' });
      expect(text !== null || actions.get(action)?.digest !== 'required').toBe(true);
    }
  });
});

describe('a planted fault in a document', () => {
  const publishers = [
    { id: '11430000DEM000001Q', name: '甲（演示）', home: '430000', roles: ['policy'] },
    { id: '11430000DEM000002U', name: '乙（演示）', home: '430000', roles: ['bill'] },
  ];
  const good = `---
title: 题（2020—2022年）
issuer: 11430000DEM000001Q
kind: 通知
published: 2020-02-29
region: 430000
keywords: 一、二
mark: ${MARK}
---

> **${MARK}。**

# 题（2020—2022年）

文。
`;
  const flaws = (text: string, name = '01-a.md') => documentFlaws(file(name, text), { publishers });
  const change = (from: string, to: string) => {
    expect(good).toContain(from);
    return flaws(good.replace(from, to));
  };

  it('is none in the document it is planted in', () => expect(flaws(good)).toEqual([]));

  test.each([
    ['kind: 通知\n', 'kind: 规定\n', 'is of no known kind'],
    ['2020-02-29', '2021-02-29', 'has no real day in published'],
    ['2020-02-29', '2020-2-9', 'has no real day in published'],
    ['000001Q', '000001R', 'is of no known publisher'],
    ['000001Q', '000002U', 'is of a publisher without policies'],
    ['region: 430000', 'region: 440000', 'is of another region than its publisher'],
    ['keywords: 一、二\n', '', 'has no keywords'],
    ['keywords: 一、二', 'keywords: 一、二、三、四、五、六', 'has more than five keywords'],
    ['keywords: 一、二', 'keywords: ', 'has an empty or padded keywords'],
    ['kind: 通知\n', 'kind: 通知\nkind: 通知\n', 'has kind twice'],
    ['kind: 通知\n', 'kind: 通知\nnumber: 甲1号\n', 'has unknown key number'],
    ['一、二', '甲〔2020〕8号', 'has a document number in keywords'],
    ['文。', '见甲发【2020】8号。', 'has a document number in its text'],
    ['文。', '见甲发（2020）8号。', 'has a document number in its text'],
    [`mark: ${MARK}`, 'mark: 演示', 'has another mark'],
    [`> **${MARK}。**`, '> 正式文本', 'does not begin with its mark'],
    ['# 题', '# 另题', 'has another heading than its title'],
    ['文。', 'e\u0301', 'is not NFC'],
    ['文。', '文\u0007', 'holds a control or invisible character'],
    ['文。', '文\r', 'holds a control or invisible character'],
    ['文。', '文\u200b', 'holds a control or invisible character'],
    ['文。\n', '文。', 'does not end in one line end'],
  ])('%j → %j is reported', (from, to, flaw) => expect(change(from, to)).toEqual([`01-a.md ${flaw}`]));

  it('in its name, its encoding or its frame is reported', () => {
    expect(flaws(good, '1-A.md')).toEqual(['1-A.md is not named NN-slug.md']);
    expect(change('---\n', '')).toEqual(['01-a.md has no front matter']);
    expect(flaws(`\ufeff${good}`)).toContain('01-a.md holds a control or invisible character');
    expect(documentFlaws({ name: '01-a.md', bytes: Uint8Array.of(0xff) }, { publishers })).toContain(
      '01-a.md is not UTF-8',
    );
  });

  it('in telling documents apart is reported', () => {
    const twins = { documents: [file('01-a.md', good), file('01-b.md', good)] };
    expect(sharedNames(twins)).toEqual(['题（2020—2022年） is there twice', '01 is there twice']);
  });
});

describe('a planted fault in the publishers', () => {
  const [first, second] = seeds.publishers;
  const flaws = (...publishers: (typeof seeds.publishers)[number][]) =>
    publisherFlaws({ members: seeds.members, publishers }, profiles);

  test.each([
    [{ id: '11110000DEM000001D' }, 'is no unified social credit code'],
    [{ home: '120000' }, 'is not made for a demo publisher of 120000'],
    [{ name: '北京市人民政府办公厅' }, 'is not marked as a demonstration'],
    [{ roles: ['bills'] }, 'names an unknown profile'],
    [{ roles: ['bill:clerk'] }, 'has a role that is none'],
  ])('%j is reported', (changed, flaw) => {
    const publisher = { ...first!, ...changed };
    expect(flaws(publisher)).toEqual([`${publisher.id} ${flaw}`]);
  });

  it('in their order, number or homes is reported', () => {
    expect(flaws(second!, first!)).toEqual([`${first!.id} is out of order`]);
    expect(flaws(first!, first!)).toEqual([`${first!.id} is there twice`, `${first!.name} is there twice`]);
    expect(publisherFlaws({ members: [], publishers: [first!] }, profiles)).toEqual([
      `${first!.id} has unknown home 110000`,
    ]);
  });
});

describe('a planted fault in the follow-up actions', () => {
  const text = (title: string, issuer = 'x') => `---\ntitle: ${title}\nissuer: ${issuer}\n---\n`;
  const documents = [
    file('01-a.md', text('甲')),
    file('02-b.md', text('乙')),
    file('03-c.md', text('丙', 'y')),
  ];
  const revisions = [file('01-a.md', text('甲'))];
  const amend = {
    document: '01-a.md',
    action: 'amend',
    file: 'revisions/01-a.md',
    by: '02-b.md',
    note: '演示',
  };
  const flaws = (...lifecycle: (typeof amend | (typeof seeds.lifecycle)[number])[]) =>
    lifecycleFlaws({ documents, revisions, lifecycle });

  it('is none where it is planted', () => expect(flaws(amend)).toEqual([]));

  test.each([
    [{ action: 'withdraw' }, 'withdraw of 01-a.md is no known action'],
    [{ note: '' }, 'amend of 01-a.md has a note without its mark'],
    [{ by: '01-a.md' }, 'amend of 01-a.md is ordered by no other document'],
    [{ by: '04-d.md' }, 'amend of 01-a.md is ordered by no other document'],
    [{ by: '03-c.md' }, 'amend of 01-a.md is ordered by another issuer'],
    [{ document: '02-b.md', by: null }, 'amend of 02-b.md brings a text of another title'],
  ])('%j is reported', (changed, flaw) => expect(flaws({ ...amend, ...changed })).toEqual([flaw]));

  it('in its files or its order is reported', () => {
    expect(flaws({ ...amend, document: '09-z.md' })).toEqual(['amend of 09-z.md is about no document']);
    expect(flaws({ ...amend, file: null })).toEqual([
      'amend of 01-a.md brings no new text',
      '01-a.md is never used',
    ]);
    expect(flaws({ ...amend, file: 'revisions/09-z.md' })).toEqual([
      'amend of 01-a.md brings no file',
      '01-a.md is never used',
    ]);
    const repeal = { ...amend, action: 'repeal', file: null, by: null };
    expect(flaws(repeal, amend)).toEqual(['amend of 01-a.md comes after the end']);
  });
});

test.each([
  ['2020-02-29', true],
  ['2100-02-29', false],
  ['2020-13-01', false],
  ['2020-04-31', false],
  ['20200427', false],
])('the day %s is real: %s', (day, real) => expect(isDay(day)).toBe(real));
