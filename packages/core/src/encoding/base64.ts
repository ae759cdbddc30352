import { ok, type Result, refuse } from './result.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The value of a digit by its byte, NONE for what is no digit. */
const VALUE = new Uint8Array(256).fill(0x80);
for (let i = 0; i < 64; i++) VALUE[ALPHABET.charCodeAt(i)] = i;
const NONE = 0x80;
const PADDING = 0x3d;
/** All pairs of digits. */
const PAIRS = Array.from({ length: 4096 }, (_, i) => ALPHABET[i >> 6]! + ALPHABET[i & 63]!);

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let i = 0; i < whole; i += 3) {
    const group = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    text += PAIRS[group >> 12]! + PAIRS[group & 0xfff]!;
  }
  if (whole === bytes.length) return text;
  if (whole + 1 === bytes.length) return `${text}${PAIRS[bytes[whole]! << 4]!}==`;
  const group = (bytes[whole]! << 8) | bytes[whole + 1]!;
  return `${text}${PAIRS[group >> 4]!}${ALPHABET[(group & 15) << 2]!}=`;
}

/**
 * Bytes of standard base64 with padding, strictly: no white space, no missing padding, no stray bits in the
 * last digit, so that one value has one text. Anything else is `bad-base64`.
 */
export function fromBase64(text: string): Result<Uint8Array> {
  const digits = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    digits[i] = unit < 0x80 ? unit : 0xff; // no digit either
  }
  const decoded = decodeBase64(digits, 0, digits.length);
  return typeof decoded === 'string' ? refuse('bad-base64', decoded) : ok(decoded);
}

/** The same for the text whose bytes are `bytes[from, to)`: what it stands for, or what is wrong with it. */
export function decodeBase64(bytes: Uint8Array, from: number, to: number): Uint8Array | string {
  if ((to - from) % 4 !== 0) return 'base64 text is not a multiple of four characters';
  let end = to;
  if (end > from && bytes[end - 1] === PADDING) end -= bytes[end - 2] === PADDING ? 2 : 1;
  const out = new Uint8Array(((to - from) / 4) * 3 - (to - end));
  const whole = end - ((end - from) % 4);
  let at = 0;
  for (let i = from; i < whole; i += 4) {
    const a = VALUE[bytes[i]!]!;
    const b = VALUE[bytes[i + 1]!]!;
    const c = VALUE[bytes[i + 2]!]!;
    const d = VALUE[bytes[i + 3]!]!;
    if (((a | b | c | d) & NONE) !== 0) return noDigit(bytes, from, end);
    out[at] = (a << 2) | (b >> 4);
    out[at + 1] = (b << 4) | (c >> 2);
    out[at + 2] = (c << 6) | d;
    at += 3;
  }
  if (whole === end) return out;
  const a = VALUE[bytes[whole]!]!;
  const b = VALUE[bytes[whole + 1]!]!;
  const c = whole + 2 < end ? VALUE[bytes[whole + 2]!]! : 0;
  if (((a | b | c) & NONE) !== 0) return noDigit(bytes, from, end);
  if (whole + 2 < end ? (c & 3) !== 0 : (b & 15) !== 0) return 'stray bits in the last base64 digit';
  out[at] = (a << 2) | (b >> 4);
  if (whole + 2 < end) out[at + 1] = (b << 4) | (c >> 2);
  return out;
}

function noDigit(bytes: Uint8Array, from: number, end: number): string {
  let at = from;
  while (at < end && VALUE[bytes[at]!] !== NONE) at++;
  return `not a base64 digit at position ${at - from}`;
}
