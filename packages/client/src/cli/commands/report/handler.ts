import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EXIT, type ExitCode, type Lang, receiptVerifier, usageFault } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { writeWhole } from '../../../files/write.ts';
import { wantedOf } from '../../../register/register.ts';
import { NodeClient } from '../../../sdk/client.ts';
import type { Context } from '../../context.ts';
import { fileError } from '../../files.ts';
import { inboundJson } from '../../inbound-words.ts';
import { linkTitles } from '../../linked.ts';
import { knownNodes } from '../../nodes.ts';
import { registerOf, requireChain } from '../../trust.ts';
import { datingRecord, roleJson, standingJson } from '../../verdicts.ts';
import { packageVersion } from '../../version.ts';
import { drawQr, receiptAddress } from '../info/qr.ts';
import { verifyMessages } from '../verify/messages.ts';
import { type CurrentSource, gatherCurrent } from './current-evidence.ts';
import type { Evidence } from './evidence.ts';
import { type ExamineRequest, examine } from './examine.ts';
import { reportMessages } from './messages.ts';
import { renderReport } from './page.ts';

/** What `report` was asked to do; `lang` is that of the report. */
export interface ReportRequest extends ExamineRequest, Omit<CurrentSource, 'client'> {
  readonly out: string;
  readonly force: boolean;
  readonly genesis: string | undefined;
  readonly lang: Lang;
}

/**
 * Verifies a file, a digest or a record and writes the court report on it. Whatever does not verify ends it with 1 and no
 * report: there is none that a reader could take for half of one.
 */
export async function report(request: ReportRequest, context: Context): Promise<ExitCode> {
  const { out, force, offline, statusProof } = request;
  const words = reportMessages(context.lang);
  const to = resolve(context.io.cwd, out);
  if (!force && existsSync(to)) throw usageFault('out-exists', words.outThere(out), words.outThereNext);
  const chain = await requireChain(request.genesis, context);
  const nodes = offline ? [] : await knownNodes(context);
  const client =
    nodes.length === 0 ? null : new NodeClient({ nodes, timeoutMs: 5_000, signal: context.signal });
  const { examined, receipt } = await examine(request, chain, client, context);
  const { verified } = receipt;
  const current = await gatherCurrent(verified, { ...request, client }, chain, context);
  const names = registerOf(chain, context);
  if (receipt.fetched && !force) requireSame(beside(to, receipt.name), receipt, context);
  const leaves = [verified.leaf, ...(current.history?.records ?? []).map(({ record }) => record.leaf)];
  const isAsked = statusProof === undefined && current.standing !== 'no-answer';
  const asked = isAsked ? client : null;
  await names.learn(wantedOf(leaves), asked);
  const verifies = receiptVerifier({ chain, suite: nativeSuite });
  const [node] = nodes;
  const address = node === undefined ? null : receiptAddress(node, verified.index);
  const evidence: Evidence = {
    ...current,
    examined,
    receipt,
    names,
    linkTitles: await linkTitles(verified.disclosed === null ? leaves : leaves.slice(1), verifies, asked),
    qr: drawQr(receipt.bytes, address),
    madeAt: Date.now(),
    version: packageVersion(),
  };
  const write = (path: string, content: Uint8Array | string) =>
    writeWhole(path, content).catch((error: unknown) => {
      throw fileError(error, path, context);
    });
  // The report says how to check it again by this file.
  if (receipt.fetched) await write(beside(to, receipt.name), receipt.bytes);
  await write(to, renderReport(evidence, request.lang));
  tell(request, evidence, context);
  return EXIT.done;
}

/** Where the receipt goes that a report was made by and that a node gave. */
function beside(report: string, name: string): string {
  return join(dirname(report), name);
}

/** Complains about a file at the place of a receipt that is not that receipt. */
function requireSame(path: string, { name, bytes }: Evidence['receipt'], { lang }: Context): void {
  const words = reportMessages(lang);
  if (existsSync(path) && !readFileSync(path).equals(bytes))
    throw usageFault('out-exists', words.outThere(name), words.receiptThereNext);
}

function tell({ x, out: to }: ReportRequest, evidence: Evidence, { out, json, lang }: Context): void {
  const { standing, history, receipt, examined, names } = evidence;
  const proven = typeof standing === 'string' ? null : standing;
  if (json) {
    out.json({
      file: examined.kind === 'file' ? x : null,
      examined: examined.kind,
      digest: examined.digest,
      verified: true,
      code: 'verified',
      report: to,
      receipt: receipt.fetched ? beside(to, receipt.name) : null,
      madeAt: evidence.madeAt,
      index: receipt.verified.index,
      standing: proven && {
        ...standingJson(proven.status, names, datingRecord(receipt.verified, proven.status, names)),
        ...roleJson(receipt.verified, proven.status, names),
        linkedBy: inboundJson(evidence.inbound),
      },
      standingReason: typeof standing === 'string' ? standing : null,
      records: history === null ? null : history.records.length,
      complete: history === null ? null : history.status !== null,
    });
    return;
  }
  const words = reportMessages(lang);
  const known =
    typeof standing === 'string' ? verifyMessages(lang).standingReason[standing] : words.standingKnown;
  out.heading(true, x, `${words.written}: ${to}`);
  out.rows([
    [words.record, String(receipt.verified.index)],
    [words.receiptWritten, receipt.fetched ? beside(to, receipt.name) : null],
    [words.standing, known],
    [words.history, history && words.historyOf(history.records.length)],
  ]);
}
