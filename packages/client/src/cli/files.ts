import { stat } from 'node:fs/promises';
import { CliError, EXIT } from '@qifeng/core';
import { readAtMost } from '../files/read.ts';
import type { Context } from './context.ts';
import { commonMessages } from './messages.ts';

/** The complaint of a failed read: `file-missing`, `is-folder` or `file-unreadable`. An abort passes through. */
export function fileError(error: unknown, shown: string, { lang }: Pick<Context, 'lang'>): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === null || code === 'ABORT_ERR' || error instanceof CliError) return error;
  const words = commonMessages(lang);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const complaint = { what: words.fileMissing(shown), why: null, next: words.fileMissingNext };
    return new CliError(EXIT.usage, 'file-missing', complaint);
  }
  if (code === 'EISDIR') {
    const complaint = { what: words.isFolder(shown), why: null, next: words.isFolderNext };
    return new CliError(EXIT.usage, 'is-folder', complaint);
  }
  const complaint = { what: words.unreadable(shown), why: code, next: words.unreadableNext };
  return new CliError(EXIT.usage, 'file-unreadable', complaint);
}

/** Throws the complaint unless something other than a folder is at `path`; `shown` is the path as it was typed. */
export async function requireFile(path: string, shown: string, context: Context): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(error, shown, context);
  });
  if (found.isDirectory()) throw fileError(Object.assign(new Error(), { code: 'EISDIR' }), shown, context);
}

/** `readAtMost` with a complaint for a person. */
export async function readSmall(
  path: string,
  shown: string,
  max: number,
  context: Context,
): Promise<Uint8Array> {
  try {
    return await readAtMost(path, max, context.signal);
  } catch (error) {
    throw fileError(error, shown, context);
  }
}
