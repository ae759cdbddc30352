import type { Hasher } from '../crypto/hasher.ts';
import { SIGNATURE_LENGTH, type Verifier } from '../crypto/verifier.ts';
import { concat, u64 } from '../encoding/bytes.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import type { NoteSignature } from './note.ts';
import { isBy, makeVerifierKey, TYPE_COSIGNATURE, type VerifierKey } from './vkey.ts';

/** The latest time of a cosignature, in POSIX seconds: 9999-12-31T23:59:59Z. */
export const MAX_COSIGNATURE_TIME = 253_402_300_799;

/** The content of a 0x04 signature (C2SP tlog-cosignature, `timestamped_signature`). */
export interface Cosignature {
  /** POSIX seconds; C2SP allows up to 2^63 - 1, we up to the end of the year 9999, so that every time has a date. */
  readonly time: number;
  /** 64-byte Ed25519 signature over `cosignedMessage`. */
  readonly signature: Uint8Array;
}

/** Cosigner name of a consortium member (FORMATS, "Checkpoint"). */
export function cosignerName(origin: string, code: string): string {
  return `${origin}/${code}`;
}

/** What a cosigner signs: "cosignature/v1\ntime <seconds>\n" and then the checkpoint's whole note text. */
export function cosignedMessage(text: string, time: number): Uint8Array {
  requireTime(time);
  return toUtf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/** The note signature of a cosigner: key id of type 0x04, then u64 big-endian `time` ‖ 64-byte `signature`. */
export function makeCosignature(
  name: string,
  publicKey: Uint8Array,
  time: number,
  signature: Uint8Array,
  hasher: Hasher,
): NoteSignature {
  requireTime(time);
  invariant(signature.length === SIGNATURE_LENGTH, 'an Ed25519 signature has 64 bytes');
  const { keyId } = makeVerifierKey(name, TYPE_COSIGNATURE, publicKey, hasher);
  return { name, keyId, signature: concat(u64(time), signature) };
}

/** Time and signature of a 0x04 note signature, unverified. Faults: `cosignature-length`, `cosignature-time`. */
export function parseCosignature(line: NoteSignature): Result<Cosignature> {
  const bytes = line.signature;
  if (bytes.length !== 8 + SIGNATURE_LENGTH)
    return refuse(
      'cosignature-length',
      `the cosignature of ${line.name} has ${bytes.length} bytes instead of 72`,
    );
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  if (time > MAX_COSIGNATURE_TIME)
    return refuse('cosignature-time', `the cosignature of ${line.name} has a time after the year 9999`);
  return ok({ time, signature: bytes.slice(8) });
}

/**
 * The cosignature in `line` if it is `vkey`'s over the checkpoint `text`, for a key that `Verifier.isKey` accepts.
 * Faults: those of `parseCosignature`, `cosignature-wrong-key` (name, id or type differ), `cosignature-invalid`.
 */
export function verifyCosignature(
  text: string,
  line: NoteSignature,
  vkey: VerifierKey,
  verifier: Verifier,
): Result<Cosignature> {
  if (vkey.type !== TYPE_COSIGNATURE || !isBy(line, vkey))
    return refuse(
      'cosignature-wrong-key',
      `the line of ${line.name} is not by the cosignature key ${vkey.name}`,
    );
  const cosignature = parseCosignature(line);
  if (!cosignature.ok) return cosignature;
  const { time, signature } = cosignature.value;
  if (!verifier.verify(vkey.key, cosignedMessage(text, time), signature))
    return refuse(
      'cosignature-invalid',
      `the cosignature of ${line.name} does not verify over this checkpoint`,
    );
  return cosignature;
}

function requireTime(time: number): void {
  invariant(
    Number.isSafeInteger(time) && time >= 0 && time <= MAX_COSIGNATURE_TIME,
    'a cosignature time is a whole number of seconds up to the year 9999',
  );
}
