import { askedText, countedIn, digestText, type Fault, type Row } from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import { absentMessages, noteAbsent } from '../../absent.ts';
import { askedTexts, type NamedX } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { actionText, profileRow, publisherText, stateText } from '../../describe.ts';
import { faultText } from '../../fault-text.ts';
import { inboundJson, inboundRows } from '../../inbound-words.ts';
import { openLinks } from '../../linked.ts';
import { type LinkTitles, linkText } from '../../record-words.ts';
import { chinaIso } from '../../time.ts';
import { asOfJson, provenText, standingJson, standingRows, verdictMessages } from '../../verdicts.ts';
import { statusMessages } from '../status/messages.ts';
import { historyMessages } from './messages.ts';
import { isFaulty, type JudgedRecord, type Trail } from './provenance.ts';
import type { History, SubjectTrail } from './subjects.ts';

/** A history for a person: one line a record, with its title, digest and links below. */
export function printHistory(
  { trail, subjects }: History,
  titles: LinkTitles,
  names: Names | null,
  context: Context,
): void {
  if (trail.asked.kind === 'publisher') printTrail(trail, [], titles, names, context);
  // How often a file was recorded says something beside the subjects where it was more than once.
  if (trail.asked.kind === 'digest' && (trail.records.length > 1 || isFaulty(trail)))
    printTrail({ ...trail, records: [] }, [], titles, names, context, trail.records.length);
  for (const subject of subjects)
    printTrail(subject, standing(subject, names, context), titles, names, context);
}

/** That there is no record: of a digest, no public one. */
export function printAbsent(named: NamedX, trail: Trail, failed: Fault | null, context: Context): void {
  const { out, lang } = context;
  const { kind } = trail.asked;
  const what =
    kind === 'digest'
      ? absentMessages(lang).noPublicRecord
      : kind === 'publisher'
        ? statusMessages(lang).publisher['not-enrolled']
        : verdictMessages(lang).words['never-recorded'];
  out.heading(null, named.file ?? askedText(named.asked), what);
  const { status } = trail;
  out.rows([
    [
      statusMessages(lang).asOf,
      status === null ? historyMessages(lang).byNode(what) : provenText(what, status, lang),
    ],
    [statusMessages(lang).digest, kind === 'digest' && named.file !== null ? askedTexts(named) : null],
  ]);
  if (kind === 'digest') noteAbsent(named.file, failed, context);
}

/** A history for programs; `proven` is null without a genesis, `complete` where nothing counts the records. */
export function toJsonHistory({ trail, subjects }: History, names: Names | null) {
  const { asked } = trail;
  return {
    digest: asked.kind === 'digest' ? digestText(asked) : null,
    publisher: asked.kind === 'publisher' ? asked.id : null,
    complete: completeJson(trail),
    cut: trail.isCut,
    records: asked.kind === 'publisher' ? trail.records.map(recordJson) : null,
    subjects: subjects.map(subject => ({
      profile: subject.asked.profile,
      issuer: subject.asked.subject.issuer,
      id: subject.asked.subject.id,
      standing: standingOf(subject, names),
      linkedBy: inboundJson(subject.inbound),
      complete: completeJson(subject),
      cut: subject.isCut,
      records: subject.records.map(recordJson),
    })),
    verified: names !== null,
  };
}

function printTrail(
  trail: Trail,
  rows: readonly Row[],
  titles: LinkTitles,
  names: Names | null,
  { out, lang }: Context,
  count = trail.records.length,
): void {
  const words = historyMessages(lang);
  const good = isFaulty(trail) ? false : names === null ? null : true;
  out.heading(good, askedText(trail.asked), words.records(count));
  out.rows(rows);
  for (const { record, proven, fault } of trail.records) {
    const { leaf, index } = record;
    const entry = leaf.entry.value;
    const what = [chinaIso(leaf.time), actionText(entry, names, lang), publisherText(leaf.publisher, names)];
    out.checked(proven, [...what, words.place(index, leaf.height), fault && words.faults[fault]]);
    const title = entry.meta.get('title');
    if (typeof title === 'string') out.note(title, 6);
    if (entry.digest !== null) out.note(digestText(entry.digest), 6);
    for (const link of openLinks(leaf)) out.note(linkText(link, titles, names, lang), 6);
  }
  const { status, fault } = trail;
  if (fault !== null) out.checked(false, [words.incomplete(countedIn(status!)), faultText(fault, lang)]);
  else if (status !== null) out.checked(true, [provenText(words.complete(countedIn(status)), status, lang)]);
  else if (trail.isCut) out.note(words.cut(trail.records.length));
  else if (good !== false) out.note(names === null ? words.unproven : words.proven);
}

function standing(
  { asked, status, word, inbound }: SubjectTrail,
  names: Names | null,
  { lang }: Context,
): readonly Row[] {
  const profile = profileRow(asked.profile, names, lang);
  if (status !== null && names !== null)
    return [...standingRows(status, names, lang), ...inboundRows(inbound, names, lang), profile];
  if (word === null) return [profile];
  const words = historyMessages(lang);
  const state = stateText(asked.profile, word.standing.state, names, lang);
  return [[verdictMessages(lang).standing, words.nodesWord(state, chinaIso(word.asOf.time))], profile];
}

function standingOf({ status, word }: SubjectTrail, names: Names | null) {
  if (status !== null && names !== null) return { ...standingJson(status, names), source: 'node' };
  return word && { ...word.standing, asOf: word.asOf, proven: false, source: 'node' };
}

function completeJson({ status, fault, records }: Trail) {
  return (
    status && {
      complete: fault === null,
      code: fault?.code ?? null,
      detail: fault?.detail ?? null,
      shown: records.length,
      count: countedIn(status),
      ...asOfJson(status),
    }
  );
}

function recordJson({ record, proven, fault }: JudgedRecord) {
  return { index: record.index, proven, fault, ...record.leaf, entry: record.leaf.entry.value };
}
