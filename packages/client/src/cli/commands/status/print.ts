import {
  askedText,
  digestText,
  type Fault,
  FILE_ROLES,
  type FileRole,
  isStatus,
  type Result,
  type Row,
  shellMessages,
  type VerifiedReceipt,
  type VerifiedStatus,
  verifyInForce,
} from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import { verifyUnsucceeded } from '../../../succession/inbound.ts';
import { absentMessages, noteAbsent } from '../../absent.ts';
import { askedTexts, type NamedX } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { profileRow } from '../../describe.ts';
import { disclosedJson, disclosedRows } from '../../disclosed.ts';
import { type Judged, judgeInForce } from '../../in-force.ts';
import { inboundJson, inboundRows } from '../../inbound-words.ts';
import {
  asOfJson,
  enclosedText,
  provenText,
  roleIn,
  standingJson,
  standingRows,
  verdictIn,
  verdictMessages,
} from '../../verdicts.ts';
import type { ProvenSubject, StatusAnswer } from './answer.ts';
import { statusMessages } from './messages.ts';

/** What `status` shows. */
export interface Shown {
  readonly named: NamedX;
  /** The record in hand, where a receipt was named, or lies beside the file and leads to its subject. */
  readonly held: VerifiedReceipt | null;
  /** Why the receipt beside a file that was not found does not verify for it; null for none, or no fault. */
  readonly failed: Fault | null;
  readonly answer: StatusAnswer;
  /** Paths of the proofs that were written. */
  readonly saved: readonly string[];
  /** Whether the proof came from a node, else from a file. */
  readonly isNode: boolean;
}

/** A proven standing for a person. */
export function printStatus(shown: Shown, names: Names, context: Context): void {
  const { named, held, failed, answer, saved } = shown;
  const { out, lang } = context;
  const words = statusMessages(lang);
  const { status } = answer.main;
  const name = named.file ?? askedText(named.asked);
  if (isStatus(status, 'subject')) {
    const standing = standingsIn(shown, names)[0]!;
    const judged = judge(standing, shown, names);
    if (held !== null) printHeld(held, name, judged, names, context);
    printSubject(status, shown, names, context, judged.inForce.ok);
    if (held !== null && standing.role === 'earlier') out.note(words.earlierText);
    if (held !== null && standing.role === 'enclosed') out.note(enclosedText(held, names, lang));
    if (held === null && judged.unknown.length > 0) out.note(words.sealedDates);
  } else {
    const first = standingsIn(shown, names)[0];
    const isGood = status.value !== null && first?.role !== 'enclosed';
    out.heading(isGood ? true : null, name, headline(status, lang));
    out.rows(isStatus(status, 'digest') ? digestRows(status, named, lang) : publisherRows(status, lang));
    if (isStatus(status, 'digest') && status.value === null) noteAbsent(named.file, failed, context);
    if (answer.subjects.length > 1) out.rows([[words.subjects, standingsText(shown, names, lang)]]);
  }
  for (const subject of filed(answer, names)) {
    const { role } = subject;
    printSubject(
      subject.status,
      shown,
      names,
      context,
      role === 'present' && verdictIn(subject.status, names).inForce && unsucceeded(subject.status, shown).ok,
    );
    if (role === 'earlier') out.note(words.otherText);
    if (role === 'enclosed') out.note(enclosedText(subject.records[0]!, names, lang));
  }
  for (const path of saved) out.note(words.saved(path));
}

/** A proven standing for programs; `verdict` is that of the subject of the last record where a file or digest was asked. */
export function toJsonStatus(shown: Shown, names: Names) {
  const { named, held, answer, saved, isNode } = shown;
  const { status } = answer.main;
  const all = standingsIn(shown, names);
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
    subjects: all.map(({ status: subject, role }) => ({
      ...standingJson(subject, names),
      linkedBy: inboundJson(answer.inbound.get(askedText(subject.asked)) ?? null),
      title: answer.titles.get(askedText(subject.asked)) ?? null,
      role,
      current: role && role === 'present',
    })),
    saved,
    source: isNode ? 'node' : 'file',
  };
}

/** That what was asked about is in force: the subject, or that of the last record and its present file. */
export function inForce(shown: Shown, names: Names): Result<void> {
  const [subject] = standingsIn(shown, names);
  // A sealed record may be of what no public one is of.
  return subject === undefined ? verifyInForce(null) : judge(subject, shown, names).inForce;
}

