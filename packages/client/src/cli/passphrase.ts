import { resolve } from 'node:path';
import { fromUtf8, usageFault } from '@qifeng/core';
import type { Context } from './context.ts';
import { readSmall } from './files.ts';
import { keyMessages } from './key-messages.ts';

/** Bytes of a passphrase file at most. */
const MAX_PASSPHRASE_BYTES = 4096;

/**
 * The passphrase of a key: the first line of `--passphrase-file`, else QIFENG_PASSPHRASE, else what is typed (twice where
 * it is a new one). Never from an argument: those are seen by every user of the machine.
 */
export async function passphrase(
  file: string | undefined,
  question: { readonly shown: string; readonly isNew: boolean },
  context: Context,
): Promise<string> {
  const { io, lang } = context;
  const words = keyMessages(lang);
  const given = file === undefined ? io.env['QIFENG_PASSPHRASE'] : await firstLine(file, context);
  if (given !== undefined) return notEmpty(given, context);
  if (io.askSecret === null)
    throw usageFault('no-passphrase', words.noPassphrase(question.shown), words.noPassphraseNext);
  const typed = notEmpty(await io.askSecret(words.askPassphrase(question.shown)), context);
  if (question.isNew && (await io.askSecret(words.askAgain)) !== typed)
    throw usageFault('passphrases-differ', words.passphrasesDiffer, words.runAgain);
  return typed;
}

async function firstLine(file: string, context: Context): Promise<string> {
  const bytes = await readSmall(resolve(context.io.cwd, file), file, MAX_PASSPHRASE_BYTES, context);
  const text = fromUtf8(bytes);
  const [line = ''] = text.ok ? text.value.split(/\r?\n/) : [];
  return line;
}

function notEmpty(text: string, { lang }: Context): string {
  const words = keyMessages(lang);
  if (text === '') throw usageFault('no-passphrase', words.emptyPassphrase, words.runAgain);
  return text;
}
