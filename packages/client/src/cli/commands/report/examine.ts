import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type Chain,
  type Digest,
  inspectReceipt,
  parseReceipt,
  RECEIPT_SUFFIX,
  type Result,
  receiptVerifier,
  STEPS,
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
import { judgeFile, readReceipt } from '../verify/judge.ts';
import { refuted } from './current-evidence.ts';
import type { Examined, ExaminedReceipt } from './evidence.ts';
import { reportMessages } from './messages.ts';

/** What a report is asked for, as it was typed. */
export interface ExamineRequest {
  /** A file, the digest of one, or a receipt. */
  readonly x: string;
  readonly receipt: string | undefined;
  /** Which record of a digest. */
  readonly index: number | undefined;
}

/** What was examined, and the receipt it was examined by. */
export interface Examination {
  readonly examined: Examined;
  readonly receipt: ExaminedReceipt;
}

/** Verifies what a report is asked for; what the steps show is what was found. `client` gives the receipt of a digest. */
export async function examine(
  request: ExamineRequest,
  chain: Chain,
  client: NodeClient | null,
  context: Context,
): Promise<Examination> {
  const { x } = request;
  const digest = parseDigest(x);
  if (digest !== null) return examineDigest(digest, request, chain, client, context);
  return x.endsWith(RECEIPT_SUFFIX) && request.receipt === undefined
    ? examineRecord(x, chain, context)
    : examineFile(x, request.receipt ?? x + RECEIPT_SUFFIX, chain, context);
}

async function examineFile(file: string, name: string, chain: Chain, context: Context): Promise<Examination> {
  const path = resolve(context.io.cwd, file);
  await requireFile(path, file, context);
  const bytes = await readReceipt(file, name, context);
  const verdict = await judgeFile(file, bytes, receiptVerifier({ chain, suite: nativeSuite }), context);
  const receipt = examined(file, name, bytes, verdict, chain, context);
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
  const { name, bytes } =
    given === undefined
      ? await fetched(digest, index, client, context)
      : { name: given, bytes: await readReceipt(x, given, context) };
  const verdict = receiptVerifier({ chain, suite: nativeSuite })(bytes, [digest]);
  return { examined: { kind: 'digest', digest }, receipt: examined(x, name, bytes, verdict, chain, context) };
}

async function examineRecord(name: string, chain: Chain, context: Context): Promise<Examination> {
  const bytes = await readReceipt(name, name, context);
  const verdict = receiptVerifier({ chain, suite: nativeSuite })(bytes, null);
  const receipt = examined(name, name, bytes, verdict, chain, context);
  const { leaf, disclosed } = receipt.verified;
  return { examined: { kind: 'record', digest: (disclosed ?? leaf.entry.value).digest }, receipt };
}

/** The receipt of the record of a digest that a node has, or of the one of several that was named. */
async function fetched(
  digest: Digest,
  index: number | undefined,
  client: NodeClient | null,
  context: Context,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const words = reportMessages(context.lang);
  if (client === null) throw noNodes(context);
  try {
    const known = (await client.documents(digest))?.records.map(record => record.index) ?? [];
    if (known.length === 0) throw usageFault('never-recorded', words.neverRecorded, words.neverRecordedNext);
    if (index === undefined && known.length > 1)
      throw usageFault('several-records', words.several(known.join(' ')), words.severalNext);
    if (index !== undefined && !known.includes(index))
      throw usageFault('other-record', words.otherRecord(index, known.join(' ')), words.severalNext);
    const one = index ?? known[0]!;
    return { name: `${one}${RECEIPT_SUFFIX}`, bytes: toUtf8(await client.receipt(one)) };
  } catch (error) {
    throw nodeComplaint(error, context);
  }
}

/** A receipt with its steps, or the complaint that there is no report. */
function examined(
  shown: string,
  name: string,
  bytes: Uint8Array,
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
  return { name: basename(name), bytes, parts: parts.value, inspection, verified: verdict.value };
}
