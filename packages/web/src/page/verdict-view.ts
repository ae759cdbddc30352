import type { Answer } from '../check/checker.ts';
import { LINKS, type Links, type Outcome, type RecordFacts, type Titles } from '../check/outcome.ts';
import { explainFault } from '../words/fault-words.ts';
import type { Lang } from '../words/language.ts';
import { pageWords } from '../words/page-words.ts';
import { recordWords } from '../words/record-words.ts';
import { el, hashText, rows } from './dom.ts';
import { seal } from './seal.ts';
import { localTime, visible } from './text.ts';

/** What the verdict's part of the page shows. `pinned` says whether the genesis was. */
export type Verdict =
  | { readonly kind: 'waiting'; readonly for: 'both' | 'document' | 'receipt' | 'genesis' }
  | { readonly kind: 'working'; readonly share: number }
  | { readonly kind: 'broken'; readonly detail: string }
  | { readonly kind: 'answer'; readonly answer: Answer; readonly file: string; readonly pinned: boolean };

/** A verdict in words and elements. `said` is what a screen reader is told, empty while nothing is decided. */
export interface VerdictView {
  readonly tone: 'idle' | 'good' | 'bad';
  readonly said: string;
  readonly nodes: readonly Node[];
}

/** Shows a verdict in a language. */
export function viewVerdict(verdict: Verdict, lang: Lang): VerdictView {
  const words = pageWords(lang);
  if (verdict.kind === 'waiting') {
    const said = {
      both: words.waitingBoth,
      document: words.waitingFile,
      receipt: words.waitingReceipt,
      genesis: words.waitingGenesis,
    }[verdict.for];
    return { tone: 'idle', said: '', nodes: [heading(words.waitingHeading), el('p', {}, said)] };
  }
  if (verdict.kind === 'working') return working(verdict.share, lang);
  if (verdict.kind === 'broken') return trouble(words.broken, words.brokenNext, verdict.detail, lang);
  const { answer, pinned } = verdict;
  const file = visible(verdict.file);
  if (answer.kind === 'unreadable')
    return trouble(words.unreadable, words.unreadableNext, answer.detail, lang);
  return answer.kind === 'verified' ? good(answer, file, pinned, lang) : bad(answer, file, lang);
}

function heading(text: string): HTMLElement {
  return el('h2', { id: 'verdict-heading' }, text);
}

function working(share: number, lang: Lang): VerdictView {
  const words = pageWords(lang);
  const percent = Math.floor(share * 100);
  const label = share === 0 ? words.working : words.hashing(percent);
  const bar = el('progress', { max: '100', 'aria-label': label });
  if (share > 0) bar.value = percent;
  return { tone: 'idle', said: '', nodes: [heading(words.working), bar, el('p', {}, label)] };
}

function trouble(what: string, next: string, detail: string, lang: Lang): VerdictView {
  const words = recordWords(lang);
  const list = rows([
    [words.detail, visible(detail)],
    [words.next, next],
  ]);
  return { tone: 'bad', said: `${what} ${next}`, nodes: [heading(what), list] };
}

function good(
  { record, chain }: Extract<Outcome, { kind: 'verified' }>,
  file: string,
  pinned: boolean,
  lang: Lang,
): VerdictView {
  const page = pageWords(lang);
  const words = recordWords(lang);
  const name = (titles: Titles) => visible(titles[lang]);
  const cosigners = record.cosigners.map(({ code, title }) => `${name(title)} ${code}`);
  const { id, name: publisher } = record.publisher;
  const list = rows([
    [words.recordedAt, time(record.recordedAt)],
    [words.publisher, bdi(publisher === null ? id : `${publisher} (${id})`)],
    [words.title, record.title === null ? null : bdi(record.title)],
    [words.subject, bdi(record.subject)],
    [words.action, bdi(`${name(record.profile)} · ${name(record.action)}`)],
    [words.place, words.placeOf(record.height, record.index)],
    [words.cosigned, words.cosignedBy(cosigners.join(page.separator), cosigners.length, record.of)],
    [words.existed, time(record.existedNoLaterThan)],
    [words.digest, digest(record)],
    [words.chain, bdi(`${chain.name} (${chain.origin})`)],
  ]);
  const said = page.sayYes(file);
  const all: Links = { file: true, publisher: true, log: true, provinces: true };
  const caveat = pinned ? null : el('p', { class: 'notice warn' }, page.caveat);
  const nodes = [
    ...banner(true, page.yes, said),
    caveat,
    evidence(all, lang),
    list,
    el('p', { class: 'small' }, words.assumption),
  ];
  return { tone: 'good', said: `${page.yes}: ${said}`, nodes: nodes.filter(node => node !== null) };
}

function bad(
  { fault, links, chain }: Extract<Outcome, { kind: 'refuted' }>,
  file: string,
  lang: Lang,
): VerdictView {
  const page = pageWords(lang);
  const words = recordWords(lang);
  const { says, next } = explainFault(fault.code, lang);
  const list = rows([
    [page.code, el('code', {}, fault.code)],
    [words.detail, bdi(fault.detail)],
    [words.next, next],
    [page.against, bdi(`${chain.name} (${chain.origin})`)],
  ]);
  const nodes = [...banner(false, page.no, says), evidence(links, lang), list];
  return { tone: 'bad', said: `${page.sayNo(file)} ${says} ${next}`, nodes };
}

function banner(good: boolean, title: string, sentence: string): Node[] {
  const words = el('div', {}, heading(title), el('p', { class: 'sentence' }, sentence));
  return [el('div', { class: 'banner' }, seal(good), words)];
}

/** The links of the chain of evidence, each with its mark and what it says. */
function evidence(links: Links, lang: Lang): HTMLElement {
  const words = pageWords(lang);
  const items = LINKS.map(link => {
    const holds = links[link];
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
  return el('ol', { class: 'evidence', 'aria-label': words.evidence }, ...items);
}

function time(ms: number): HTMLElement {
  return el('span', { class: 'time' }, localTime(ms));
}

function digest({ digest }: RecordFacts): Node | null {
  if (digest === null) return null;
  const [alg = '', hex = ''] = digest.split(':');
  const text = hashText(hex);
  text.prepend(`${alg}:`, document.createElement('wbr'));
  return text;
}

/** A text from outside, fenced off from the direction of the text around it. */
function bdi(text: string): HTMLElement {
  return el('bdi', {}, visible(text));
}
