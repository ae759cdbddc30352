import type { InboundFacts, RecordFacts, StandingFacts } from '../check/facts.ts';
import type { Counted } from '../check/outcome.ts';
import type { Lang } from '../words/language.ts';
import { recordWords } from '../words/record-words.ts';
import { type AgeUnit, inboundWords, proofWords, standingWords } from '../words/standing-words.ts';
import { el, rows } from './dom.ts';
import { bdi, cosignersText, digestText, named, publisherText } from './parts.ts';
import { localTime, visible } from './text.ts';

type Row = Parameters<typeof rows>[0][number];

/** What a proof comes to in one word, and whether that is good news. */
export interface Headline {
  readonly word: string;
  readonly tone: 'good' | 'warn';
}

/** The headline of a proven standing. */
export function headlineOf(standing: StandingFacts, lang: Lang): Headline {
  const { holds } = standing;
  const words = standingWords(lang);
  if (holds.kind === 'subject')
    return holds.undisclosed.length > 0
      ? { word: words.undated, tone: 'warn' }
      : {
          word: words.words[holds.word],
          tone: holds.inForce && !isSaidElsewhere(standing) ? 'good' : 'warn',
        };
  if (holds.kind === 'digest')
    return holds.value === null
      ? { word: words.noPublicRecord, tone: 'warn' }
      : { word: words.recorded(holds.value.count), tone: 'good' };
  const status = holds.value?.status ?? 'not-enrolled';
  return { word: words.publisher[status], tone: status === 'active' ? 'good' : 'warn' };
}

/**
 * A proven standing: of what, what it is, by whom, as of when and how old that is, and who signed it, unless that is told
 * beside it.
 */
export function standingView(standing: StandingFacts, lang: Lang, signed = true): HTMLElement {
  const words = standingWords(lang);
  const proof = proofWords(lang);
  const { holds, last, inbound, asOf, age, height, size, cosigners, of, about } = standing;
  const { word, tone } = headlineOf(standing, lang);
  return el(
    'section',
    { class: `standing ${tone}` },
    el('h3', {}, holds.kind === 'digest' ? digestText(about) : bdi(about)),
    rows([
      [words.standing, withState(word, holds, lang)],
      ...holdsRows(holds, lang),
      ...inboundRows(inbound, lang),
      [words.last, last && bdi(proof.deedAt(deed(last, lang), words.between(last.index, last.index)))],
      [proof.asOf, proof.asOfText(localTime(asOf), ageText(age, lang))],
      [proof.checkpoint, signed ? proof.checkpointOf(height, size) : null],
      [recordWords(lang).cosigned, signed ? cosignersText(cosigners, of, lang) : null],
    ]),
    ...(holds.kind === 'subject' && holds.word === 'other'
      ? [el('p', { class: 'notice warn' }, proof.unknownState)]
      : []),
    ...(isSaidElsewhere(standing) ? [el('p', { class: 'notice warn' }, inboundWords(lang).readBoth)] : []),
  );
}

/** Whether the records at hand are all that are counted. */
export function countedText({ here, of }: Counted, lang: Lang): string {
  const words = proofWords(lang);
  return here === of ? words.all(of) : words.some(here, of);
}

/** A record in one line: what was done, by whom and when. */
export function deed(record: RecordFacts, lang: Lang): string {
  const { publisher, recordedAt } = record;
  return proofWords(lang).deed(deedName(record, lang), publisherText(publisher), localTime(recordedAt));
}

/** The action of a record, after its profile. */
export function deedName({ action, profile }: RecordFacts, lang: Lang): string {
  return `${named(profile, lang)} · ${named(action, lang)}`;
}

function withState(word: string, holds: StandingFacts['holds'], lang: Lang): HTMLElement {
  if (holds.kind === 'subject' && holds.next !== null && holds.validTo !== null) {
    const words = standingWords(lang);
    return el('strong', {}, words.until(word, holds.validTo, words.words[holds.next]));
  }
  const state = holds.kind === 'subject' && holds.state !== null ? named(holds.state, lang) : word;
  return el('strong', {}, state === word ? word : `${word} (${state})`);
}

function holdsRows(holds: StandingFacts['holds'], lang: Lang): readonly Row[] {
  const words = standingWords(lang);
  if (holds.kind === 'digest')
    return [[words.records, holds.value && words.between(holds.value.first, holds.value.last)]];
  if (holds.kind === 'publisher')
    return [
      [words.name, holds.value && bdi(holds.value.name)],
      [words.records, holds.value && words.count(holds.value.records)],
    ];
  const { by, validFrom, validTo, awaiting, owner, version, undisclosed } = holds;
  const hasDates = validFrom !== null || validTo !== null;
  return [
    ...by.map(
      ({ rel, subject, index }): Row => [
        words.relations[rel] ?? visible(rel),
        bdi(words.record(subject, index)),
      ],
    ),
    [words.valid, hasDates ? bdi(words.validity(validFrom, validTo)) : null],
    [words.notShown, undisclosed.length > 0 ? undisclosed.join(' ') : null],
    [words.awaiting, awaiting.length > 0 ? awaiting.join(' ') : null],
    [proofWords(lang).owner, owner && bdi(publisherText(owner))],
    [words.records, version > 0 ? words.count(version) : null],
  ];
}

/** Whether all issuers of a subject in force said elsewhere what its own records do not: that more than its state bears on it. */
function isSaidElsewhere({ holds, inbound }: StandingFacts): boolean {
  if (holds.kind !== 'subject' || !holds.inForce || inbound === null) return false;
  return inbound.links.some(
    ({ rel, subject, unsigned }) =>
      unsigned.length === 0 &&
      (rel !== 'amends' || holds.word !== 'amended') &&
      !holds.by.some(own => subject.endsWith(`/${own.subject}`)),
  );
}

function inboundRows(inbound: StandingFacts['inbound'], lang: Lang): readonly Row[] {
  const words = inboundWords(lang);
  if (inbound === null) return [];
  return [
    ...inbound.links.map((link): Row => [words.label, bdi(inboundText(link, lang))]),
    [words.label, inbound.complete ? null : words.more],
  ];
}

function inboundText({ rel, subject, index, title, publisher, unsigned }: InboundFacts, lang: Lang): string {
  const words = inboundWords(lang);
  const record = standingWords(lang).record(subject, index);
  const named = title === null ? record : words.titled(title, record);
  const what = words.says[rel] ?? rel;
  if (unsigned.length === 0) return words.signed(what, named);
  const without = unsigned.map(publisherText).join(words.separator);
  return words.claimed(what, named, publisherText(publisher), without);
}

const UNITS: readonly (readonly [AgeUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** An age in the largest unit of which there are at least two. */
function ageText(ms: number, lang: Lang): string {
  const [unit, size] = UNITS.find(([, each]) => ms >= 2 * each) ?? (['second', 1000] as const);
  return proofWords(lang).age(Math.floor(ms / size), unit);
}
