import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CliError, MAX_PROOF_BYTES, RECEIPT_SUFFIX, type ReceiptVerifier } from '@qifeng/core';
import { fileDigest } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { readSmall } from '../../files.ts';

/** Receipts that are looked into for one file: in a folder of more, they are found by their names alone. */
const MAX_LOOKED_INTO = 1024;

/**
 * The receipt in a folder that verifies for a file, whatever it is called: `act` names those without a file beside them after subject and
 * action. The one of the latest record of several; null for none.
 */
export async function findReceipt(
  file: string,
  folder: string,
  verifies: ReceiptVerifier,
  context: Context,
): Promise<string | null> {
  const all = await readdir(resolve(context.io.cwd, folder)).catch(() => []);
  const names = all.filter(name => name.endsWith(RECEIPT_SUFFIX)).sort();
  if (names.length === 0 || names.length > MAX_LOOKED_INTO) return null;
  const digests = [await fileDigest(file, 'sha256', context), await fileDigest(file, 'sm3', context)];
  let found: { readonly path: string; readonly index: number } | null = null;
  for (const name of names) {
    const path = join(folder, name);
    const bytes = await readIfReceipt(path, context);
    const verified = bytes && verifies(bytes, digests);
    if (verified?.ok && verified.value.index > (found?.index ?? -1))
      found = { path, index: verified.value.index };
  }
  return found?.path ?? null;
}

/** Null for what is no file, or too big for a receipt. */
async function readIfReceipt(path: string, context: Context): Promise<Uint8Array | null> {
  try {
    return await readSmall(resolve(context.io.cwd, path), path, MAX_PROOF_BYTES, context);
  } catch (error) {
    if (error instanceof CliError) return null;
    throw error;
  }
}
