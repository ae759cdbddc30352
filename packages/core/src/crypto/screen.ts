import { fromHex } from '../encoding/bytes.ts';
import { invariant } from '../encoding/result.ts';
import { KEY_LENGTH, SIGNATURE_LENGTH } from './verifier.ts';

// Libraries differ on small-order points and non-canonical encodings, and change between releases (on the CCTV
// vectors OpenSSL accepts 208 before Node 24.19 and 43 after). What can be decided on the bytes alone is decided
// here, once, so that every verifier is asked only about inputs on which all of them agree.

/** y of the eight points of small order: order 4, 1, 2, 8 and 8; ±x share one y. Little-endian, sign bit clear. */
const SMALL_ORDER_Y: readonly Uint8Array[] = [
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(constant);

/** L = 2^252 + 27742317777372353535851937790883648493, the order of the base point, little-endian. */
const L = constant('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/**
 * The part of the acceptance rule that needs no curve arithmetic: lengths, A and R canonically encoded and not of
 * small order, S < L. Every `Verifier.verify` asks it first. Whether A and R lie on the curve is left to the equation.
 */
export function passesScreen(key: Uint8Array, signature: Uint8Array): boolean {
  return (
    key.length === KEY_LENGTH &&
    signature.length === SIGNATURE_LENGTH &&
    isRegularEncoding(key, 0) &&
    isRegularEncoding(signature, 0) &&
    isReducedScalar(signature, 32)
  );
}

/**
 * True iff `bytes[at, at+32)` has y < p and y is not that of a point of small order. The only encodings with x = 0
 * and a sign bit have y = ±1, so this also refuses those: what passes is canonical (RFC 8032 section 5.1.3) if it
 * is on the curve at all.
 */
export function isRegularEncoding(bytes: Uint8Array, at: number): boolean {
  return !isAtLeastP(bytes, at) && !SMALL_ORDER_Y.some(y => hasY(bytes, at, y));
}

/** True iff the little-endian integer `bytes[at, at+32)` is below L. */
export function isReducedScalar(bytes: Uint8Array, at: number): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = bytes[at + i]! - L[i]!;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function isAtLeastP(bytes: Uint8Array, at: number): boolean {
  if ((bytes[at + 31]! & 0x7f) !== 0x7f || bytes[at]! < 0xed) return false;
  for (let i = 1; i < 31; i++) if (bytes[at + i] !== 0xff) return false;
  return true;
}

function hasY(bytes: Uint8Array, at: number, y: Uint8Array): boolean {
  for (let i = 0; i < 31; i++) if (bytes[at + i] !== y[i]) return false;
  return (bytes[at + 31]! & 0x7f) === y[31];
}

function constant(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  invariant(bytes.ok && bytes.value.length === 32, 'a curve constant has 32 bytes');
  return bytes.value;
}
