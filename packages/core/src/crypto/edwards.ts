import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equalBytes } from '../encoding/bytes.ts';
import { isRegularEncoding } from './screen.ts';
import { KEY_LENGTH } from './verifier.ts';

// Edwards25519 on @noble/curves points. Its own `ed25519.verify` is not used: it multiplies by the cofactor and so
// accepts what libsodium and OpenSSL refuse.

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

/** The point of a canonical 32-byte encoding (RFC 8032 section 5.1.3), or null when there is none. */
export function decodePoint(bytes: Uint8Array): Point | null {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return null;
  }
}

/** True iff `key` is the canonical encoding of a point of order L: on the curve, torsion-free, not the identity. */
export function hasPrimeOrder(key: Uint8Array): boolean {
  return key.length === KEY_LENGTH && isRegularEncoding(key, 0) && decodePoint(key)?.isTorsionFree() === true;
}

/**
 * The cofactorless equation [S]B = R + [k]A with k = SHA-512(R ‖ A ‖ M) mod L, for a key and a signature that pass
 * the screen. It is decided as libsodium and OpenSSL decide it: [S]B - [k]A is encoded and must give the bytes of R,
 * so R is never decoded and a non-canonical or off-curve R fails by itself.
 */
export function satisfiesEquation(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const a = decodePoint(key);
  if (a === null) return false;
  const r = signature.subarray(0, 32);
  const s = bytesToNumberLE(signature.subarray(32));
  const k = Point.Fn.create(bytesToNumberLE(sha512(concat(r, key, message))));
  // Nothing here is secret, so the variable-time multiplication will do.
  return equalBytes(Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k)).toBytes(), r);
}
