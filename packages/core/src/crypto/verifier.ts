/** Bytes in an Ed25519 public key. */
export const KEY_LENGTH = 32;
/** Bytes in an Ed25519 signature. */
export const SIGNATURE_LENGTH = 64;

/**
 * The verification port: Ed25519 under one acceptance rule, the same verdict on every host.
 *
 * - `isKey(key)`: 32 bytes, the canonical encoding of a point that is torsion-free and not the identity. Asked once,
 *   when a key is registered (genesis, enrolment, a set of validators).
 * - `verify(key, message, signature)`: key and R are canonical encodings that are not of small order, the key is on the
 *   curve, S < L, and [S]B = R + [k]A without the cofactor (RFC 8032 section 5.1.7, cofactorless form). Of what `isKey`
 *   asks it leaves out only the torsion of a key of mixed order, so a key that was never registered needs both.
 */
export interface Verifier {
  isKey(key: Uint8Array): boolean;
  verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** The signing half, for hosts that hold a key. */
export interface Signer {
  /** The 32-byte public key. */
  readonly publicKey: Uint8Array;
  /** A 64-byte deterministic signature (RFC 8032). */
  sign(message: Uint8Array): Uint8Array;
}
