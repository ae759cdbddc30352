import { resolve } from 'node:path';
import {
  askedText,
  complaintRows,
  countedIn,
  EXIT,
  type ExitCode,
  type Fault,
  MAX_STATUS_BYTES,
  type Result,
  type VerifiedReceipt,
  type VerifiedStatus,
} from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import type { Context } from '../../context.ts';
import { actionText, publisherText } from '../../describe.ts';
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { readSmall } from '../../files.ts';
import type { Prover } from '../../prover.ts';
import { chinaIso } from '../../time.ts';
import { asOfJson, provenText } from '../../verdicts.ts';
import { toJsonReport } from './json.ts';
import { verifyMessages } from './messages.ts';
import { printReport } from './print.ts';
import { exitOf, type FileReport } from './report.ts';

/**
 * Whether the files are all the records of what a status proof is about. 0 if they are, 1 if they are not or a proof is
 * false, 2 if anything is missing.
 */
export async function judgeAll(
  reports: readonly FileReport[],
  path: string,
  { prover, names, context }: { readonly prover: Prover; readonly names: Names; readonly context: Context },
): Promise<ExitCode> {
  const bytes = await readSmall(resolve(context.io.cwd, path), path, MAX_STATUS_BYTES, context);
  const verified = reports.flatMap(report => (report.kind === 'verified' ? [report.verified] : []));
  // What does not verify may be the very record that would be missed.
  const judged = verified.length === reports.length ? prover.judgeAll(verified, bytes) : null;
  if (context.json) context.out.json(toJson(reports, path, judged, names));
  else print(reports, path, judged, names, context);
  if (judged === null) return exitOf(reports);
  return judged.ok ? EXIT.done : EXIT.refuted;
}

type Judged = Result<VerifiedStatus> | null;

/** `complete` is null where it was not looked at, as not every file verifies. */
function toJson(reports: readonly FileReport[], proof: string, judged: Judged, names: Names) {
  const status = judged?.ok ? judged.value : null;
  const fault = judged === null || judged.ok ? null : judged.fault;
  return {
    proof,
    complete: judged?.ok ?? null,
    code: fault?.code ?? null,
    detail: fault?.detail ?? null,
    asked: status && askedText(status.asked),
    count: status && countedIn(status),
    ...(status === null ? { asOf: null, cosigners: null, proven: false } : asOfJson(status)),
    files: reports.map(report => toJsonReport(report, names)),
  };
}

function print(
  reports: readonly FileReport[],
  proof: string,
  judged: Judged,
  names: Names,
  context: Context,
): void {
  const { out, lang } = context;
  const words = verifyMessages(lang);
  for (const report of reports)
    if (report.kind === 'verified')
      out.checked(true, [report.file, ...recordWords(report.verified, names, context)]);
    else printReport(report, new Map(), names, context);
  if (judged === null) out.heading(false, proof, words.notJudged);
  else if (judged.ok) {
    const what = words.allOf(askedText(judged.value.asked), countedIn(judged.value));
    out.checked(true, [provenText(what, judged.value, lang)]);
  } else {
    const { code, detail } = judged.fault;
    const { says, next } = explained(judged.fault, context);
    out.heading(false, proof, code);
    out.sentence(says);
    out.rows(complaintRows({ what: says, why: faultText({ code, detail }, lang), next }, lang));
  }
}

/** A gap is not a node's here: these are the files that somebody chose. */
function explained({ code }: Fault, { lang }: Context) {
  const words = verifyMessages(lang);
  return code.startsWith('history-')
    ? { says: words.notAll, next: words.notAllNext }
    : explainFault(code, lang);
}

function recordWords(
  { leaf, index, recordedAt }: VerifiedReceipt,
  names: Names,
  { lang }: Context,
): string[] {
  const words = verifyMessages(lang);
  const entry = leaf.entry.value;
  return [
    chinaIso(recordedAt),
    actionText(entry, names, lang),
    publisherText(leaf.publisher, names),
    words.placeOf(leaf.height, index),
  ];
}
