import { resolve } from 'node:path';
import {
  CliError,
  EXIT,
  MAX_PROOF_BYTES,
  RECEIPT_SUFFIX,
  type ReceiptVerifier,
  type Result,
  type VerifiedReceipt,
} from '@qifeng/core';
import { fileDigest } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { readSmall } from '../../files.ts';
import { verifyMessages } from './messages.ts';

/**
 * The verdict on a file by the bytes of its receipt. The receipt is judged alone first: it names the algorithm, and a false
 * one spares reading a large file.
 */
export async function judgeFile(
  file: string,
  receipt: Uint8Array,
  verifies: ReceiptVerifier,
  context: Context,
): Promise<Result<VerifiedReceipt>> {
  const alone = verifies(receipt, null);
  if (!alone.ok) return alone;
  const recorded = alone.value.leaf.entry.value.digest;
  return verifies(receipt, recorded === null ? [] : [await fileDigest(file, recorded.alg, context)]);
}

/** The bytes of a receipt; `receipt-missing` with exit code 2 where there is none. */
export async function readReceipt(file: string, receipt: string, context: Context): Promise<Uint8Array> {
  try {
    return await readSmall(resolve(context.io.cwd, receipt), receipt, MAX_PROOF_BYTES, context);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'file-missing') throw error;
    const words = verifyMessages(context.lang);
    const document = file.endsWith(RECEIPT_SUFFIX) ? file.slice(0, -RECEIPT_SUFFIX.length) : null;
    throw new CliError(EXIT.usage, 'receipt-missing', {
      what: words.noReceipt(receipt),
      why: words.noReceiptWhy,
      next: document === null ? words.noReceiptNext : words.isReceipt(document),
    });
  }
}
