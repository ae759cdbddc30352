import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type Chain,
  EXIT,
  type ExitCode,
  inspectReceipt,
  type Lang,
  parseReceipt,
  RECEIPT_SUFFIX,
  receiptVerifier,
  STEPS,
  usageFault,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { writeWhole } from '../../../files/write.ts';
import type { Context } from '../../context.ts';
import { fileError, requireFile } from '../../files.ts';
import { knownNodes } from '../../nodes.ts';
import { requireChain } from '../../trust.ts';
import { standingJson } from '../../verdicts.ts';
import { packageVersion } from '../../version.ts';
import { drawQr, receiptAddress } from '../info/qr.ts';
import { judgeFile, readReceipt } from '../verify/judge.ts';
import { verifyMessages } from '../verify/messages.ts';
import { type CurrentSource, gatherCurrent, refuted } from './current-evidence.ts';
import type { Evidence, ExaminedFile, ExaminedReceipt } from './evidence.ts';
import { reportMessages } from './messages.ts';
import { renderReport } from './page.ts';

/** What `report` was asked to do; `lang` is that of the report. */
export interface ReportRequest extends Omit<CurrentSource, 'nodes'> {
  readonly file: string;
  readonly out: string;
  readonly force: boolean;
  readonly receipt: string | undefined;
  readonly genesis: string | undefined;
  readonly lang: Lang;
}

/**
 * Verifies a file and writes the court report on it. Whatever does not verify ends it with 1 and no report: there is none
 * that a reader could take for half of one.
 */
export async function report(request: ReportRequest, context: Context): Promise<ExitCode> {
  const { out, force, offline, statusProof } = request;
  const words = reportMessages(context.lang);
  const to = resolve(context.io.cwd, out);
  if (!force && existsSync(to)) throw usageFault('out-exists', words.outThere(out), words.outThereNext);
  const chain = await requireChain(request.genesis, context);
  const { file, receipt } = await examine(request, chain, context);
  const nodes = offline ? [] : await knownNodes(context);
  const asked = statusProof === undefined ? nodes : [];
  const current = await gatherCurrent(receipt.verified, { ...request, nodes: asked }, chain, context);
  const [node] = nodes;
  const address = node === undefined ? null : receiptAddress(node, receipt.verified.index);
  const evidence: Evidence = {
    ...current,
    file,
    receipt,
    chain,
    qr: drawQr(receipt.bytes, address),
    madeAt: Date.now(),
    version: packageVersion(),
  };
  await writeWhole(to, renderReport(evidence, request.lang)).catch((error: unknown) => {
    throw fileError(error, out, context);
  });
  tell(request, evidence, context);
  return EXIT.done;
}

/** The file and its receipt, verified; what the steps show is what was found. */
async function examine(
  request: ReportRequest,
  chain: Chain,
  context: Context,
): Promise<{ readonly file: ExaminedFile; readonly receipt: ExaminedReceipt }> {
  const path = resolve(context.io.cwd, request.file);
  await requireFile(path, request.file, context);
  const name = request.receipt ?? request.file + RECEIPT_SUFFIX;
  const bytes = await readReceipt(request.file, name, context);
  const trust = { chain, suite: nativeSuite };
  const verdict = await judgeFile(request.file, bytes, receiptVerifier(trust), context);
  if (!verdict.ok) throw refuted(request.file, verdict.fault, context);
  const parts = parseReceipt(bytes);
  if (!parts.ok) throw refuted(request.file, parts.fault, context);
  const inspection = inspectReceipt(parts.value, trust);
  const fault = STEPS.map(step => inspection.faults?.[step] ?? null).find(found => found !== null);
  if (fault) throw refuted(request.file, fault, context);
  const { leaf, disclosed } = verdict.value;
  // The record's digest, or what the receipt opens of a sealed one: that of the file, or it had not verified.
  const digest = (disclosed ?? leaf.entry.value).digest!;
  return {
    file: { name: basename(path), bytes: (await stat(path)).size, digest },
    receipt: { name: basename(name), bytes, parts: parts.value, inspection, verified: verdict.value },
  };
}

function tell({ file, out: to }: ReportRequest, evidence: Evidence, { out, json, lang }: Context): void {
  const { standing, history, receipt, chain } = evidence;
  const proven = typeof standing === 'string' ? null : standing;
  if (json) {
    out.json({
      file,
      verified: true,
      code: 'verified',
      report: to,
      madeAt: evidence.madeAt,
      index: receipt.verified.index,
      standing: proven && { ...standingJson(proven.status, chain), current: proven.current },
      standingReason: typeof standing === 'string' ? standing : null,
      records: history === null ? null : history.records.length,
      complete: history === null ? null : history.status !== null,
    });
    return;
  }
  const words = reportMessages(lang);
  const known =
    typeof standing === 'string' ? verifyMessages(lang).standingReason[standing] : words.standingKnown;
  out.heading(true, file, `${words.written}: ${to}`);
  out.rows([
    [words.record, String(receipt.verified.index)],
    [words.standing, known],
    [words.history, history && words.historyOf(history.records.length)],
  ]);
}
