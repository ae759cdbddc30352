import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type Asked,
  type Chain,
  type Digest,
  inspectReceipt,
  invariant,
  isOfSubject,
  parseReceipt,
  RECEIPT_SUFFIX,
  type Result,
  receiptVerifier,
  STEPS,
  subjectText,
  toUtf8,
  usageFault,
  type VerifiedReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeClient } from '../../../sdk/client.ts';
import { parseDigest } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { requireFile } from '../../files.ts';
import { nodeComplaint, noNodes } from '../../nodes.ts';
import { onLedger } from '../../sealing.ts';
import { type NamedSubject, parseSubject } from '../../subject-path.ts';
import { registerOf } from '../../trust.ts';
import { judgeFile, readReceipt } from '../verify/judge.ts';
import { refuted } from './current-evidence.ts';
import type { Examined, ExaminedReceipt } from './evidence.ts';
import { reportMessages } from './messages.ts';

/** What a report is asked for, as it was typed. */
export interface ExamineRequest {
  /** A file, the digest of one, a receipt, or a subject as `PROFILE/ISSUER/ID`. */
  readonly x: string;
  readonly receipt: string | undefined;
  /** Which record of a digest, or of a subject, whose last one it is otherwise. */
  readonly index: number | undefined;
}

/** What was examined, and the receipt it was examined by. */
export interface Examination {
  readonly examined: Examined;
  readonly receipt: ExaminedReceipt;
}

/**
 * Verifies what a report is asked for; what the steps show is what was found. `client` gives the receipt of a digest or of a
 * subject's record.
 */
export async function examine(
  request: ExamineRequest,
  chain: Chain,
  client: NodeClient | null,
  context: Context,
): Promise<Examination> {
  const { x } = request;
  const digest = parseDigest(x);
  if (digest !== null) return examineDigest(digest, request, chain, client, context);
  const subject = existsSync(resolve(context.io.cwd, x)) ? null : parseSubject(x);
  if (subject !== null) return examineSubject(subject, request, chain, client, context);
  return x.endsWith(RECEIPT_SUFFIX) && request.receipt === undefined
    ? examineRecord(x, chain, context)
    : examineFile(x, request.receipt ?? x + RECEIPT_SUFFIX, chain, context);
}

async function examineFile(file: string, name: string, chain: Chain, context: Context): Promise<Examination> {
  const path = resolve(context.io.cwd, file);
  await requireFile(path, file, context);
  const found = await inFile(file, name, context);
  const verdict = await judgeFile(file, found.bytes, receiptVerifier({ chain, suite: nativeSuite }), context);
  const receipt = examined(file, found, verdict, chain, context);
  const { leaf, disclosed } = receipt.verified;
  // The record's digest, or what the receipt opens of a sealed one: that of the file, or it had not verified.
  const digest = (disclosed ?? leaf.entry.value).digest!;
  return {
    examined: { kind: 'file', name: basename(path), bytes: (await stat(path)).size, digest },
    receipt,
  };
}

async function examineDigest(
  digest: Digest,
  { x, receipt: given, index }: ExamineRequest,
  chain: Chain,
  client: NodeClient | null,
  context: Context,
): Promise<Examination> {
  const found =
    given === undefined
      ? await fetched({ kind: 'digest', ...digest }, index, client, context)
      : await inFile(x, given, context);
  const verdict = receiptVerifier({ chain, suite: nativeSuite })(found.bytes, [digest]);
  return { examined: { kind: 'digest', digest }, receipt: examined(x, found, verdict, chain, context) };
}

async function examineSubject(
  typed: NamedSubject,
  { x, receipt: given, index }: ExamineRequest,
  chain: Chain,
  client: NodeClient | null,
  context: Context,
): Promise<Examination> {
  const names = registerOf(chain, context);
  await names.learn({ profiles: [typed.profile] }, client);
  const { asked } = await onLedger({ asked: { kind: 'subject', ...typed }, file: null }, names, context);
  invariant(asked.kind === 'subject', 'a subject stays one');
  const receipt =
    given === undefined ? await fetched(asked, index, client, context) : await inFile(x, given, context);
  const made = judgeRecord(x, receipt, chain, context);
  const { leaf, index: found } = made.receipt.verified;
  if (isOfSubject(asked, leaf)) return made;
  throw refuted(
    x,
    { code: 'other-record', detail: `record ${found} is of ${subjectText(leaf.entry.value)}` },
    context,
  );
}

/** A receipt before it is examined. */
type FoundReceipt = Pick<ExaminedReceipt, 'name' | 'fetched' | 'bytes'>;

async function inFile(file: string, name: string, context: Context): Promise<FoundReceipt> {
  return { name, bytes: await readReceipt(file, name, context), fetched: false };
}

async function examineRecord(name: string, chain: Chain, context: Context): Promise<Examination> {
  return judgeRecord(name, await inFile(name, name, context), chain, context);
}

function judgeRecord(shown: string, found: FoundReceipt, chain: Chain, context: Context): Examination {
  const verdict = receiptVerifier({ chain, suite: nativeSuite })(found.bytes, null);
  const receipt = examined(shown, found, verdict, chain, context);
  const { leaf, disclosed } = receipt.verified;
  return { examined: { kind: 'record', digest: (disclosed ?? leaf.entry.value).digest }, receipt };
}

/** The receipt that a node has of the record of a digest or the last of a subject, or of the one of them that was named. */
async function fetched(
  asked: Asked<'digest' | 'subject'>,
  index: number | undefined,
  client: NodeClient | null,
  context: Context,
): Promise<FoundReceipt> {
  const words = reportMessages(context.lang);
  const { kind } = asked;
  if (client === null) throw noNodes(context);
  try {
    // To the end: the last record is wanted.
    const all = { until: Number.POSITIVE_INFINITY };
    const records =
      kind === 'subject'
        ? (await client.history(asked.profile, asked.subject, all)).records
        : ((await client.documents(asked, all))?.records ?? []);
    const known = records.map(record => record.index);
    const last = known.at(-1);
    if (last === undefined)
      throw usageFault('never-recorded', words.neverRecorded[kind], words.neverRecordedNext);
    if (index === undefined && kind === 'digest' && known.length > 1)
      throw usageFault('several-records', words.several(known.join(' ')), words.severalNext);
    if (index !== undefined && !known.includes(index))
      throw usageFault('other-record', words.otherRecord[kind](index, known.join(' ')), words.severalNext);
    const one = index ?? last;
    return { name: `${one}${RECEIPT_SUFFIX}`, bytes: toUtf8(await client.receipt(one)), fetched: true };
  } catch (error) {
    throw nodeComplaint(error, context);
  }
}

/** A receipt with its steps, or the complaint that there is no report. */
function examined(
  shown: string,
  { name, bytes, fetched }: FoundReceipt,
  verdict: Result<VerifiedReceipt>,
  chain: Chain,
  context: Context,
): ExaminedReceipt {
  if (!verdict.ok) throw refuted(shown, verdict.fault, context);
  const parts = parseReceipt(bytes);
  if (!parts.ok) throw refuted(shown, parts.fault, context);
  const inspection = inspectReceipt(parts.value, { chain, suite: nativeSuite });
  const fault = STEPS.map(step => inspection.faults?.[step] ?? null).find(found => found !== null);
  if (fault) throw refuted(shown, fault, context);
  return { name: basename(name), fetched, bytes, parts: parts.value, inspection, verified: verdict.value };
}
