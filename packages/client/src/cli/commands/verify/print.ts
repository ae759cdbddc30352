import {
  complaintRows,
  type Row,
  shellMessages,
  subjectText,
  toHex,
  type VerifiedReceipt,
} from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import type { Context } from '../../context.ts';
import { actionText, memberName, profileRow, publisherText } from '../../describe.ts';
import { disclosedRows } from '../../disclosed.ts';
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { inboundRows } from '../../inbound-words.ts';
import { openLinks } from '../../linked.ts';
import { issuerRows, type LinkTitles, linkRows } from '../../record-words.ts';
import { chinaIso } from '../../time.ts';
import { datingRecord, enclosedText, roleIn, standingRows, verdictMessages } from '../../verdicts.ts';
import { verifyMessages } from './messages.ts';
import type { FileReport } from './report.ts';

/** One file's report for a person. */
export function printReport(
  report: FileReport,
  titles: LinkTitles,
  names: Names,
  { out, lang }: Context,
): void {
  const words = verifyMessages(lang);
  if (report.kind === 'verified') {
    out.heading(true, report.file, words.verified);
    out.rows([...verifiedRows(report.verified, titles, names, lang), ...currentRows(report, names, lang)]);
    out.note(words.assumption);
    return;
  }
  if (report.kind === 'refuted') {
    const { fault, verified } = report;
    const { says, next } = explainFault(fault.code, lang);
    const isEnclosed = fault.code === 'enclosed-file' && verified !== undefined;
    out.heading(false, report.file, fault.code);
    out.sentence(says);
    out.rows([
      [words.text, isEnclosed ? enclosedText(verified, names, lang) : null],
      [words.detail, faultText(fault, lang)],
      [words.next, next],
    ]);
    return;
  }
  out.heading(false, report.file, report.error.code);
  out.sentence(report.error.complaint.what);
  out.rows(complaintRows(report.error.complaint, lang));
}

function verifiedRows(
  verified: VerifiedReceipt,
  titles: LinkTitles,
  names: Names,
  lang: Context['lang'],
): readonly Row[] {
  const words = verifyMessages(lang);
  const { leaf, cosigners } = verified;
  const { chain } = names;
  const entry = leaf.entry.value;
  const signers = cosigners.map(({ code }) => memberName(code, chain, lang));
  const title = (verified.disclosed ?? entry).meta.get('title');
  return [
    [words.recordedAt, chinaIso(verified.recordedAt)],
    [words.publisher, publisherText(leaf.publisher, names)],
    ...issuerRows(leaf, names, lang),
    [words.subject, subjectText(entry)],
    [words.title, typeof title === 'string' ? title : null],
    [words.action, actionText(entry, names, lang)],
    profileRow(entry.profile, names, lang),
    // What a sealed one opens is below.
    ...(verified.disclosed === null ? linkRows(openLinks(leaf), titles, names, lang) : []),
    [words.place, words.placeOf(leaf.height, verified.index)],
    [
      words.cosigned,
      words.cosignedBy(
        signers.join(shellMessages(lang).listSeparator),
        cosigners.length,
        verified.validators,
      ),
    ],
    [words.existed, chinaIso(verified.existedNoLaterThan)],
    [words.digest, entry.digest === null ? null : `${entry.digest.alg}:${toHex(entry.digest.hash)}`],
    ...disclosedRows(verified, names, lang),
    [words.chain, `${chain.genesis.name} (${chain.origin})`],
  ];
}

/** The proven standing, or why there is none. */
function currentRows(
  { verified, standing, inbound }: Extract<FileReport, { readonly kind: 'verified' }>,
  names: Names,
  lang: Context['lang'],
): readonly Row[] {
  const words = verifyMessages(lang);
  const { standing: label } = verdictMessages(lang);
  if (typeof standing === 'string') return [[label, words.standingReason[standing]]];
  const { status } = standing;
  const role = roleIn(verified, status, names);
  const head = status.value?.head ?? null;
  const earlier = role === 'earlier' && head !== null ? words.otherText(head) : null;
  return [
    ...standingRows(status, names, lang, datingRecord(verified, status, names)),
    ...inboundRows(inbound, names, lang),
    [words.text, role === 'enclosed' ? enclosedText(verified, names, lang) : earlier],
  ];
}
