import { invariant, ok, type Result, refuse } from './result.ts';

const HEX = '0123456789abcdef';

/** Lowercase hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte >> 4]! + HEX[byte & 15]!;
  return text;
}

/** Bytes of a lowercase, even-length hex text; anything else is `bad-hex`. */
export function fromHex(text: string): Result<Uint8Array> {
  if (text.length % 2 !== 0) return refuse('bad-hex', 'hex text has an odd length');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = HEX.indexOf(text[2 * i]!);
    const low = HEX.indexOf(text[2 * i + 1]!);
    if (high < 0 || low < 0) return refuse('bad-hex', `not a lowercase hex digit near position ${2 * i}`);
    bytes[i] = high * 16 + low;
  }
  return ok(bytes);
}

/** Bytes of a hex text of our own making. Throws on anything else: text of others goes through `fromHex`. */
export function bytesOfHex(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  invariant(bytes.ok, 'hex of our own is lowercase and of even length');
  return bytes.value;
}

/** The parts one after the other in a fresh array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Negative, zero or positive: bytewise lexicographic order, a prefix before what it prefixes. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** True iff both have the same length and content. Not constant-time: nothing here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Big-endian unsigned 32-bit encoding. */
export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Big-endian unsigned 64-bit encoding of a safe integer. */
export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
