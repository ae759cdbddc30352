import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../packages/client/src/cli/commands/report/page.ts';
import { filledWith, fixtureEvidence } from '../cli/report-evidence.ts';
import { openChromium } from './chromium.ts';

/** A4 in points, 210 by 297 mm. */
const A4 = [595, 842];

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openChromium();
  page = await browser.newPage();
});
afterAll(() => browser.close());

/** The sizes of the sheets that come out, in whole points. */
async function printed(html: string): Promise<number[][]> {
  await page.setContent(html);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  return [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(box => [
    Math.round(Number(box[1])),
    Math.round(Number(box[2])),
  ]);
}

describe('the report, printed', () => {
  it.each([
    ['zh', fixtureEvidence()],
    ['en', fixtureEvidence()],
    ['zh', filledWith('某'.repeat(600))],
    ['en', filledWith('x'.repeat(600))],
  ] as const)('comes out on sheets of A4 with nothing cut off at the side (%s)', async (lang, evidence) => {
    const html = renderReport(evidence, lang);
    const sheets = await printed(html);
    expect(sheets.length).toBeGreaterThan(0);
    for (const sheet of sheets) expect(sheet).toEqual(A4);
    await page.emulateMedia({ media: 'print' });
    // Between its margins a line has 170 mm, at 96 pixels an inch.
    await page.setViewportSize({ width: Math.floor((170 / 25.4) * 96), height: 1000 });
    const [wide, room] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(wide).toBeLessThanOrEqual(room);
    await page.emulateMedia({ media: null });
  });

  it('would come out otherwise if it did not name its paper', async () => {
    const html = renderReport(fixtureEvidence(), 'zh');
    const other = html.replace(/size: A4[^;]*;/, 'size: A5;');
    expect(other).not.toBe(html);
    expect(await printed(other)).not.toContainEqual(A4);
  });
});
