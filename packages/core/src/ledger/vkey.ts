import type { Hasher } from '../crypto/hasher.ts';
import { KEY_LENGTH, SIGNATURE_LENGTH, type Verifier } from '../crypto/verifier.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { concat, toHex, u32 } from '../encoding/bytes.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { isKeyName, type NoteSignature } from './note.ts';

/** Signature type of a plain Ed25519 note signature (C2SP signed-note): the log's own line. */
export const TYPE_ED25519 = 0x01;
/** Signature type of a timestamped Ed25519 checkpoint cosignature (C2SP tlog-cosignature). */
export const TYPE_COSIGNATURE = 0x04;

/** The two signature types this ledger understands; both have 32-byte Ed25519 keys. */
export type KeyType = typeof TYPE_ED25519 | typeof TYPE_COSIGNATURE;

/** A verifier key, "vkey" (C2SP signed-note, "Verifier keys"). */
export interface VerifierKey {
  readonly name: string;
  /** First four bytes, big-endian, of the hash that `keyId` computes. */
  readonly keyId: number;
  readonly type: KeyType;
  /** 32-byte Ed25519 public key. */
  readonly key: Uint8Array;
}

/** Key id: SHA-256(name ‖ 0x0A ‖ type ‖ key)[:4] as a big-endian number. `hasher` must be SHA-256. */
export function keyId(name: string, type: KeyType, key: Uint8Array, hasher: Hasher): number {
  const hash = hasher.digest(concat(toUtf8(`${name}\n`), Uint8Array.of(type), key));
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}

/** A verifier key of our own making; a bad name or length breaks an invariant. */
export function makeVerifierKey(name: string, type: KeyType, key: Uint8Array, hasher: Hasher): VerifierKey {
  invariant(isKeyName(name), 'a key name has no space and no plus');
  invariant(key.length === KEY_LENGTH, 'an Ed25519 key has 32 bytes');
  return { name, keyId: keyId(name, type, key, hasher), type, key };
}

/** `<name>+<key id in hex>+<base64 of type ‖ key>`. */
export function formatVerifierKey(vkey: VerifierKey): string {
  return `${vkey.name}+${toHex(u32(vkey.keyId))}+${toBase64(concat(Uint8Array.of(vkey.type), vkey.key))}`;
}

/**
 * The exact inverse of `formatVerifierKey`. Faults: `bad-vkey`, `vkey-unsupported-type` (neither 0x01 nor 0x04),
 * `vkey-wrong-id` (the id is not the one that name, type and key give). Does not look at the curve point.
 */
export function parseVerifierKey(text: string, hasher: Hasher): Result<VerifierKey> {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first < 0 || second < 0) return refuse('bad-vkey', 'a verifier key is <name>+<key id>+<key>');
  const name = text.slice(0, first);
  const id = text.slice(first + 1, second);
  if (!isKeyName(name))
    return refuse('bad-vkey', 'the name of a verifier key is empty or has a space or a control');
  if (!/^[0-9a-f]{8}$/.test(id)) return refuse('bad-vkey', 'a key id is eight lowercase hex digits');
  const decoded = fromBase64(text.slice(second + 1));
  if (!decoded.ok) return refuse('bad-vkey', `the key of ${name}: ${decoded.fault.detail}`);
  const type = decoded.value[0];
  const key = decoded.value.slice(1);
  if (type === undefined) return refuse('bad-vkey', `the key of ${name} is empty`);
  if (type !== TYPE_ED25519 && type !== TYPE_COSIGNATURE)
    return refuse('vkey-unsupported-type', `the key of ${name} has the unsupported signature type ${type}`);
  if (key.length !== KEY_LENGTH)
    return refuse('bad-vkey', `the key of ${name} has ${key.length} bytes instead of ${KEY_LENGTH}`);
  const expected = keyId(name, type, key, hasher);
  if (toHex(u32(expected)) !== id)
    return refuse('vkey-wrong-id', `${name} with this key has the id ${toHex(u32(expected))}, not ${id}`);
  return ok({ name, keyId: expected, type, key });
}

/** True iff `signature` claims to be by `vkey`: same name and same id. Says nothing about its validity. */
export function isBy(signature: NoteSignature, vkey: VerifierKey): boolean {
  return signature.name === vkey.name && signature.keyId === vkey.keyId;
}

/**
 * Verdict on a plain Ed25519 note signature (type 0x01) over `text`, for a key that `Verifier.isKey` accepts.
 * False also for another type of key and for a line that names another key.
 */
export function verifyNoteSignature(
  text: string,
  signature: NoteSignature,
  vkey: VerifierKey,
  verifier: Verifier,
): boolean {
  if (vkey.type !== TYPE_ED25519 || !isBy(signature, vkey)) return false;
  if (signature.signature.length !== SIGNATURE_LENGTH) return false;
  return verifier.verify(vkey.key, toUtf8(text), signature.signature);
}
