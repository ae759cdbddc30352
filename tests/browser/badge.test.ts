import { FILE_ROLES, type Lang, VERDICTS } from '@qifeng/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawBadge } from '../../packages/node/src/http/badge/draw.ts';
import type { BadgeFacts } from '../../packages/node/src/http/badge/facts.ts';
import { openChromium } from './chromium.ts';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openChromium();
  page = await browser.newPage();
});
afterAll(() => browser.close());

const digest = { alg: 'sha256', hash: new Uint8Array(32) } as const;
const action = { zh: '核验通过', en: 'Verify' };
const place = { action, index: 0, height: 123_456_789, time: 1.6e12, count: 2, publishers: 2 };
const NAMES = [`A & <b>"'`, '北京市人民政府办公厅（演示）'.repeat(4), 'W'.repeat(80)];
const BADGES: readonly BadgeFacts[] = [
  { digest, record: null },
  ...VERDICTS.flatMap(word =>
    FILE_ROLES.flatMap(role =>
      [true, false].map(inForce => ({
        digest,
        record: {
          ...place,
          publisher: NAMES[word.length % NAMES.length]!,
          verdict: { word, inForce, next: null, by: [] },
          role,
        },
      })),
    ),
  ),
];

// As texts, because they run where `document` is and are not compiled for it.
const SIZE = `async svg => {
  const image = new Image();
  image.src = 'data:image/svg+xml,' + encodeURIComponent(svg);
  await image.decode();
  return [image.naturalWidth, image.naturalHeight];
}`;
/** The least distance between what must not touch; null for what is no XML. */
const ROOM = `svg => {
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
  if (parsed.querySelector('parsererror') !== null) return null;
  document.body.replaceChildren(document.adoptNode(parsed.documentElement));
  const box = name => document.querySelector(name).getBoundingClientRect();
  const [head, line, word, pill] = [box('text.i'), box('text.s'), box('text.k'), box('rect.t')];
  const { right } = box('svg');
  const who = document.querySelector('text.w')?.getBoundingClientRect();
  const apart = who === undefined ? 9 : Math.min(right - who.right, who.bottom - head.bottom, line.bottom - who.bottom);
  return Math.min(apart, pill.left - head.right, right - line.right, word.left - pill.left, right - pill.right);
}`;
const inPage = (code: string, svg: string) => page.evaluate(`(${code})(${JSON.stringify(svg)})`);

describe('a badge in a browser', () => {
  it('is an image of one size', async () => {
    for (const facts of BADGES.slice(0, 2))
      expect(await inPage(SIZE, drawBadge(facts, 'zh'))).toEqual([320, 60]);
  });

  it.each<Lang>(['zh', 'en'])('is well formed and has room for each of its words in %s', async lang => {
    for (const facts of BADGES) expect(await inPage(ROOM, drawBadge(facts, lang))).toBeGreaterThan(2);
  });
});
