import { hash as nodeHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Hasher } from '../../crypto/hasher.ts';
import { fromHex } from '../../encoding/bytes.ts';

// RFC 6962 section 2.1 as directly as it reads, on arrays of leaf hashes, with a hash of its own. Slow on purpose.

type Bytes = Uint8Array;
const sha256 = (...parts: Bytes[]): Bytes =>
  Uint8Array.from(nodeHash('sha256', Buffer.concat(parts), 'buffer'));

/** A native hasher for tests. */
export const testHasher: Hasher = {
  digest: data => sha256(data),
  digestInto: (data, out, at) => out.set(nodeHash('sha256', data, 'buffer'), at),
};

/** Hash of a leaf. */
export const leafHash = (data: Bytes): Bytes => sha256(Uint8Array.of(0), data);
/** Hash of an inner node. */
export const nodeOf = (left: Bytes, right: Bytes): Bytes => sha256(Uint8Array.of(1), left, right);

/** The largest power of two smaller than `n`. */
export function k(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** MTH(D[n]). */
export function mth(d: readonly Bytes[]): Bytes {
  const n = d.length;
  if (n === 0) return sha256();
  if (n === 1) return d[0]!;
  return nodeOf(mth(d.slice(0, k(n))), mth(d.slice(k(n))));
}

/** PATH(m, D[n]). */
export function path(m: number, d: readonly Bytes[]): Bytes[] {
  const n = d.length;
  if (n === 1) return [];
  if (m < k(n)) return [...path(m, d.slice(0, k(n))), mth(d.slice(k(n)))];
  return [...path(m - k(n), d.slice(k(n))), mth(d.slice(0, k(n)))];
}

/** PROOF(m, D[n]). */
export const proof = (m: number, d: readonly Bytes[]): Bytes[] => subproof(m, d, true);

function subproof(m: number, d: readonly Bytes[], b: boolean): Bytes[] {
  const n = d.length;
  if (m === n) return b ? [] : [mth(d)];
  if (m <= k(n)) return [...subproof(m, d.slice(0, k(n)), b), mth(d.slice(k(n)))];
  return [...subproof(m - k(n), d.slice(k(n)), false), mth(d.slice(0, k(n)))];
}

/** The root that PATH's definition read backwards gives, or null where the path has another length. */
export function rootByPath(leaf: Bytes, m: number, n: number, given: readonly Bytes[]): Bytes | null {
  if (n === 1) return given.length === 0 ? leaf : null;
  const last = given.at(-1);
  if (last === undefined) return null;
  const left = m < k(n);
  const inner = rootByPath(leaf, left ? m : m - k(n), left ? k(n) : n - k(n), given.slice(0, -1));
  return inner && (left ? nodeOf(inner, last) : nodeOf(last, inner));
}

/** Both roots that SUBPROOF's definition read backwards gives, or null where the proof has another length. */
export function rootsByProof(
  m: number,
  n: number,
  oldRoot: Bytes,
  given: readonly Bytes[],
): [Bytes, Bytes] | null {
  return rootsBySubproof(m, n, true, oldRoot, given);
}

function rootsBySubproof(
  m: number,
  n: number,
  b: boolean,
  oldRoot: Bytes,
  given: readonly Bytes[],
): [Bytes, Bytes] | null {
  const last = given.at(-1);
  if (m === n && b) return given.length === 0 ? [oldRoot, oldRoot] : null;
  if (last === undefined) return null;
  if (m === n) return given.length === 1 ? [last, last] : null;
  if (m <= k(n)) {
    const inner = rootsBySubproof(m, k(n), b, oldRoot, given.slice(0, -1));
    return inner && [inner[0], nodeOf(inner[1], last)];
  }
  const inner = rootsBySubproof(m - k(n), n - k(n), false, oldRoot, given.slice(0, -1));
  return inner && [nodeOf(last, inner[0]), nodeOf(last, inner[1])];
}

/** Hash of leaf `i` of the tests' logs: entries are their own number in decimal. */
export const testLeaf = (i: number): Bytes => leafHash(Buffer.from(String(i)));

/** The first `n` of them. */
export const testLeaves = (n: number): Bytes[] => Array.from({ length: n }, (_, i) => testLeaf(i));

/** Hashes end to end. */
export const flat = (hashes: readonly Bytes[]): Bytes => Uint8Array.from(Buffer.concat(hashes));

/** Bytes of a hex text in a vector. */
export function hex(text: string): Bytes {
  const bytes = fromHex(text);
  if (!bytes.ok) throw new Error(bytes.fault.detail);
  return bytes.value;
}

/** The vectors of `tests/vectors/<name>.json`, which state their source. */
export function vectors<T>(name: string): T {
  return JSON.parse(
    readFileSync(new URL(`../../../../../tests/vectors/${name}.json`, import.meta.url), 'utf8'),
  );
}
