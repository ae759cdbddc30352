import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';

/** Why a file gives no key. */
export type KeyFault = 'key-missing' | 'key-encrypted' | 'key-not-opened';

/** A file of a node's keys that cannot be used; `file` says which. */
export class KeyError extends Error {
  readonly code: KeyFault;
  readonly file: string;

  constructor(code: KeyFault, file: string) {
    super(`${code}: ${file}`);
    this.code = code;
    this.file = file;
  }
}

/**
 * What a node's keys are encrypted by: QIFENG_NODE_PASSPHRASE, else the first line of the file that
 * QIFENG_NODE_PASSPHRASE_FILE names, as service managers hand secrets to a service; null if neither is set.
 */
export function passphraseIn(env: Readonly<Record<string, string | undefined>>): string | null {
  const { QIFENG_NODE_PASSPHRASE: said, QIFENG_NODE_PASSPHRASE_FILE: file } = env;
  if (said) return said;
  if (!file) return null;
  if (!existsSync(file)) throw new KeyError('key-missing', file);
  return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] || null;
}

/** A fresh Ed25519 key in a new file, 0600: PKCS#8 in PEM, under a passphrase encrypted by PBES2 (RFC 8018). */
export function makeKey(file: string, passphrase: string | null): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const text =
    passphrase === null
      ? privateKey.export(pem)
      : privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
}

/** The key in a file; the passphrase is used if it is encrypted. Throws KeyError. */
export function readKey(file: string, passphrase: string | null): KeyObject {
  if (!existsSync(file)) throw new KeyError('key-missing', file);
  const key = readFileSync(file, 'utf8');
  const encrypted = key.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');
  if (encrypted && passphrase === null) throw new KeyError('key-encrypted', file);
  try {
    return createPrivateKey(encrypted ? { key, passphrase: passphrase! } : key);
  } catch {
    throw new KeyError('key-not-opened', file);
  }
}

/** Overwrites and removes a key's file, if it is there. */
export function eraseKey(file: string): void {
  if (!existsSync(file)) return;
  writeFileSync(file, new Uint8Array(statSync(file).size));
  unlinkSync(file);
}
