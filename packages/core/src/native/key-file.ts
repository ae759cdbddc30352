import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Why a key file gives no key. */
export type KeyFault = 'no-passphrase' | 'wrong-passphrase' | 'not-a-key' | 'not-ed25519';

const ENCRYPTED = '-----BEGIN ENCRYPTED PRIVATE KEY-----';

/** A fresh Ed25519 key. */
export function newKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/**
 * PKCS#8 in PEM: with a passphrase encrypted by AES-256-CBC under PBES2 (RFC 8018), its key derived by PBKDF2 as OpenSSL
 * does it, else plain.
 */
export function formatKey(key: KeyObject, passphrase: string | null): string {
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const text =
    passphrase === null ? key.export(pem) : key.export({ ...pem, cipher: 'aes-256-cbc', passphrase });
  return String(text);
}

/** True iff a PEM text holds an encrypted key. */
export function isEncryptedKey(pem: string): boolean {
  return pem.includes(ENCRYPTED);
}

/** The key in a PEM text; the passphrase is used only if it is encrypted. */
export function parseKey(pem: string, passphrase: string | null): KeyObject | KeyFault {
  const encrypted = isEncryptedKey(pem);
  if (encrypted && passphrase === null) return 'no-passphrase';
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem', ...(encrypted && { passphrase: passphrase! }) });
  } catch {
    return encrypted ? 'wrong-passphrase' : 'not-a-key';
  }
  return key.asymmetricKeyType === 'ed25519' ? key : 'not-ed25519';
}
