import { type Asked, digestText, type Lang } from '@qifeng/core';
import { actionText, outdatedRow, publisherText, stateText } from '../../describe.ts';
import { inboundRows } from '../../inbound-words.ts';
import { openLinks } from '../../linked.ts';
import { linkText, recordWords } from '../../record-words.ts';
import { chinaIso } from '../../time.ts';
import {
  datingRecord,
  enclosedText,
  roleIn,
  verdictMessages,
  verdictText,
  verdictWith,
} from '../../verdicts.ts';
import type { Trail } from '../history/provenance.ts';
import type { ProvenStanding } from '../verify/report.ts';
import type { Evidence } from './evidence.ts';
import { html, type Markup } from './html.ts';
import { code, gridTable, type ReportRow, rowsTable, when } from './tables.ts';
import { reportWords } from './words.ts';

/** Where the subject stands, as of when and by what proof, and all of its records where a node was asked. */
export function currentSection(evidence: Evidence, lang: Lang): Markup {
  const { standing, history, receipt } = evidence;
  const words = reportWords(lang);
  const known =
    typeof standing === 'string'
      ? html`<p>${words.standingUnknown} ${words.standingReason[standing]}</p>`
      : rowsTable(standingRows(standing, evidence, lang));
  return html`<section><h2>${words.standing}</h2>
${known}
<h3>${words.history}</h3>
${history === null ? html`<p>${words.noHistory}</p>` : historyTable(history, receipt.verified.index, evidence, lang)}</section>`;
}

function standingRows(
  { status, node }: ProvenStanding,
  { receipt, examined, names, linkTitles, inbound }: Evidence,
  lang: Lang,
): readonly ReportRow[] {
  const words = reportWords(lang);
  const verdicts = verdictMessages(lang);
  const { asked, value, asOf, cosigners, validators } = status;
  const of = examined.kind === 'file' ? words.ofFile : examined.digest ? words.ofDigest : words.ofRecord;
  const { verified } = receipt;
  const { verdict, undisclosed } = verdictWith(status, names, datingRecord(verified, status, names));
  const { word, inForce, next, by } = verdict;
  const isUndated = undisclosed.length > 0;
  const until = value?.validTo ?? null;
  // Of a state that no profile explains nothing is said but its name.
  const last = inForce || word === 'other' ? of.current : of.notInForce(verdicts.words[word]);
  const present = isUndated ? `${last}${recordWords(lang).separator}${verdicts.undated}` : last;
  const said = {
    present,
    earlier: value && of.other(value.head),
    enclosed: enclosedText(verified, names, lang),
  };
  return [
    [words.verdictWord, isUndated ? verdicts.undated : verdictText({ word, next, until }, null, lang)],
    [words.state, value && stateText(asked.profile, value.state, names, lang)],
    outdatedRow(asked.profile, value?.state ?? null, names, lang),
    [words.asOf, chinaIso(asOf)],
    [words.proven, words.provenBy(cosigners.length, validators, node)],
    [of.label, said[roleIn(verified, status, names)]],
    ...by.map((link): ReportRow => [recordWords(lang).link, linkText(link, linkTitles, names, lang)]),
    ...inboundRows(inbound, names, lang),
    [words.validity, value && validity(value.validFrom, value.validTo, lang)],
    [
      words.awaiting,
      value !== null && value.awaiting.length > 0
        ? value.awaiting.map(id => publisherText(id, names)).join(recordWords(lang).separator)
        : null,
    ],
  ];
}

function validity(from: string | null, to: string | null, lang: Lang): string | null {
  return from === null && to === null ? null : verdictMessages(lang).validity(from, to);
}

function historyTable(
  { records, status }: Trail<Asked<'subject'>>,
  mine: number,
  { names, linkTitles }: Pick<Evidence, 'names' | 'linkTitles'>,
  lang: Lang,
): Markup {
  const words = reportWords(lang);
  const rows = records.map(({ record: { index, leaf } }) => {
    const entry = leaf.entry.value;
    const title = entry.meta.get('title');
    return [
      `${leaf.version}${index === mine ? ` ${words.thisOne}` : ''}`,
      when(leaf.time),
      html`<div class="outside">${actionText(entry, names, lang)}<br>${publisherText(leaf.publisher, names)}${
        typeof title === 'string' ? html`<br>${title}` : null
      }${openLinks(leaf).map(link => html`<br>${linkText(link, linkTitles, names, lang)}`)}</div>`,
      words.place(index, leaf.height),
      entry.digest === null ? words.noFile : code(digestText(entry.digest)),
    ];
  });
  const complete =
    status === null
      ? words.notCounted(records.length)
      : words.complete(records.length, status.value?.version ?? 0, chinaIso(status.asOf));
  return html`${gridTable([words.number, words.recordedAt, words.what, words.where, words.digest], rows)}
<p>${complete}</p>`;
}
