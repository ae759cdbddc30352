import { readFile } from 'node:fs/promises';
import {
  type Chain,
  type Digest,
  equalBytes,
  formatReceipt,
  invariant,
  isWellFormed,
  type Opening,
  parseReceipt,
  RECEIPT_SUFFIX,
  type ReceiptVerifier,
  type Result,
  receiptVerifier,
  refuse,
  type Suite,
  toUtf8,
  type VerifiedReceipt,
} from '@qifeng/core';
import { writeWhole } from '../files/write.ts';
import type { Item } from './item.ts';
import type { Signed } from './journal-lines.ts';

/** What receipts are judged by. */
export interface Judge {
  readonly chain: Chain;
  readonly suite: Suite;
}

/** A verifier for each judge: the receipts of one run share submissions and checkpoints. */
const verifiers = new WeakMap<Judge, ReceiptVerifier>();

function verifierOf(judge: Judge): ReceiptVerifier {
  const known = verifiers.get(judge);
  if (known !== undefined) return known;
  const verifier = receiptVerifier(judge);
  verifiers.set(judge, verifier);
  return verifier;
}

/** Verifies a receipt and that it is of a record of this submission, with the very entry that was signed. */
export function verifyOwn(proof: string, signed: Signed, judge: Judge): Result<VerifiedReceipt> {
  if (!isWellFormed(proof)) return refuse('bad-utf8', 'the receipt is not text');
  const verified = verifierOf(judge)(toUtf8(proof), null);
  if (!verified.ok) return verified;
  const { leaf } = verified.value;
  const item = signed.items[leaf.i];
  const ours = equalBytes(leaf.submission, signed.id) && item && equalBytes(leaf.entry.bytes, item.bytes);
  return ours ? verified : refuse('other-record', 'the receipt is of another record than the one sent');
}

/** The receipt at `path` if it verifies for a file with this digest, else null. */
export async function existingReceipt(
  path: string,
  digest: Digest,
  judge: Judge,
): Promise<VerifiedReceipt | null> {
  const bytes = await readIfThere(path);
  if (bytes === null) return null;
  const verified = verifierOf(judge)(bytes, [digest]);
  return verified.ok ? verified.value : null;
}

/** The record that a verifying receipt at `path` is of, with what opens it; null where there is none. */
export async function existingRecord(
  path: string,
  judge: Judge,
): Promise<(Pick<Item, 'entry' | 'bytes' | 'opening'> & Pick<VerifiedReceipt, 'index' | 'leaf'>) | null> {
  const found = await readIfThere(path);
  const verified = found && verifierOf(judge)(found, null);
  const receipt = found && parseReceipt(found);
  if (!verified?.ok || !receipt?.ok) return null;
  const { index, leaf } = verified.value;
  return {
    index,
    leaf,
    entry: leaf.entry.value,
    bytes: leaf.entry.bytes,
    opening: receipt.value.extra.opening,
  };
}

/**
 * Puts a receipt in its place, whole or not at all. A receipt of another record that stands there is kept, as
 * `<file>.<its log index>.tlog-proof`.
 */
export async function putReceipt(
  path: string,
  proof: Uint8Array,
  index: number,
  judge: Judge,
): Promise<void> {
  const old = await readIfThere(path);
  const known = old && verifierOf(judge)(old, null);
  if (old && known?.ok && known.value.index !== index) {
    const stem = path.endsWith(RECEIPT_SUFFIX) ? path.slice(0, -RECEIPT_SUFFIX.length) : path;
    await writeWhole(`${stem}.${known.value.index}${RECEIPT_SUFFIX}`, old, modeOf(old));
  }
  await writeWhole(path, proof, modeOf(proof));
}

/** A receipt, which a node gave, with what opens its sealed record. */
export function withOpening(proof: string, opening: Opening | null): Uint8Array {
  const bytes = toUtf8(proof);
  if (opening === null) return bytes;
  const receipt = parseReceipt(bytes);
  invariant(receipt.ok, 'a receipt that was verified is read');
  return formatReceipt({ ...receipt.value, extra: { ...receipt.value.extra, opening } });
}

/** A receipt that opens a sealed record is for its holder alone. */
function modeOf(bytes: Uint8Array): number {
  const receipt = parseReceipt(bytes);
  return receipt.ok && receipt.value.extra.opening !== null ? 0o600 : 0o666;
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
