// The two trees: the log (RFC 6962, as RFC 9162 section 2.1.3.2 verifies it) and the sparse Merkle map of the state.

import { decodeCbor, encodeFlat, must, Refusal } from './cbor.mjs';
import { hex, sha256 } from './text.mjs';

/** Leaf hash of the log and of a submission's entries: SHA-256(0x00 ‖ bytes). */
export function leafHash(bytes) {
  return sha256([0], bytes);
}

/** The root that a leaf has by its path, from the leaf's sibling up. */
export function rootOfPath(leaf, index, size, path) {
  must(index < size, `no leaf ${index} in a tree of ${size}`);
  let [hash, fn, sn] = [leaf, BigInt(index), BigInt(size) - 1n];
  for (const sibling of path) {
    must(sn > 0n, 'the path is too long');
    const right = (fn & 1n) === 1n || fn === sn;
    hash = right ? sha256([1], sibling, hash) : sha256([1], hash, sibling);
    if (right) while ((fn & 1n) === 0n && fn > 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  must(sn === 0n, 'the path is too short');
  return hash;
}

/**
 * That the tree of `size` leaves under `root` begins with that of `first` leaves under `firstRoot`, by the recursion of RFC
 * 6962 section 2.1.2 taken backwards: PROOF(m, D[n]) ends with the part of the tree that m does not reach, or that it fills.
 */
export function checkConsistency({ first, firstRoot, size, root, path }) {
  try {
    must(first > 0 && first <= size, `no consistency from ${first} to ${size} leaves`);
    const rest = [...path];
    const rebuilt = subproof(first, size, true, rest, firstRoot);
    must(rest.length === 0, 'the path is too long');
    must(hex(rebuilt[0]) === hex(firstRoot), 'the path leads to another first root');
    must(hex(rebuilt[1]) === hex(root), 'the path leads to another root');
    return { problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { problems: [error.message] };
  }
}

/** The roots of the first m leaves and of all n of a subtree, its hashes taken from the end of `rest`. */
function subproof(m, n, whole, rest, firstRoot) {
  if (m === n && whole) return [firstRoot, firstRoot];
  if (m === n) return Array(2).fill(take(rest));
  let k = 1;
  while (2 * k < n) k *= 2;
  if (m <= k) {
    const right = take(rest);
    const [old, left] = subproof(m, k, whole, rest, firstRoot);
    return [old, sha256([1], left, right)];
  }
  const left = take(rest);
  const [old, right] = subproof(m - k, n - k, false, rest, firstRoot);
  return [sha256([1], left, old), sha256([1], left, right)];
}

function take(rest) {
  const hash = rest.pop();
  must(isHash(hash), 'the path is too short, or has no hash');
  return hash;
}

/** Key of a state value: SHA-256 of the canonical array of its kind and name parts. */
export function stateKey(name) {
  return sha256(encodeFlat(name));
}

/**
 * What a proof shows about `name` (kind and name parts) in the state of `root`: that it holds `value` (bytes), or
 * with `value` null that it holds nothing. `proof` is the canonical array [other, bitmap, siblings], or its decoded
 * form. Gives `{problems}`, empty when the proof stands.
 */
export function checkState({ root, name, value, proof }) {
  return checkMapKey({
    root,
    key: stateKey(name),
    valueHash: value === null ? null : sha256(value),
    proof,
  });
}

/** The same for a key and the hash of its value. */
export function checkMapKey({ root, key, valueHash, proof }) {
  try {
    const parts = proof instanceof Uint8Array ? decodeCbor(proof) : proof;
    must(hex(mapRoot(key, valueHash, parts)) === hex(root), 'the proof leads to another root');
    return { problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { problems: [error.message] };
  }
}

const isHash = bytes => bytes instanceof Uint8Array && bytes.length === 32;
const bit = (bytes, i) => (bytes[i >> 3] >> (7 - (i & 7))) & 1;
const ZERO = new Uint8Array(32);

function mapRoot(key, valueHash, proof) {
  must(Array.isArray(proof) && proof.length === 3, 'a proof is [other, bitmap, siblings]');
  const [other, bitmap, siblings] = proof;
  must(bitmap instanceof Uint8Array && bitmap.length <= 32 && bitmap.at(-1) !== 0, 'a bad bitmap');
  must(Array.isArray(siblings) && siblings.every(isHash), 'a sibling is a hash');
  must(!siblings.some(sibling => hex(sibling) === hex(ZERO)), 'an empty sibling is listed');
  const levels = Array.from({ length: 8 * bitmap.length }, (_, i) => i).filter(i => bit(bitmap, i) === 1);
  must(levels.length === siblings.length, 'bitmap and siblings do not agree');
  const depth = levels.length === 0 ? 0 : levels.at(-1) + 1;
  let node = endNode(key, valueHash, other, depth);
  const rest = [...siblings];
  for (let level = depth - 1; level >= 0; level--) {
    const sibling = bit(bitmap, level) === 1 ? rest.shift() : ZERO;
    node = bit(key, level) === 1 ? sha256([0x11], sibling, node) : sha256([0x11], node, sibling);
  }
  return node;
}

/** The node at which the search ends: the key's leaf, another key's leaf on its path, or nothing. */
function endNode(key, valueHash, other, depth) {
  if (valueHash !== null) {
    must(other === null && isHash(valueHash), 'a presence proof names no other leaf');
    return sha256([0x10], key, valueHash);
  }
  if (other === null) return ZERO;
  must(Array.isArray(other) && other.length === 2 && other.every(isHash), 'a leaf is a key and a value hash');
  must(hex(other[0]) !== hex(key), 'the other leaf is the key itself');
  for (let i = 0; i < depth; i++) must(bit(other[0], i) === bit(key, i), 'the other leaf is not on the path');
  return sha256([0x10], other[0], other[1]);
}
