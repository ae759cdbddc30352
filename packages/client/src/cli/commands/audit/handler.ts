import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Certificate,
  CliError,
  compareBytes,
  EXIT,
  type ExitCode,
  HandoverMemory,
  type HandoverTrust,
  verifyCertificate,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { type AuditReport, audit, isClean } from '../../../audit/monitor.ts';
import { formatRemembered, MAX_REMEMBERED_BYTES, readRemembered } from '../../../audit/remembered.ts';
import { writeWhole } from '../../../files/write.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { fileError, readSmall } from '../../files.ts';
import { auditedFile } from '../../home.ts';
import { knownNodes, noNodes } from '../../nodes.ts';
import { Progress } from '../../progress.ts';
import { requireChain } from '../../trust.ts';
import { toJsonReport } from './json.ts';
import { auditMessages } from './messages.ts';
import { printReport } from './print.ts';

/** What `audit` was asked to do with nodes. */
export interface AuditRequest {
  readonly genesis: string | undefined;
  /** Where evidence of a conflict goes. */
  readonly out: string | undefined;
}

/** Audits the nodes. 1 if anything is false, else 3 if a node could not be read, else 0. */
export async function auditNodes(request: AuditRequest, context: Context): Promise<ExitCode> {
  const chain = await requireChain(request.genesis, context);
  const trust = { chain, suite: nativeSuite, handoverMemory: new HandoverMemory() };
  const urls = (await knownNodes(context)).map(url => url.replace(/\/+$/, ''));
  if (urls.length === 0) throw noNodes(context);
  const nodes = [...new Set(urls)];
  const remembered = await recall(trust, context);
  const progress = new Progress(context);
  let done = 0;
  const report = await audit({
    nodes,
    trust,
    remembered,
    signal: context.signal,
    onStart: records => progress.start(auditMessages(context.lang).reading, records),
    onRecords: count => {
      done += count;
      progress.update(done);
    },
  }).finally(() => progress.stop());
  const written = await writeEvidence(report, request.out, context);
  await remember(report, remembered, context);
  if (context.json) context.out.json(toJsonReport(report, chain, written));
  else printReport(report, chain, written, context);
  if (report.conflicts.length > 0 || report.nodes.some(({ findings }) => findings.length > 0))
    return EXIT.refuted;
  return report.nodes.some(({ error }) => error !== null) ? EXIT.unreachable : EXIT.done;
}

/** What was remembered of this chain; a home may have served another before. */
async function recall(trust: HandoverTrust, context: Context): Promise<Map<string, Certificate>> {
  const path = auditedFile(context.home);
  if (!existsSync(path)) return new Map();
  const remembered = readRemembered(await readSmall(path, path, MAX_REMEMBERED_BYTES, context));
  if (remembered === null) throw damaged(path, null, context);
  for (const [node, certificate] of remembered) {
    const verdict = verifyCertificate(certificate, trust);
    if (verdict.ok) continue;
    if (verdict.fault.code !== 'wrong-chain')
      throw damaged(path, faultText(verdict.fault, context.lang), context);
    remembered.delete(node);
  }
  return remembered;
}

function damaged(path: string, why: string | null, { lang }: Context): CliError {
  const words = auditMessages(lang);
  const complaint = { what: words.badAudited(path), why, next: words.badAuditedNext };
  return new CliError(EXIT.usage, 'bad-audited', complaint);
}

/** Remembers what clean nodes showed; of others what they showed before is kept, to be compared again. */
async function remember(
  report: AuditReport,
  remembered: Map<string, Certificate>,
  context: Context,
): Promise<void> {
  for (const one of report.nodes)
    if (one.head !== null && isClean(one, report)) remembered.set(one.node, one.head.certificate);
  await write(auditedFile(context.home), formatRemembered(remembered), context);
}

/**
 * Writes evidence to the file that was asked for: of several pieces one that names the most for certain, the same one
 * whatever the order of the nodes. Its name, or null where there is none to write.
 */
async function writeEvidence(
  { conflicts }: AuditReport,
  out: string | undefined,
  context: Context,
): Promise<string | null> {
  const [best] = conflicts
    .flatMap(({ outcome }) => (outcome.evidence === null ? [] : outcome))
    .sort((a, b) => b.proven.atLeast - a.proven.atLeast || compareBytes(a.evidence, b.evidence));
  if (out === undefined || best === undefined) return null;
  await write(resolve(context.io.cwd, out), best.evidence, context);
  return out;
}

async function write(path: string, bytes: Uint8Array, context: Context): Promise<void> {
  try {
    await writeWhole(path, bytes);
  } catch (error) {
    throw fileError(error, path, context);
  }
}
