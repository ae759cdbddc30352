import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RECEIPT_SUFFIX, STATUS_SUFFIX } from '@qifeng/core';

/** What commands write beside a document is none. */
const WRITTEN = [RECEIPT_SUFFIX, STATUS_SUFFIX];

/**
 * The files below a folder, in order of their paths: without dotfiles, dot folders, receipts, status proofs, and what is neither
 * file nor folder (a symbolic link may lead out of the folder). A failed read rejects with Node's coded error.
 */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter(({ name }) => !name.startsWith('.') && !WRITTEN.some(suffix => name.endsWith(suffix)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of names) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}
