import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { CliError, EXIT, isUscc, type Signer } from '@qifeng/core';
import { isEncryptedKey, type KeyFault, nativeSigner, parseKey } from '@qifeng/core/native';
import type { Context } from './context.ts';
import { fileError, readSmall } from './files.ts';
import { defaultKeyFile, keysFolder } from './home.ts';
import { keyMessages } from './key-messages.ts';
import { passphrase } from './passphrase.ts';
import { checkCharacterFault } from './subject-path.ts';

/** The options of a command that uses a key. */
export interface KeyFlags {
  readonly key?: string;
  readonly publisher?: string;
  readonly passphraseFile?: string;
}

/** A key ready to sign, and whose it is. */
export interface PublisherKey {
  readonly path: string;
  readonly publisher: string;
  readonly signer: Signer;
  readonly encrypted: boolean;
  readonly pem: string;
}

/** Bytes of a key file at most. */
const MAX_KEY_BYTES = 64 * 1024;

/** The key to sign with: `--key`, else QIFENG_KEY, else what the home's default-key names. Complains with 2. */
export async function loadKey(flags: KeyFlags, context: Context): Promise<PublisherKey> {
  const { lang, io } = context;
  const words = keyMessages(lang);
  const path = await keyPath(flags.key, context);
  const publisher = publisherOf(path, flags.publisher, context);
  const pem = new TextDecoder().decode(await readSmall(path, path, MAX_KEY_BYTES, context));
  const encrypted = isEncryptedKey(pem);
  const phrase = encrypted
    ? await passphrase(flags.passphraseFile, { shown: path, isNew: false }, context)
    : null;
  const key = parseKey(pem, phrase);
  if (typeof key === 'string') throw faulty(key, path, context);
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) io.stderr(`${words.loose(path)}\n`);
  return { path, publisher, signer: nativeSigner(key), encrypted, pem };
}

/** Whose key `loadKey` would give, without opening it: `--publisher` alone is enough. Complains with 2. */
export async function keyOwner(flags: KeyFlags, context: Context): Promise<string> {
  if (flags.publisher !== undefined) return checkedUscc(flags.publisher, context);
  return publisherOf(await keyPath(flags.key, context), undefined, context);
}

/** The complaint about a key file. */
export function faulty(fault: KeyFault, path: string, { lang }: Context): CliError {
  const words = keyMessages(lang);
  const [says, next] = words.keyFaults[fault] as [string, string];
  return new CliError(EXIT.usage, fault, { what: words.keyFault(path, says), why: null, next });
}

/** A 统一社会信用代码 that was typed, in capitals; complains about any other text. */
export function checkedUscc(text: string, { lang }: Context): string {
  const code = text.toUpperCase();
  const words = keyMessages(lang);
  if (isUscc(code)) return code;
  throw (
    checkCharacterFault(code, lang) ??
    new CliError(EXIT.usage, 'bad-uscc', {
      what: words.badUscc(text),
      why: null,
      next: words.badUsccNext,
    })
  );
}

function publisherOf(path: string, option: string | undefined, context: Context): string {
  if (option !== undefined) return checkedUscc(option, context);
  const name = basename(path, '.pem');
  if (isUscc(name)) return name;
  const words = keyMessages(context.lang);
  const complaint = {
    what: words.noPublisher(path),
    why: words.noPublisherWhy,
    next: words.noPublisherNext,
  };
  throw new CliError(EXIT.usage, 'no-publisher', complaint);
}

async function keyPath(option: string | undefined, context: Context): Promise<string> {
  const { io, home, lang } = context;
  const words = keyMessages(lang);
  const folder = keysFolder(home);
  const typed = option ?? (io.env['QIFENG_KEY'] || undefined);
  const name = typed ?? (await defaultKey(context));
  const places = [
    ...(typed === undefined ? [resolve(home, name)] : [resolve(io.cwd, name)]),
    join(folder, name),
    join(folder, `${name}.pem`),
  ];
  const found = places.find(existsSync);
  if (found !== undefined) return found;
  throw new CliError(EXIT.usage, 'key-missing', {
    what: words.keyMissing(name),
    why: null,
    next: words.keyMissingNext,
  });
}

async function defaultKey(context: Context): Promise<string> {
  const path = defaultKeyFile(context.home);
  const words = keyMessages(context.lang);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      throw fileError(error, path, context);
    const complaint = { what: words.noKey, why: words.noKeyWhy(path), next: words.noKeyNext };
    throw new CliError(EXIT.usage, 'no-key', complaint);
  }
}