/** That nothing else says with the authority of all its issuers that a subject is over. */
function unsucceeded(
  { asked, asOf }: VerifiedStatus<'subject'>,
  { answer: { inbound } }: Shown,
): Result<void> {
  return verifyUnsucceeded(inbound.get(askedText(asked)) ?? null, asOf);
}

/** A proven standing, and what the record in hand, or the file that was asked about, is to that; null where none was. */
interface Standing {
  readonly status: VerifiedStatus<'subject'>;
  readonly role: FileRole | null;
}

/** What there is to judge by: the subject that was asked about, or those of a file, what it is the text of first. */
function standingsIn({ named: { asked }, held, answer }: Shown, names: Names): readonly Standing[] {
  const { status } = answer.main;
  if (!isStatus(status, 'subject')) return filed(answer, names);
  if (held !== null) return [{ status, role: roleIn(held, status, names) }];
  // A proof in a file is taken for a digest of which the subject has the text alone.
  return [{ status, role: asked.kind === 'digest' ? 'present' : null }];
}

/** The subjects of a file with what it is to each: those that it only accompanied an action of come last. */
function filed(
  { subjects }: StatusAnswer,
  names: Names,
): readonly (ProvenSubject & { readonly role: FileRole })[] {
  const roles = subjects.map(subject => {
    const all = subject.records.map(record => roleIn(record, subject.status, names));
    return { ...subject, role: FILE_ROLES.find(role => all.includes(role)) ?? 'earlier' };
  });
  return [
    ...roles.filter(({ role }) => role !== 'enclosed'),
    ...roles.filter(({ role }) => role === 'enclosed'),
  ];
}

/** The verdict on the record in hand, else on the subject itself, whichever of its files was named, but for an enclosure. */
function wordFor(standing: Standing, shown: Shown, names: Names): string {
  return shown.held === null && standing.role !== 'enclosed'
    ? verdictIn(standing.status, names).word
    : judge(standing, shown, names).word;
}

function judge({ status, role }: Standing, shown: Shown, names: Names): Judged {
  const judged = judgeInForce(status, names, role ?? 'present', shown.held ?? undefined);
  return judged.inForce.ok ? { ...judged, inForce: unsucceeded(status, shown) } : judged;
}

/** A record in hand: what it comes to now, and what its receipt shows. */
function printHeld(
  held: VerifiedReceipt,
  file: string,
  { word, unknown, inForce }: Judged,
  names: Names,
  { out, lang }: Context,
): void {
  const { words: verdicts, enclosure, undated, notShown } = verdictMessages(lang);
  const remark = word === 'enclosure' ? enclosure : unknown.length > 0 ? undated : verdicts[word];
  out.heading(inForce.ok ? true : null, file, remark);
  out.rows([...disclosedRows(held, names, lang), [notShown, unknown.length > 0 ? unknown.join(' ') : null]]);
}

function printSubject(
  status: VerifiedStatus<'subject'>,
  { answer: { titles, inbound } }: Shown,
  names: Names,
  { out, lang }: Context,
  good = verdictIn(status, names).inForce,
): void {
  const { word } = verdictIn(status, names);
  out.heading(good ? true : null, askedText(status.asked), verdictMessages(lang).words[word]);
  const { value } = status;
  const words = statusMessages(lang);
  out.rows([
    [words.title, titles.get(askedText(status.asked)) ?? null],
    ...standingRows(status, names, lang),
    ...inboundRows(inbound.get(askedText(status.asked)) ?? null, names, lang),
    profileRow(status.asked.profile, names, lang),
    [words.last, value && words.lastOf(value.head, value.version)],
    [words.digest, value?.digest ? digestText(value.digest) : null],
  ]);
}

/** How many subjects there are, and how many of them stand how. */
function standingsText({ answer: { subjects } }: Shown, names: Names, lang: Context['lang']): string {
  const { words } = verdictMessages(lang);
  const counts = new Map<string, number>();
  for (const { status } of subjects) {
    const word = words[verdictIn(status, names).word];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const each = [...counts].map(([word, count]) => `${word} ${count}`);
  return `${subjects.length} (${each.join(shellMessages(lang).listSeparator)})`;
}

function headline(status: VerifiedStatus, lang: Context['lang']): string {
  const words = statusMessages(lang);
  if (isStatus(status, 'digest'))
    return status.value === null ? absentMessages(lang).noPublicRecord : words.recorded(status.value.count);
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
  return status.value === null ? 'no-public-record' : 'recorded';
}
