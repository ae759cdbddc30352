import { type Lang, toHex } from '@qifeng/core';
import type { BadgeFacts, BadgeRecord } from './facts.ts';
import { type BadgeWord, badgeWords } from './words.ts';

/** Pixels of every badge, so that a page knows them before it loads. */
const WIDTH = 320;
const HEIGHT = 60;

type Tone = 'good' | 'warn' | 'bad' | 'plain';

const TONES: Readonly<Record<BadgeWord, Tone>> = {
  'never-recorded': 'plain',
  'not-yet': 'warn',
  'in-force': 'good',
  revised: 'good',
  'earlier-text': 'warn',
  enclosed: 'plain',
  awaiting: 'warn',
  suspended: 'warn',
  amended: 'warn',
  superseded: 'bad',
  repealed: 'bad',
  lapsed: 'bad',
  revoked: 'bad',
  used: 'plain',
  ended: 'plain',
  other: 'plain',
};

/** In the seal: a tick, a bar, a cross, nothing. So the standing does not hang on colour. */
const MARKS: Readonly<Record<Tone, string>> = {
  good: 'M23.5 30.5l5 5 9.5-11',
  warn: 'M30 22.5v9M30 36.4v.2',
  bad: 'M24.5 24.5l11 11M35.5 24.5l-11 11',
  plain: 'M24 30h12',
};

const STYLE = `.p{fill:#fffdf8}.l{stroke:#d9d0bf}.i{fill:#211d18}.s{fill:#5f574b}.good{--c:#14633f;--t:#e6f2ea}.warn{--c:#7a4b00;--t:#fbf0d6}.bad{--c:#a4160f;--t:#fbe9e5}.plain{--c:#5f574b;--t:#efe9dc}.k{fill:var(--c)}.t{fill:var(--t)}.m{stroke:var(--c)}
@media(prefers-color-scheme:dark){.p{fill:#211e1a}.l{stroke:#433d34}.i{fill:#f0eadf}.s{fill:#b5ab9b}.good{--c:#7fd3a4;--t:#17301f}.warn{--c:#f0c674;--t:#362a10}.bad{--c:#ff9284;--t:#3c1a16}.plain{--c:#b5ab9b;--t:#332e27}}
text{font-family:"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}`;

/** The badge of a file as an SVG image: the seal across the seam of two pages, the standing, block and date. */
export function drawBadge(facts: BadgeFacts, lang: Lang): string {
  const words = badgeWords(lang);
  const { record, digest } = facts;
  const word = wordOf(record);
  const tone = TONES[word];
  const head = record === null ? words.missing : words.recorded;
  const standing = words.standings[word];
  const place =
    record === null ? words.noPlace : words.place(grouped(record.height), inChina(record.time).slice(0, 10));
  const about = [
    words.file(`${digest.alg}:${toHex(digest.hash)}`),
    record && words.about(record.publisher, inChina(record.time), record.height, record.index, record.count),
    record?.role === 'enclosed' ? words.enclosed(record.action[lang]) : null,
    words.nodesWord,
  ];
  const who = record === null ? null : publisherText(record, lang);
  const pill = widthOf(standing) + 16;
  const left = WIDTH - 12 - pill;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" lang="${lang === 'zh' ? 'zh-CN' : 'en'}" aria-labelledby="t d" class="${tone}">
<title id="t">${escaped([head, standing, who].filter(part => part !== null).join(' · '))}</title>
<desc id="d">${escaped(about.filter(part => part !== null).join(lang === 'zh' ? '' : ' '))}</desc>
<style>${STYLE}</style>
<rect class="p l" x=".5" y=".5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="7"/>
<path class="t" d="M1 8a7 7 0 0 1 7-7h21.4v58H8a7 7 0 0 1-7-7zM30.6 1H60v58H30.6z"/>
<g fill="none" class="m"><circle cx="30" cy="30" r="19" stroke-width="3"/><circle cx="30" cy="30" r="14.6" stroke-width="1"/><path d="${MARKS[tone]}" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/></g>
<text class="i" x="73" y="${who === null ? 26 : 22}" font-size="16" font-weight="700">${escaped(head)}</text>
${who === null ? '' : `<text class="i w" x="73" y="39" font-size="12">${escaped(who)}</text>\n`}<text class="s" x="73" y="${who === null ? 46 : 54}" font-size="12">${escaped(place)}</text>
<rect class="t" x="${left}" y="${who === null ? 10 : 5}" width="${pill}" height="22" rx="11"/>
<text class="k" x="${left + pill / 2}" y="${who === null ? 25.5 : 20.5}" font-size="12" font-weight="500" text-anchor="middle">${escaped(standing)}</text>
</svg>
`;
}

/** Who recorded a file, and how many others did, cut to the width there is. */
function publisherText({ publisher, publishers }: BadgeRecord, lang: Lang): string {
  const others = publishers > 1 ? badgeWords(lang).others(publishers) : '';
  const room = WIDTH - 73 - 12 - widthOf(others);
  if (widthOf(publisher) <= room) return publisher + others;
  let short = '';
  for (const char of publisher) {
    if (widthOf(`${short}${char}…`) > room) break;
    short += char;
  }
  return `${short}…${others}`;
}

/** A file that its subject has left behind, or never went by, is not in force, whatever the subject is. */
function wordOf(record: BadgeRecord | null): BadgeWord {
  if (record === null) return 'never-recorded';
  const { word, inForce } = record.verdict;
  if (record.role === 'enclosed') return 'enclosed';
  if (!inForce) return word;
  if (record.role === 'earlier') return 'earlier-text';
  return word === 'amended' ? 'revised' : 'in-force';
}

/** `YYYY-MM-DD HH:MM +08:00`. */
function inChina(ms: number): string {
  const text = new Date(ms + 8 * 3_600_000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} +08:00`;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Letters that are nearly as wide as an ideograph. */
const WIDE = /[A-Zmw@%&]/;

/** Pixels of a text of 12 px in the widest of the fonts, about. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += char > '\u2e7f' || WIDE.test(char) ? 12 : 6.7;
  return Math.ceil(width);
}

/** A text for XML: what it may not hold at all becomes a replacement character. */
function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 section 2.2 has none of these
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '\ufffd')
      .replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)
  );
}
