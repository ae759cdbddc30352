import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, EXIT, type ExitCode, toHex } from '@qifeng/core';
import { formatKey, nativeSigner, newKey, parseKey } from '@qifeng/core/native';
import { writeWhole } from '../../../files/write.ts';
import type { Context } from '../../context.ts';
import { fileError } from '../../files.ts';
import { defaultKeyFile, keysFolder } from '../../home.ts';
import { checkedUscc, faulty, type KeyFlags, loadKey } from '../../keys.ts';
import { passphrase } from '../../passphrase.ts';
import { keysMessages } from './messages.ts';

/** Options of `keys new`; `passphrase` is false with `--no-passphrase`. */
export interface NewKeyFlags {
  readonly publisher: string;
  readonly default?: true;
  readonly passphraseFile?: string;
  readonly passphrase: boolean;
}

/** Only the owner may read a key. */
const KEY_MODE = 0o600;

/** Makes a publisher's key in the home, encrypted unless told otherwise. Never replaces one. */
export async function newPublisherKey(flags: NewKeyFlags, context: Context): Promise<ExitCode> {
  const publisher = checkedUscc(flags.publisher, context);
  const path = join(keysFolder(context.home), `${publisher}.pem`);
  const phrase = flags.passphrase
    ? await passphrase(flags.passphraseFile, { shown: path, isNew: true }, context)
    : null;
  const key = newKey();
  await create(path, formatKey(key, phrase), context);
  if (flags.default === true) await writeWhole(defaultKeyFile(context.home), `${publisher}.pem\n`);
  const { publicKey } = nativeSigner(key);
  show({ path, publisher, publicKey, encrypted: phrase !== null }, keysMessages(context.lang).made, context);
  return EXIT.done;
}

/** Shows whose a key is and what the home member needs for the enrolment; never the secret. */
export async function showKey(flags: KeyFlags, context: Context): Promise<ExitCode> {
  const { path, publisher, signer, encrypted } = await loadKey(flags, context);
  show({ path, publisher, publicKey: signer.publicKey, encrypted }, publisher, context);
  return EXIT.done;
}

/** Encrypts a plain key in its place. */
export async function encryptKey(flags: KeyFlags, context: Context): Promise<ExitCode> {
  const words = keysMessages(context.lang);
  const { path, publisher, signer, encrypted, pem } = await loadKey(flags, context);
  if (encrypted) {
    const complaint = { what: words.alreadyEncrypted(path), why: null, next: words.alreadyEncryptedNext };
    throw new CliError(EXIT.usage, 'already-encrypted', complaint);
  }
  const phrase = await passphrase(flags.passphraseFile, { shown: path, isNew: true }, context);
  const key = parseKey(pem, null);
  if (typeof key === 'string') throw faulty(key, path, context);
  await writeWhole(path, formatKey(key, phrase), KEY_MODE);
  show({ path, publisher, publicKey: signer.publicKey, encrypted: true }, words.nowEncrypted, context);
  return EXIT.done;
}

async function create(path: string, pem: string, context: Context): Promise<void> {
  const words = keysMessages(context.lang);
  try {
    await mkdir(keysFolder(context.home), { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx', KEY_MODE);
    try {
      await file.writeFile(pem);
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw fileError(error, path, context);
    const complaint = { what: words.keyExists(path), why: null, next: words.keyExistsNext };
    throw new CliError(EXIT.usage, 'key-exists', complaint);
  }
}

interface Shown {
  readonly path: string;
  readonly publisher: string;
  readonly publicKey: Uint8Array;
  readonly encrypted: boolean;
}

function show({ path, publisher, publicKey, encrypted }: Shown, title: string, context: Context): void {
  const { out, json, lang } = context;
  const words = keysMessages(lang);
  if (json) {
    out.json({ publisher, publicKey, file: path, encrypted });
    return;
  }
  out.heading(true, title, '');
  out.rows([
    [words.publisherRow, publisher],
    [words.publicKeyRow, toHex(publicKey)],
    [words.fileRow, path],
    [words.encryptedRow, encrypted ? words.yes : words.no],
  ]);
  out.line();
  out.sentence(words.handOver);
  out.line(`    ${publisher} ${toHex(publicKey)}`);
}
