// Deterministic CBOR (RFC 8949 sections 3 and 4.2.1), the part that the ledger uses: integers, byte strings, texts,
// arrays, maps with text keys, true, false, null. Anything else, and any other form of these, is refused.

/** Why a receipt, a policy or a genesis was refused. Every check throws this and nothing else. */
export class Refusal extends Error {}

/** Throws a Refusal unless `condition` holds. */
export function must(condition, sentence) {
  if (!condition) throw new Refusal(sentence);
}

/** The value of the one item that `bytes` hold: number, Uint8Array, string, array, Map, boolean or null. */
export function decodeCbor(bytes) {
  const [value, end] = item(bytes, 0, 0);
  must(end === bytes.length, 'bytes after the CBOR value');
  return value;
}

/** The encoded items of an array, for a reader that hashes a part as it stands. */
export function cborParts(bytes) {
  const [major, count, start] = head(bytes, 0);
  must(major === 4, 'not a CBOR array');
  const parts = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const end = item(bytes, at, 1)[1];
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

/** Encodes an array of texts, integers of 0 and more, and byte strings: what state keys are made of. */
export function encodeFlat(values) {
  const parts = [headOf(4, values.length)];
  for (const value of values) {
    if (typeof value === 'number') parts.push(headOf(0, value));
    else {
      const body = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      parts.push(headOf(typeof value === 'string' ? 3 : 2, body.length), body);
    }
  }
  return join(...parts);
}

/** One byte array of several. */
export function join(...parts) {
  return Uint8Array.from(parts.flatMap(part => [...part]));
}

/** Text of valid UTF-8. */
export function utf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal('not valid UTF-8');
  }
}

function headOf(major, argument) {
  if (argument < 24) return [(major << 5) | argument];
  const size = argument < 2 ** 8 ? 1 : argument < 2 ** 16 ? 2 : argument < 2 ** 32 ? 4 : 8;
  const out = [(major << 5) | (24 + Math.log2(size))];
  for (let i = size - 1; i >= 0; i--) out.push(Math.floor(argument / 256 ** i) % 256);
  return out;
}

function head(bytes, at) {
  must(at < bytes.length, 'CBOR ends too early');
  const major = bytes[at] >> 5;
  const info = bytes[at] & 31;
  if (info < 24) return [major, info, at + 1];
  must(info < 28 && major !== 7, 'a CBOR head that is not used here');
  const size = 2 ** (info - 24);
  must(at + 1 + size <= bytes.length, 'CBOR ends too early');
  let argument = 0;
  for (let i = 1; i <= size; i++) argument = argument * 256 + bytes[at + i];
  must(Number.isSafeInteger(argument), 'a CBOR integer above 2^53 - 1');
  must(headOf(major, argument).length === 1 + size, 'a CBOR head that is longer than it need be');
  return [major, argument, at + 1 + size];
}

function item(bytes, at, depth) {
  must(depth < 16, 'CBOR nested too deep');
  const [major, argument, start] = head(bytes, at);
  if (major === 0) return [argument, start];
  if (major === 1) {
    must(Number.isSafeInteger(-1 - argument), 'a CBOR integer below -(2^53 - 1)');
    return [-1 - argument, start];
  }
  if (major === 2 || major === 3) {
    const end = start + argument;
    must(end <= bytes.length, 'CBOR ends too early');
    const body = bytes.subarray(start, end);
    return [major === 2 ? body : utf8(body), end];
  }
  if (major === 4) return list(bytes, argument, start, depth);
  if (major === 5) return map(bytes, argument, start, depth);
  must(major === 7 && argument >= 20 && argument <= 22, 'a CBOR type that is not used here');
  return [[false, true, null][argument - 20], start];
}

function list(bytes, count, start, depth) {
  const values = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const [value, end] = item(bytes, at, depth + 1);
    values.push(value);
    at = end;
  }
  return [values, at];
}

function map(bytes, count, start, depth) {
  const values = new Map();
  let at = start;
  let before = null;
  for (let i = 0; i < count; i++) {
    const [key, middle] = item(bytes, at, depth + 1);
    must(typeof key === 'string', 'a CBOR map key that is no text');
    const encoded = bytes.subarray(at, middle);
    must(before === null || Buffer.compare(before, encoded) < 0, 'CBOR map keys out of order or twice');
    before = encoded;
    const [value, end] = item(bytes, middle, depth + 1);
    values.set(key, value);
    at = end;
  }
  return [values, at];
}
