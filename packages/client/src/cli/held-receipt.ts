import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Chain,
  MAX_PROOF_BYTES,
  RECEIPT_SUFFIX,
  type Result,
  receiptVerifier,
  TLOG_PROOF_HEADER,
  toUtf8,
  type VerifiedReceipt,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NamedX } from './asked.ts';
import { judgeFile } from './commands/verify/judge.ts';
import type { Context } from './context.ts';
import { readSmall } from './files.ts';

const HEADER = toUtf8(`${TLOG_PROOF_HEADER}\n`);

/**
 * What the receipt at a path as it was typed establishes, by its name or its first line, whatever a holder calls a presentation;
 * null where it is anything else. Faults: those of `verifyReceipt`.
 */
export async function heldReceipt(
  x: string,
  chain: Chain,
  context: Context,
): Promise<Result<VerifiedReceipt> | null> {
  const path = resolve(context.io.cwd, x);
  if (!x.endsWith(RECEIPT_SUFFIX) && !(await beginsAsReceipt(path))) return null;
  const bytes = await readSmall(path, x, MAX_PROOF_BYTES, context);
  return verifyReceipt(bytes, { chain, suite: nativeSuite, digests: null });
}

/**
 * What the receipt beside a file, where `verify` finds it, establishes of this file; null where there is none. It alone leads from
 * the file of a sealed record to the record. Faults: those of `verifyReceipt`.
 */
export async function receiptBeside(
  file: string,
  chain: Chain,
  context: Context,
): Promise<Result<VerifiedReceipt> | null> {
  const name = file + RECEIPT_SUFFIX;
  const path = resolve(context.io.cwd, name);
  if (!existsSync(path)) return null;
  const bytes = await readSmall(path, name, MAX_PROOF_BYTES, context);
  return judgeFile(file, bytes, receiptVerifier({ chain, suite: nativeSuite }), context);
}

/** The subject of a record in hand, named by a file. */
export function subjectHeld({ leaf }: VerifiedReceipt, file: string): NamedX {
  const { profile, subject } = leaf.entry.value;
  return { asked: { kind: 'subject', profile, subject }, file };
}

/** False too for what cannot be read: it may be no path at all. */
async function beginsAsReceipt(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
    return bytesRead === HEADER.length && buffer.equals(HEADER);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
