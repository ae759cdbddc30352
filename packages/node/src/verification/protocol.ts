import type { SignatureJob } from '../ports/verification.ts';

// A batch travels as one transferred buffer, its checks end to end: a structured clone of three views a signature costs
// as much again as all the rest of a check on the sending thread (measured).

/** A signature to check, or a key alone. */
export type Check = SignatureJob | readonly [key: Uint8Array];

/** A batch for a verification worker; `id` comes back with the verdicts. */
export interface VerifyRequest {
  readonly id: number;
  /** `packChecks` of the batch. */
  readonly checks: ArrayBuffer;
}

/** The verdicts of one batch, in the order of the request: 1 for a sound one. */
export interface VerifyResponse {
  readonly id: number;
  readonly verdicts: Uint8Array<ArrayBuffer>;
}

const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
const WORD = 4;
/** Stands where a signature has the length of its message. */
const KEY_ALONE = 0xffffffff;

/** Whether a check has the only lengths there are: any other verdict than false is out of the question otherwise. */
export function hasLengths([key, , signature]: Check): boolean {
  return key.length === KEY_LENGTH && (signature === undefined || signature.length === SIGNATURE_LENGTH);
}

/** Bytes of a check in a batch. */
export function packedLength([, message]: Check): number {
  return WORD + KEY_LENGTH + (message === undefined ? 0 : SIGNATURE_LENGTH + message.length);
}

/** Copies checks that have their lengths into one buffer of `length` bytes, the sum of `packedLength`. */
export function packChecks(checks: readonly Check[], length: number): ArrayBuffer {
  const buffer = new ArrayBuffer(length);
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  let at = 0;
  for (const [key, message, signature] of checks) {
    view.setUint32(at, message === undefined ? KEY_ALONE : message.length);
    bytes.set(key, at + WORD);
    at += WORD + KEY_LENGTH;
    if (message === undefined || signature === undefined) continue;
    bytes.set(signature, at);
    bytes.set(message, at + SIGNATURE_LENGTH);
    at += SIGNATURE_LENGTH + message.length;
  }
  return buffer;
}

/** The checks of a buffer that `packChecks` filled, as views of it. */
export function unpackChecks(buffer: ArrayBuffer): readonly Check[] {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const checks: Check[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at);
    const key = bytes.subarray(at + WORD, at + WORD + KEY_LENGTH);
    at += WORD + KEY_LENGTH;
    if (length === KEY_ALONE) {
      checks.push([key]);
      continue;
    }
    const signature = bytes.subarray(at, at + SIGNATURE_LENGTH);
    at += SIGNATURE_LENGTH + length;
    checks.push([key, bytes.subarray(at - length, at), signature]);
  }
  return checks;
}
