import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER, TIME } from '../fixtures/builder.ts';
import { jointGenesis, publishJointly, SECOND, STRANGER } from '../fixtures/joint.ts';
import { linkTo } from './records.ts';
import { verdictOn } from './steps.ts';
import { startVisit, type Visit } from './visit.ts';

const NOW = TIME + 66_000;
const replacesOld = { rel: 'replaces', subject: { issuer: PUBLISHER, id: 'old' }, index: 1 };
let visit: Visit;
beforeAll(async () => {
  visit = await startVisit({}, jointGenesis());
  await publishJointly(visit.node, 'old', [SECOND]);
});
afterAll(() => visit.close());

async function look(locale: string) {
  const { page, problems } = await visit.open({ locale }, { path: linkTo('old'), now: NOW });
  const verdict = await verdictOn(page);
  const told = await page
    .locator('.standing dt', { hasText: /^(said elsewhere|他处记载)$/ })
    .locator('xpath=following-sibling::dd[1]')
    .allTextContents();
  const notice = await page.locator('.standing .notice').allTextContents();
  const tone = await page.locator('#verdict').getAttribute('class');
  expect(problems).toEqual([]);
  return { heading: verdict.heading, told, notice, tone };
}

describe('what other records say of a document, on the page', () => {
  it('is a claim that changes nothing while not all its issuers signed it', async () => {
    expect(await look('en-GB')).toEqual({
      heading: 'In force',
      told: [],
      notice: [],
      tone: 'verdict good',
    });
    await publishJointly(visit.node, 'forged', [], { by: STRANGER, links: [replacesOld] });
    const { told, notice, tone, heading } = await look('en-GB');
    expect([heading, notice, tone]).toEqual(['In force', [], 'verdict good']);
    expect(told).toEqual([
      expect.stringMatching(
        /^that it replaces this: “文件forged” policy\/91350100M000100Y43\/forged \(record 2\); a mere claim of 机构 91350100M000100Y43 .*, not signed by .*, .*$/,
      ),
    ]);
    expect((await look('zh-CN')).told).toEqual([
      expect.stringMatching(
        /^称取代本标的：《文件forged》policy.*（第 2 号记录）；仅为 机构 .* 单方主张，.*、.* 未签署$/,
      ),
    ]);
  });

  it('warns where all its issuers signed it and its own records do not say so', async () => {
    await publishJointly(visit.node, 'next', [SECOND], { links: [replacesOld] });
    const { told, notice, tone, heading } = await look('en-GB');
    expect([heading, tone]).toEqual(['In force', 'verdict warn']);
    expect(told[0]).toMatch(/^that it replaces this: “文件next” .*; signed by all who issued this$/);
    expect(told).toHaveLength(2);
    expect(notice).toEqual([expect.stringContaining('read both')]);
    const chinese = await look('zh-CN');
    expect(chinese.told[0]).toMatch(/^称取代本标的：《文件next》.*；本标的各发文机关均已签署$/);
    expect(chinese.notice).toEqual([expect.stringContaining('请一并阅读')]);
  });
});
