import { basename, join, resolve } from 'node:path';
import {
  CliError,
  type ExitCode,
  MAX_STATUS_BYTES,
  OneLog,
  RECEIPT_SUFFIX,
  type ReceiptVerifier,
  receiptVerifier,
  type VerifiedReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { type Names, wantedOf } from '../../../register/register.ts';
import { NodeClient } from '../../../sdk/client.ts';
import type { Context } from '../../context.ts';
import { readSmall, requireFile } from '../../files.ts';
import { type FurtherTrustFlags, readFurtherTrust } from '../../further-trust.ts';
import { linkTitles } from '../../linked.ts';
import { knownNodes } from '../../nodes.ts';
import { Prover } from '../../prover.ts';
import { registerOf, requireChain } from '../../trust.ts';
import { inboundOf } from '../history/inbound.ts';
import { judgeAbsence } from './absence.ts';
import { judgeAll } from './complete.ts';
import { judgeConsistent } from './consistent.ts';
import { findReceipt } from './find-receipt.ts';
import { toJsonReport } from './json.ts';
import { judgeFile, readReceipt } from './judge.ts';
import { verifyMessages } from './messages.ts';
import { printReport } from './print.ts';
import { exitOf, type FileReport } from './report.ts';
import { currentStanding, provenStanding, requireInForce } from './standing.ts';

/** What `verify` was asked to do. `maxAgeMs` bounds the age of a proof of the standing. */
export interface VerifyRequest {
  readonly files: readonly string[];
  readonly receipt: string | undefined;
  /** Folder that `stamp --receipts` filled. */
  readonly receipts: string | undefined;
  readonly genesis: string | undefined;
  /** A file with a proof of the standing; then no node is asked. */
  readonly statusProof: string | undefined;
  readonly offline: boolean;
  readonly maxAgeMs: number;
  /** Whether what is not proven to be in force is false. */
  readonly inForce: boolean;
  /** A status proof whose records the files must all be; then no node is asked. */
  readonly complete: string | undefined;
  /** Where proofs are, or are to be, that the logs of the receipts are one that grew. */
  readonly consistency: string | undefined;
  readonly further: FurtherTrustFlags;
}

/** Verifies every file and reports on each. 1 if any proof is false, else 2 if anything is missing, else 0. */
export async function verify(request: VerifyRequest, context: Context): Promise<ExitCode> {
  const chain = await requireChain(request.genesis, context);
  const further = await readFurtherTrust(request.further, chain, context);
  const prover = new Prover(chain, request.maxAgeMs, further);
  const isOffline = request.offline || request.complete !== undefined;
  const nodes = isOffline || request.statusProof !== undefined ? [] : await knownNodes(context);
  const client = new NodeClient({ nodes, timeoutMs: 5_000, signal: context.signal });
  const ask = async (verified: VerifiedReceipt): Promise<Pick<VerifiedReport, 'standing' | 'inbound'>> => {
    if (isOffline) return { standing: 'offline', inbound: null };
    if (nodes.length === 0) return { standing: 'no-node', inbound: null };
    const standing = await currentStanding(verified, prover, client);
    if (typeof standing === 'string') return { standing, inbound: null };
    const sources = { client, trust: { chain, prover }, context };
    return { standing, inbound: await inboundOf(standing.status.asked, sources) };
  };
  const verifies = receiptVerifier({ ...further, chain, suite: nativeSuite });
  const names = registerOf(chain, context);
  const log = new OneLog();
  const reports: FileReport[] = [];
  for (const file of request.files) {
    const verdict = ofOneLog(await verifyFile(file, request, verifies, context), log);
    const report =
      verdict.kind !== 'verified'
        ? await orAbsent(verdict, request.statusProof, prover, context)
        : request.statusProof === undefined
          ? { ...verdict, ...(await ask(verdict.verified)) }
          : await withProof(verdict, request.statusProof, prover, context);
    const isAsked = nodes.length > 0 && report.kind === 'verified' && report.standing !== 'no-answer';
    const leaves = report.kind === 'verified' ? [report.verified.leaf] : [];
    await names.learn(wantedOf(leaves), isAsked ? client : null);
    const told = request.inForce ? inForceOnly(report, names) : report;
    reports.push(told);
    if (!context.json && request.complete === undefined) {
      const titles = await linkTitles(leaves, verifies, isAsked ? client : null);
      printReport(told, titles, names, context);
    }
  }
  if (request.complete !== undefined) return judgeAll(reports, request.complete, { prover, names, context });
  if (request.consistency !== undefined) {
    const source = { path: request.consistency, isOffline: request.offline };
    return judgeConsistent(reports, log.heads, source, names, context);
  }
  const good = reports.filter(report => report.kind === 'verified').length;
  if (context.json) {
    const values = reports.map(report => toJsonReport(report, names));
    context.out.json(values.length === 1 ? values[0] : values);
  } else if (reports.length > 1) {
    context.out.line();
    context.out.line(verifyMessages(context.lang).tally(good, reports.length));
  }
  return exitOf(reports);
}

/** A report before the standing was asked for. */
type Verdict =
  | Exclude<FileReport, { readonly kind: 'verified' }>
  | Omit<VerifiedReport, 'standing' | 'inbound'>;
type VerifiedReport = Extract<FileReport, { readonly kind: 'verified' }>;

/** A verified file with the standing that a proof in a file gives; refuted where that does not hold. */
async function withProof(
  verdict: Omit<VerifiedReport, 'standing' | 'inbound'>,
  path: string,
  prover: Prover,
  context: Context,
): Promise<FileReport> {
  const { file, receipt, verified } = verdict;
  const bytes = await readSmall(resolve(context.io.cwd, path), path, MAX_STATUS_BYTES, context);
  const standing = provenStanding(verified, bytes, prover, null);
  if (standing.ok) return { ...verdict, standing: standing.value, inbound: null };
  return { kind: 'refuted', file, receipt, fault: standing.fault };
}

/** A file without a receipt, refuted by a proof of the absence of its digest; any other as it is. */
async function orAbsent(
  verdict: Exclude<FileReport, { readonly kind: 'verified' }>,
  path: string | undefined,
  prover: Prover,
  context: Context,
): Promise<FileReport> {
  const { file, receipt } = verdict;
  if (path === undefined || verdict.kind !== 'unusable' || verdict.error.code !== 'receipt-missing')
    return verdict;
  const fault = await judgeAbsence(file, path, prover, context);
  return fault === null ? verdict : { kind: 'refuted', file, receipt, fault };
}

/** A verified file, refuted where its receipt and those before it are of two histories. */
function ofOneLog(verdict: Verdict, log: OneLog): Verdict {
  if (verdict.kind !== 'verified') return verdict;
  const { file, receipt, verified } = verdict;
  const one = log.add(verified.checkpoint, verified);
  return one.ok ? verdict : { kind: 'refuted', file, receipt, fault: one.fault };
}

/** A verified file, refuted where it is not in force. */
function inForceOnly(report: FileReport, names: Names): FileReport {
  if (report.kind !== 'verified') return report;
  const { file, receipt, verified, standing, inbound } = report;
  const judged = requireInForce(verified, standing, inbound, names);
  return judged.ok ? report : { kind: 'refuted', file, receipt, fault: judged.fault, verified };
}

async function verifyFile(
  file: string,
  request: VerifyRequest,
  verifies: ReceiptVerifier,
  context: Context,
): Promise<Verdict> {
  const receipt = receiptOf(file, request);
  try {
    return await judge(file, receipt, verifies, context);
  } catch (error) {
    const isMissing = error instanceof CliError && error.code === 'receipt-missing';
    const other =
      isMissing && request.receipts !== undefined
        ? await findReceipt(file, request.receipts, verifies, context)
        : null;
    if (other !== null) return judge(file, other, verifies, context);
    if (error instanceof CliError) return { kind: 'unusable', file, receipt, error };
    throw error;
  }
}

function receiptOf(file: string, { receipt, receipts, complete }: VerifyRequest): string {
  if (receipt !== undefined) return receipt;
  // Of all the records of something some may have no file.
  if (complete !== undefined && file.endsWith(RECEIPT_SUFFIX)) return file;
  return receipts === undefined ? file + RECEIPT_SUFFIX : join(receipts, basename(file) + RECEIPT_SUFFIX);
}

async function judge(
  file: string,
  receipt: string,
  verifies: ReceiptVerifier,
  context: Context,
): Promise<Verdict> {
  await requireFile(resolve(context.io.cwd, file), file, context);
  const base = { file, receipt };
  const bytes = await readReceipt(file, receipt, context);
  const verdict = file === receipt ? verifies(bytes, null) : await judgeFile(file, bytes, verifies, context);
  return verdict.ok
    ? { kind: 'verified', ...base, verified: verdict.value }
    : { kind: 'refuted', ...base, fault: verdict.fault };
}
