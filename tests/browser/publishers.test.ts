import { type Genesis, usccCheckCharacter } from '@qifeng/core';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publisherKey } from '../../packages/node/src/http/testing/solo-node.ts';
import { seedProfile } from '../cli/publisher.ts';
import { PUBLISHER, testGenesis } from '../fixtures/builder.ts';
import { startVisit, type Visit } from './visit.ts';

/** Enough for a second page. */
const FURTHER = 60;
const codes = Array.from({ length: FURTHER }, (_, i) => {
  const first = `91350100${String(i).padStart(9, '0')}`;
  return first + usccCheckCharacter(first)!;
});

const ROLES: Genesis['publishers'][number]['roles'] = [
  { profile: 'certificate', role: 'supervisor' },
  { profile: 'matter', role: 'issuer' },
];

let visit: Visit;
beforeAll(async () => {
  const genesis = testGenesis();
  const [known] = genesis.publishers;
  const further = codes.map((id, i) => ({
    ...known!,
    ...{ id, name: `演示部门${i}`, home: '120000', quota: i * 1000, keys: [publisherKey(id).publicKey] },
    roles: i === 0 ? [] : ROLES,
  }));
  const profiles = ['certificate', 'matter'].map(seedProfile);
  visit = await startVisit({}, { ...genesis, profiles, publishers: [known!, ...further] });
});
afterAll(() => visit.close());

const open = (locale = 'en-GB', viewport = { width: 1280, height: 800 }) =>
  visit.open({ locale, viewport }, { path: '/publishers', ready: 'td bdi' });
const rows = async (page: Page) => {
  const all = await page.locator('tbody tr').all();
  return Promise.all(all.map(row => row.locator('th, td').allTextContents()));
};
const find = async (page: Page, text: string) => {
  await page.getByRole('searchbox').fill(text);
  await page.getByRole('searchbox').press('Enter');
};
const count = (page: Page) => page.getByRole('status');

describe('the page of the publishers', () => {
  it('lists who may record, whose they are, what and how much they may, fifty at a time', async () => {
    const { page, problems } = await open();
    const first = await rows(page);
    expect(first).toHaveLength(50);
    expect(first.slice(0, 3)).toEqual([
      [`演示发布机构${PUBLISHER}`, 'Beijing 110000', 'active', 'all', 'no limit', '0'],
      [`演示部门0${codes[0]}`, 'Tianjin 120000', 'active', 'all', 'no limit', '0'],
      [
        `演示部门1${codes[1]}`,
        'Tianjin 120000',
        'active',
        'Electronic certificate (supervisor), Matter of public service',
        '1,000',
        '0',
      ],
    ]);
    expect(await count(page).textContent()).toBe('50 publishers, and there are more');
    await page.getByRole('button', { name: 'Show more' }).click();
    await count(page)
      .filter({ hasText: /^61 publishers$/ })
      .waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toContain(codes[49]);
    const all = await rows(page);
    expect(new Set(all.map(([name]) => name)).size).toBe(61);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('finds them by words of their names and by their codes, in Chinese too', async () => {
    const { page, problems } = await open('zh-CN');
    await find(page, '部门59');
    await count(page).filter({ hasText: '共 1 家发布机构' }).waitFor();
    expect(await rows(page)).toEqual([
      [`演示部门59${codes[59]}`, '天津市 120000', '正常', '电子证照（监督）、政务服务事项', '59,000', '0'],
    ]);
    await find(page, codes[7]!.toLowerCase());
    await page.getByRole('rowheader', { name: codes[7]! }).waitFor();
    expect(await rows(page)).toHaveLength(1);
    for (const nobody of ['无此机构', '11430000006122244L', '（）']) {
      await find(page, nobody);
      await count(page).filter({ hasText: '没有此名称或代码' }).waitFor();
      expect(await page.locator('table').count()).toBe(0);
    }
    await find(page, '');
    await page.locator('table').waitFor();
    expect(problems.filter(text => !text.includes('404'))).toEqual([]);
  });

  it('says why it goes no further, keeps what it has, and goes on from there', async () => {
    const { page } = await open();
    const context = page.context();
    const lie = (route: Route) => route.fulfill({ json: { publishers: 'many' } });
    await context.route(/v1\/publishers/, lie);
    await find(page, '部门');
    await count(page)
      .filter({ hasText: /did not answer as it should: .+/ })
      .waitFor();
    expect(await page.locator('table').count()).toBe(0);
    await context.unroute(/v1\/publishers/, lie);
    await page.getByRole('button', { name: 'Try again' }).click();
    await count(page)
      .filter({ hasText: /^50 publishers, and there are more$/ })
      .waitFor();
    // Twice in a row adds one page.
    await page.getByRole('button', { name: 'Show more' }).dblclick();
    await count(page)
      .filter({ hasText: /^60 publishers$/ })
      .waitFor();
    expect(await rows(page)).toHaveLength(60);
  });

  it('changes its language, keeps it, and leads to the verification and back', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('发布机构');
    expect(await page.title()).toBe('骑缝 Qifeng · 发布机构');
    await page.getByRole('link', { name: '核验文件' }).click();
    await page.getByRole('heading', { level: 1, name: /^核验文件$/ }).waitFor();
    await page.getByRole('link', { name: '发布机构' }).click();
    await page.locator('table').waitFor();
  });

  it('is no wider than a narrow screen, the table neither', async () => {
    const { page } = await open('zh-CN', { width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(
      await page.evaluate(
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.scroll'))",
      ),
    ).toBe(0);
  });
});
