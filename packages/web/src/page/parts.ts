import type { CosignerFacts, PublisherFacts, Titles } from '../check/facts.ts';
import { LINKS, type Links } from '../check/outcome.ts';
import type { Lang } from '../words/language.ts';
import { pageWords } from '../words/page-words.ts';
import { recordWords } from '../words/record-words.ts';
import { el, hashText } from './dom.ts';
import { type SealTone, seal } from './seal.ts';
import { localTime, visible } from './text.ts';

/** The heading of a verdict. */
export function heading(text: string): HTMLElement {
  return el('h2', { id: 'verdict-heading' }, text);
}

/** Seal, heading and sentence of a verdict. */
export function banner(tone: SealTone, title: string, sentence: string): HTMLElement {
  const words = el('div', {}, heading(title), el('p', { class: 'sentence' }, sentence));
  return el('div', { class: 'banner' }, seal(tone), words);
}

/** The links of the chain of evidence that were judged, each with its mark and what it says. */
export function evidence(links: Links, lang: Lang): HTMLElement | null {
  const words = pageWords(lang);
  const items = LINKS.flatMap(link => {
    const holds = links[link];
    if (holds === undefined) return [];
    const [className, mark, says] =
      holds === null
        ? ['unknown', '–', words.linkUnknown]
        : holds
          ? ['good', '✓', words.linkGood[link]]
          : ['bad', '✗', words.linkBad[link]];
    return el(
      'li',
      { class: className },
      el('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
      el('strong', {}, words.links[link]),
      el('span', {}, says),
    );
  });
  return items.length === 0 ? null : el('ol', { class: 'evidence', 'aria-label': words.evidence }, ...items);
}

/** What to know about a verdict against a genesis that is not pinned; null for a pinned one. */
export function caveat(pinned: boolean, lang: Lang): HTMLElement | null {
  return pinned ? null : el('p', { class: 'notice warn' }, pageWords(lang).caveat);
}

/** A local time. */
export function time(ms: number): HTMLElement {
  return el('span', { class: 'time' }, localTime(ms));
}

/** A digest `alg:hex` in groups of digits. */
export function digestText(digest: string | null): Node | null {
  if (digest === null) return null;
  const [alg = '', hex = ''] = digest.split(':');
  const text = hashText(hex);
  text.prepend(`${alg}:`, document.createElement('wbr'));
  return text;
}

/** A text from outside, fenced off from the direction of the text around it. */
export function bdi(text: string): HTMLElement {
  return el('bdi', {}, visible(text));
}

/** A name of the genesis in the language of the page. */
export function named(titles: Titles, lang: Lang): string {
  return visible(titles[lang]);
}

/** A publisher by its name and code. */
export function publisherText({ id, name }: PublisherFacts): string {
  return visible(name === null ? id : `${name} (${id})`);
}

/** The members that cosigned, and of how many they are. */
export function cosignersText(cosigners: readonly CosignerFacts[], of: number, lang: Lang): string {
  const names = cosigners.map(({ code, title }) => `${named(title, lang)} ${code}`);
  return recordWords(lang).cosignedBy(names.join(pageWords(lang).separator), names.length, of);
}
