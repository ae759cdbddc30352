import type { ChainFacts, RecordFacts, StandingFacts } from '../check/facts.ts';
import type { Counted, Links, Outcome } from '../check/outcome.ts';
import type { Lang } from '../words/language.ts';
import { pageWords } from '../words/page-words.ts';
import { recordWords } from '../words/record-words.ts';
import { standingWords } from '../words/standing-words.ts';
import { disclosedView } from './disclosed-view.ts';
import { el, rows } from './dom.ts';
import {
  banner,
  bdi,
  caveat,
  cosignersText,
  digestText,
  evidence,
  named,
  publisherText,
  time,
} from './parts.ts';
import { roleNotice, roleOf } from './role-view.ts';
import { countedText, type Headline, headlineOf, standingView } from './standing-view.ts';
import type { VerdictView } from './view.ts';

/** Shows a verified receipt: with its document or alone, and where its subject stands if that was proven. */
export function viewRecord(
  { compared, record, standing, counted, chain }: Extract<Outcome, { kind: 'record' }>,
  file: string,
  pinned: boolean,
  lang: Lang,
): VerdictView {
  const words = pageWords(lang);
  const headline = standing === null ? overdue(record, lang) : headlineOf(standing, lang);
  const role = standing === null ? 'present' : roleOf(record, standing);
  const tone = role === 'present' ? (headline?.tone ?? 'good') : 'warn';
  const what = compared ? words.yes : words.receiptOnly;
  const word = role === 'enclosed' ? standingWords(lang).enclosure : headline?.word;
  const title = word === undefined ? what : words.headed(what, word);
  const said = compared ? words.sayYes(file) : words.sayReceipt;
  const rest: Links = { publisher: true, log: true, provinces: true };
  const links: Links = {
    ...(compared && { file: true }),
    ...rest,
    ...(standing !== null && { standing: true }),
  };
  const nodes = [
    banner(tone, title, said),
    caveat(pinned, lang),
    evidence(links, lang),
    roleNotice(role, record, lang),
    counted && isTelling(counted, standing)
      ? el('p', { class: 'counted' }, countedText(counted, lang))
      : null,
    standing && standingView(standing, lang),
    record.disclosed && disclosedView(record.disclosed, lang),
    recordRows(record, chain, lang),
    el('p', { class: 'small' }, recordWords(lang).assumption),
  ];
  return { tone, said: `${title}: ${said}`, nodes: nodes.filter(node => node !== null) };
}

/** A term that a receipt shows and that is not running now, where nothing proves a standing; null for none. */
function overdue({ disclosed }: RecordFacts, lang: Lang): Headline | null {
  const word = disclosed?.validity?.word ?? 'in-force';
  return word === 'in-force' ? null : { word: standingWords(lang).words[word], tone: 'warn' };
}

/** That a subject or a publisher has other records is in its rows; of a file it is a question that remains. */
function isTelling({ here, of }: Counted, standing: StandingFacts | null): boolean {
  return here === of || standing?.holds.kind === 'digest';
}

function recordRows(record: RecordFacts, chain: ChainFacts, lang: Lang): HTMLElement {
  const words = recordWords(lang);
  return rows([
    [words.recordedAt, time(record.recordedAt)],
    [words.publisher, bdi(publisherText(record.publisher))],
    [words.title, record.title === null ? null : bdi(record.title)],
    [words.subject, bdi(record.subject)],
    [words.action, bdi(`${named(record.profile, lang)} · ${named(record.action, lang)}`)],
    [words.place, words.placeOf(record.height, record.index)],
    [words.cosigned, cosignersText(record.cosigners, record.of, lang)],
    [words.existed, time(record.existedNoLaterThan)],
    // That of a sealed record is a commitment, and no digest of the file.
    [words.digest, digestText(record.disclosed === null ? record.digest : null)],
    [words.chain, bdi(`${chain.name} (${chain.origin})`)],
  ]);
}
