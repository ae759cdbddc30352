import { type Digest, type FileRole, ROUTES, requestPath, VERDICTS } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER } from '../../../../../tests/fixtures/builder.ts';
import { note, problemIn, type Served, serveSolo } from '../testing/served.ts';
import { drawBadge } from './draw.ts';
import { badgeWords } from './words.ts';

const digestOf = (byte: number): Digest => ({ alg: 'sha256', hash: new Uint8Array(32).fill(byte) });
const whole = (svg: string) => /<title[^>]*>([^<]*)<\/title>/.exec(svg)![1]!;
const title = (svg: string) => whole(svg).split(' · ').slice(0, 2).join(' · ');

let node: Served;
beforeAll(async () => {
  node = await serveSolo();
  const entries = ['good', 'future', 'closed', 'once'].map((id, i) => note(id, { digest: digestOf(i + 1) }));
  entries[1] = note('future', { digest: digestOf(2), meta: new Map([['effective', '2999-01-01']]) });
  await node.seal(node.submission(entries));
  const close = { action: 'close', digest: digestOf(9), prev: 2 };
  const annex = { action: 'annex', digest: digestOf(10), prev: 0 };
  await node.seal(
    node.submission([note('closed', close), note('twice', { digest: digestOf(1) }), note('good', annex)]),
  );
});
afterAll(() => node.close());

const badge = (digest: Digest, lang?: 'zh' | 'en') =>
  node.ask(requestPath(ROUTES.badge, { image: digest }, lang === undefined ? {} : { lang }));

describe('the badge of a file', () => {
  it.each([
    [1, '已上链 · 有效', 'On ledger · in force'],
    [2, '已上链 · 尚未生效', 'On ledger · not yet in force'],
    [3, '已上链 · 已终止', 'On ledger · ended'],
    [10, '已上链 · 办理附件', 'On ledger · enclosure'],
    [8, '未查到 · 无公开记录', 'Not found · no public record'],
  ])('%i says %s', async (byte, zh, en) => {
    expect(title(await (await badge(digestOf(byte))).text())).toBe(zh);
    expect(title(await (await badge(digestOf(byte), 'en')).text())).toBe(en);
  });

  it('names who recorded the file, in what is seen too, and takes the record of whom it is asked for', async () => {
    const svg = await (await badge(digestOf(1))).text();
    expect(whole(svg)).toBe('已上链 · 有效 · 演示发布机构');
    expect(svg).toMatch(/<text [^>]*>演示发布机构<\/text>/);
    const by = async (issuer: string) =>
      whole(await (await node.ask(requestPath(ROUTES.badge, { image: digestOf(1) }, { issuer }))).text());
    expect(await by(PUBLISHER)).toBe('已上链 · 有效 · 演示发布机构');
    expect(await by('11430000006122244L')).toBe('未查到 · 无公开记录');
  });

  it('says how many recorded it, and cuts a name that is too long', () => {
    const verdict = { word: 'in-force', inForce: true, next: null, by: [] } as const;
    const place = { index: 0, height: 1, time: 0, count: 3, publishers: 3 };
    const facts = { ...place, verdict, role: 'present', action: { zh: 'x', en: 'x' } } as const;
    const says = (publisher: string, lang: 'zh' | 'en') =>
      whole(drawBadge({ digest: digestOf(1), record: { ...facts, publisher } }, lang)).split(' · ')[2];
    expect(says('河北省', 'zh')).toBe('河北省 等 3 家机构');
    expect(says('Hebei', 'en')).toBe('Hebei and 2 more');
    expect(says('北'.repeat(40), 'zh')).toMatch(/^北{9,14}… 等 3 家机构$/);
  });

  it('describes the first record, and where it stands', async () => {
    const svg = await (await badge(digestOf(1), 'en')).text();
    expect(svg).toContain('Block 1 · 2020-09-13');
    expect(svg).toMatch(
      /<desc [^>]*>File sha256:0101.*in block 1, log index 0; 2 records of this file\. .*<\/desc>/,
    );
  });

  it('changes with the standing, and not for a text that its subject has left behind', async () => {
    const action = { zh: '核验通过', en: 'Verify' };
    const facts = { index: 0, height: 1, time: 0, publisher: 'x', count: 1, publishers: 1, action };
    const say = (word: (typeof VERDICTS)[number], inForce: boolean, role: FileRole) => {
      const verdict = { word, inForce, next: null, by: [] };
      return title(drawBadge({ digest: digestOf(1), record: { ...facts, verdict, role } }, 'zh'));
    };
    expect(say('in-force', true, 'earlier')).toBe('已上链 · 旧版文本');
    expect(say('amended', true, 'earlier')).toBe('已上链 · 旧版文本');
    expect(say('amended', true, 'present')).toBe('已上链 · 有效（已修订）');
    for (const word of VERDICTS) expect(say(word, word === 'in-force', 'enclosed')).toBe('已上链 · 办理附件');
    for (const word of VERDICTS.filter(one => !['in-force', 'amended'].includes(one)))
      expect(say(word, false, 'earlier')).toBe(`已上链 · ${badgeWords('zh').standings[word]}`);
  });

  it('of an enclosure says to which action', async () => {
    expect(await (await badge(digestOf(10), 'en')).text()).toContain('accompanied the action “test” and');
    expect(await (await badge(digestOf(10))).text()).toContain('系“测试”的附件，从未作为标的文本');
  });

  it('may be embedded anywhere, is kept for a minute, runs and loads nothing', async () => {
    const { status, headers } = await badge(digestOf(1));
    expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(headers.get('cache-control')).toBe('public, max-age=60, must-revalidate');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    for (const path of ['sha256:00.svg', `md5:${'0'.repeat(64)}.svg`, `sha256:${'0'.repeat(64)}`])
      expect((await problemIn(await node.ask(`/v1/badge/${path}`))).code).toBe('bad-parameter');
    const german = await node.ask(`/v1/badge/sha256:${'0'.repeat(64)}.svg?lang=de`);
    expect((await problemIn(german)).code).toBe('bad-parameter');
  });

  it('says nothing before the record is final', async () => {
    node.mood.certifies = false;
    const height = await node.seal(node.submission([note('late', { digest: digestOf(7) })]));
    node.mood.certifies = true;
    expect(title(await (await badge(digestOf(7))).text())).toBe('未查到 · 无公开记录');
    await node.certify(height);
    expect(title(await (await badge(digestOf(7))).text())).toBe('已上链 · 有效');
  });

  it('holds whatever a publisher is called', () => {
    const publisher = `</desc><script>alert("1")</script>&amp;'\u0000\ud800\uffff]]>`;
    const verdict = { word: 'in-force', inForce: true, next: null, by: [] } as const;
    const action = { zh: 'x', en: 'x' };
    const record = {
      index: 0,
      height: 1234567,
      time: 0,
      publisher,
      count: 1,
      publishers: 1,
      verdict,
      role: 'present',
      action,
    } as const;
    const svg = drawBadge({ digest: digestOf(1), record }, 'en');
    expect(svg).toContain(
      '&#60;/desc&#62;&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;amp;&#39;\ufffd\ufffd\ufffd',
    );
    expect(svg.match(/<\/desc>/g)).toHaveLength(1);
    expect(svg).toContain('Block 1,234,567');
  });
});
