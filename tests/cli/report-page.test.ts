import { type Chain, visible } from '@qifeng/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html } from '../../packages/client/src/cli/commands/report/html.ts';
import { renderReport } from '../../packages/client/src/cli/commands/report/page.ts';
import { shellWord } from '../../packages/client/src/cli/commands/report/recheck.ts';
import { filledWith, fixtureEvidence } from './report-evidence.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='x",
  '</style></title></pre><h1>核验通过</h1>',
  '&lt;b&gt; &amp;amp; &#60;',
  '<!-- ]]> -->',
  '`$1` $& $1 $`',
  'a\u202etxt.exe\u2066\u200b\u0000\u001b[2J\r',
  '\ud800',
];
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('<', '>', '"', "'", '&', '/', '=', ';', '#', 'a', ' ', '\u202e'))
    .map(parts => parts.join('')),
);

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
/** What a browser shows of a text, by the entities that are written here. */
const shown = (text: string) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => NAMED[name]!);
/** All that a browser takes for markup, in order. */
const tags = (page: string) => page.match(/<[^>]*>/g);

describe('which member enrolled the publisher', () => {
  const known = fixtureEvidence();
  const { chain } = known.names;
  const { publisher } = known.receipt.verified.leaf;
  const later = { ...chain, genesis: { ...chain.genesis, publishers: [] } };
  const said = (of: Chain, home: string | null) => {
    const names = { ...known.names, chain: of, home: (id: string) => (id === publisher ? home : null) };
    return renderReport({ ...known, names }, 'zh');
  };

  it.each([
    ['by the genesis', () => renderReport(known, 'zh'), '依创世文件，该机构由成员单位北京市'],
    ['by a proof, where it came later', () => said(later, '120000'), '依账本的状态证明，其所属成员为天津市'],
    ['not known, and that is said', () => said(later, null), '仅凭本文件不能得知'],
  ])('is %s', (_, page, words) => {
    const others = ['依创世文件，该机构', '其所属成员为', '仅凭本文件不能得知'].filter(
      one => !words.includes(one),
    );
    expect(page()).toContain(words);
    for (const other of others) expect(page()).not.toContain(other);
  });
});

describe('escaping', () => {
  it('leaves no character that is markup, and shows the whole text', () => {
    fc.assert(
      fc.property(hostile, text => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]|&(?!(?:amp|lt|gt|quot|#39);)/u);
        expect(shown(escaped)).toBe(visible(text));
        expect(html`<i title="${text}">${text}</i>`.text).toBe(`<i title="${escaped}">${escaped}</i>`);
      }),
    );
  });

  it.each(['zh', 'en'] as const)('no text from outside changes what is markup in the report (%s)', lang => {
    const plain = tags(renderReport(filledWith('a'), lang));
    fc.assert(
      fc.property(hostile, text => {
        // What is empty may be left out; the marks are of the text, not of the page.
        const value = `a${text}`.replaceAll('\n', '');
        const page = renderReport(filledWith(value), lang);
        expect(tags(page)).toEqual(plain);
        expect(page).toContain(escapeHtml(value));
      }),
      { numRuns: 40 },
    );
  });

  it('puts every text from outside into the report', () => {
    const page = renderReport(filledWith('<outside>'), 'en');
    expect(page).not.toContain('<outside>');
    expect(page.match(/&lt;outside&gt;/g)!.length).toBeGreaterThan(40);
  });
});

describe('the commands of the report', () => {
  it('take a file’s name as one word that is no option', () => {
    expect(['a-b/c.md', 'a b', "it's", '-rf', '$(x)'].map(shellWord)).toEqual([
      'a-b/c.md',
      "'a b'",
      `'it'\\''s'`,
      './-rf',
      "'$(x)'",
    ]);
  });
});

describe('the page', () => {
  it('is the same whenever the evidence is, and nothing of it comes from elsewhere or runs', () => {
    const page = renderReport(fixtureEvidence(), 'zh');
    expect(renderReport(fixtureEvidence(), 'zh')).toBe(page);
    expect(page).not.toMatch(
      /<(?:script|link|iframe|img|object|embed|base)\b|\s(?:src|href|on\w+)=|url\(|@import/i,
    );
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    const addresses = new Set(page.match(/https?:[^"\s<]*/g));
    expect([...addresses]).toEqual(['http://www.w3.org/2000/svg']);
    const later = { ...fixtureEvidence(), madeAt: 1_700_000_001_000 };
    const differs = page.split('\n').filter((line, i) => line !== renderReport(later, 'zh').split('\n')[i]);
    expect(differs).toEqual([expect.stringContaining('2023-11-15T06:13:20+08:00')]);
  });

  it('explains times that are not in the order in which things happened, and no others', () => {
    const known = fixtureEvidence();
    const { receipt } = known;
    const { recordedAt, header } = receipt.verified;
    const page = (issuedAt: number, existedNoLaterThan: number) => {
      const verified = { ...receipt.verified, existedNoLaterThan, header: { ...header, issuedAt } };
      return renderReport({ ...known, receipt: { ...receipt, verified } }, 'zh');
    };
    const [ahead, behind] = ['出自该机构自己的时钟，比记录所在区块的时间晚 7 毫秒', '联署时间以整秒计'];
    expect(page(recordedAt + 7, recordedAt)).toContain(ahead);
    expect(page(recordedAt + 7, recordedAt)).not.toContain(behind);
    expect(page(recordedAt, recordedAt - 7)).toContain(behind);
    for (const text of ['出自该机构自己的时钟', behind])
      expect(page(recordedAt, recordedAt)).not.toContain(text);
  });

  it('says in both languages what each article is about, with the same structure', () => {
    const [zh, en] = (['zh', 'en'] as const).map(lang => renderReport(fixtureEvidence(), lang));
    for (const article of ['第十六条', '第十七条', '第十八条', '第十九条'])
      expect(zh).toContain(`<h2>${article}`);
    for (const article of [16, 17, 18, 19]) expect(en).toContain(`<h2>Article ${article}:`);
    expect(tags(en!)!.map(tag => tag.replace(/(lang|aria-label)="[^"]*"/, ''))).toEqual(
      tags(zh!)!.map(tag => tag.replace(/(lang|aria-label)="[^"]*"/, '')),
    );
  });
});
