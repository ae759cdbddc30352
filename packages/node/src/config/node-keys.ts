import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { formatKey, newKey, parseKey } from '@qifeng/core/native';

/** Why a file gives no key. */
export type NodeKeyFault = 'key-missing' | 'key-encrypted' | 'key-not-opened';

/** A file of a node's keys that cannot be used; `file` says which. */
export class KeyError extends Error {
  readonly code: NodeKeyFault;
  readonly file: string;

  constructor(code: NodeKeyFault, file: string) {
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

/** A fresh Ed25519 key in a new file, 0600, under a passphrase if there is one. */
export function makeKey(file: string, passphrase: string | null): void {
  writeFileSync(file, formatKey(newKey(), passphrase), { mode: 0o600, flag: 'wx' });
}

/** The key in a file; the passphrase is used if it is encrypted. Throws KeyError. */
export function readKey(file: string, passphrase: string | null): KeyObject {
  if (!existsSync(file)) throw new KeyError('key-missing', file);
  const key = parseKey(readFileSync(file, 'utf8'), passphrase);
  if (typeof key === 'string')
    throw key === 'no-passphrase'
      ? new KeyError('key-encrypted', file)
      : new KeyError('key-not-opened', file);
  return key;
}

/** Overwrites and removes a key's file, if it is there. */
export function eraseKey(file: string): void {
  if (!existsSync(file)) return;
  writeFileSync(file, new Uint8Array(statSync(file).size));
  unlinkSync(file);
}
