import {
  askedText,
  digestText,
  isStatus,
  NEVER_RECORDED,
  type Result,
  type Row,
  sameDigest,
  type VerifiedReceipt,
  type VerifiedStatus,
  verifyInForce,
} from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import { askedTexts, type NamedX } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { profileRow } from '../../describe.ts';
import { disclosedJson, disclosedRows } from '../../disclosed.ts';
import { type Judged, judgeInForce } from '../../in-force.ts';
import {
  asOfJson,
  provenText,
  standingJson,
  standingRows,
  verdictIn,
  verdictMessages,
} from '../../verdicts.ts';
import { standingBy } from '../verify/standing.ts';
import type { StatusAnswer } from './answer.ts';
import { statusMessages } from './messages.ts';

/** What `status` shows. */
export interface Shown {
  readonly named: NamedX;
  /** The record in hand, where a receipt was named. */
  readonly held: VerifiedReceipt | null;
  readonly answer: StatusAnswer;
  /** Paths of the proofs that were written. */
  readonly saved: readonly string[];
  /** Whether the proof came from a node, else from a file. */
  readonly isNode: boolean;
}

/** A proven standing for a person. */
export function printStatus(shown: Shown, names: Names, context: Context): void {
  const { named, held, answer, saved } = shown;
  const { out, lang } = context;
  const words = statusMessages(lang);
  const { main, subjects } = answer;
  const { status } = main;
  const name = named.file ?? askedText(named.asked);
  if (isStatus(status, 'subject')) {
    const judged = judge(status, shown, names);
    if (held !== null) printHeld(held, name, judged, names, context);
    printSubject(status, names, context, judged.inForce.ok);
    if (judged.word === 'superseded' && held !== null) out.note(words.otherText);
    if (held === null && judged.unknown.length > 0) out.note(words.sealedDates);
  } else {
    out.heading(status.value === null ? null : true, name, headline(status, lang));
    out.rows(isStatus(status, 'digest') ? digestRows(status, named, lang) : publisherRows(status, lang));
  }
  for (const subject of subjects) {
    printSubject(subject.status, names, context);
    if (isPresent(subject.status, shown) === false) out.note(words.otherText);
  }
  for (const path of saved) out.note(words.saved(path));
}

/** A proven standing for programs; `verdict` is that of the subject of the last record where a file or digest was asked. */
export function toJsonStatus(shown: Shown, names: Names) {
  const { named, held, answer, saved, isNode } = shown;
  const { main, subjects } = answer;
  const { status } = main;
  const all = isStatus(status, 'subject') ? [status] : subjects.map(subject => subject.status);
  const first = all[0];
  return {
    asked: askedText(named.asked),
    absent: (named.absent ?? []).map(digestText),
    file: named.file,
    verdict: first === undefined ? wordOf(status) : wordFor(first, shown, names),
    undisclosed: first === undefined ? [] : judge(first, shown, names).unknown,
    record: held && { index: held.index, version: held.leaf.version, disclosed: disclosedJson(held, names) },
    ...asOfJson(status),
    digest: isStatus(status, 'digest') ? (status.value ?? { first: null, last: null, count: 0 }) : null,
    publisher: isStatus(status, 'publisher') ? status.value : null,
    subjects: all.map(subject => ({ ...standingJson(subject, names), current: isPresent(subject, shown) })),
    saved,
    source: isNode ? 'node' : 'file',
  };
}

/** That what was asked about is in force: the subject, or that of the last record and its present file. */
export function inForce(shown: Shown, names: Names): Result<void> {
  const { main, subjects } = shown.answer;
  const { status } = main;
  const subject = isStatus(status, 'subject') ? status : subjects[0]?.status;
  if (subject === undefined) return verifyInForce(NEVER_RECORDED);
  return judge(subject, shown, names).inForce;
}

/** The verdict on the record in hand, else on the subject itself, whichever of its files was named. */
function wordFor(status: VerifiedStatus<'subject'>, shown: Shown, names: Names): string {
  return shown.held === null ? verdictIn(status, names).word : judge(status, shown, names).word;
}

function judge(status: VerifiedStatus<'subject'>, shown: Shown, names: Names): Judged {
  return judgeInForce(status, names, isPresent(status, shown) !== false, shown.held ?? undefined);
}

/** Whether the file, digest or record that was asked about is the subject's present one; null where none was. */
function isPresent(status: VerifiedStatus<'subject'>, { named: { asked }, held }: Shown): boolean | null {
  if (held !== null) return standingBy(held, status, null).current;
  if (asked.kind !== 'digest') return null;
  const present = status.value?.digest ?? null;
  return present !== null && sameDigest(present, asked);
}

/** A record in hand: what it comes to now, and what its receipt shows. */
function printHeld(
  held: VerifiedReceipt,
  file: string,
  { word, unknown, inForce }: Judged,
  names: Names,
  { out, lang }: Context,
): void {
  const words = statusMessages(lang);
  const remark = unknown.length > 0 ? words.undated : verdictMessages(lang).words[word];
  out.heading(inForce.ok ? true : null, file, remark);
  out.rows([
    ...disclosedRows(held, names, lang),
    [words.notShown, unknown.length > 0 ? unknown.join(' ') : null],
  ]);
}

function printSubject(
  status: VerifiedStatus<'subject'>,
  names: Names,
  { out, lang }: Context,
  good = verdictIn(status, names).inForce,
): void {
  const { word } = verdictIn(status, names);
  out.heading(good ? true : null, askedText(status.asked), verdictMessages(lang).words[word]);
  const { value } = status;
  const words = statusMessages(lang);
  out.rows([
    ...standingRows(status, names, lang),
    profileRow(status.asked.profile, names, lang),
    [words.last, value && words.lastOf(value.head, value.version)],
    [words.digest, value?.digest ? digestText(value.digest) : null],
  ]);
}

function headline(status: VerifiedStatus, lang: Context['lang']): string {
  const words = statusMessages(lang);
  if (isStatus(status, 'digest'))
    return status.value === null
      ? verdictMessages(lang).words['never-recorded']
      : words.recorded(status.value.count);
  if (!isStatus(status, 'publisher') || status.value === null) return words.publisher['not-enrolled'];
  return words.publisher[status.value.status];
}

function digestRows(status: VerifiedStatus<'digest'>, named: NamedX, lang: Context['lang']): readonly Row[] {
  const words = statusMessages(lang);
  const { value } = status;
  return [
    [words.asOf, provenText(headline(status, lang), status, lang)],
    [words.digest, named.file === null ? null : askedTexts(named)],
    [words.records, value && words.between(value.first, value.last)],
  ];
}

function publisherRows(status: VerifiedStatus, lang: Context['lang']): readonly Row[] {
  if (!isStatus(status, 'publisher')) return [];
  const words = statusMessages(lang);
  const { asked, value } = status;
  return [
    [words.asOf, provenText(headline(status, lang), status, lang)],
    [words.name, value && `${value.name} (${asked.id})`],
    [words.records, value && words.count(value.seq)],
  ];
}

function wordOf(status: VerifiedStatus): string {
  if (isStatus(status, 'publisher')) return status.value?.status ?? 'not-enrolled';
  return status.value === null ? 'never-recorded' : 'recorded';
}
