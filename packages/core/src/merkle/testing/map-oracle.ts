import { hash } from 'node:crypto';
import fc from 'fast-check';
import type { Hasher } from '../../crypto/hasher.ts';
import { compareBytes, equalBytes } from '../../encoding/bytes.ts';
import { mapHash } from '../map-hash.ts';
import type { MapProof } from '../map-proof.ts';
import type { MapChange } from '../map-tree.ts';

/** A key and the hash of its value. */
export type Pair = readonly [key: Uint8Array, valueHash: Uint8Array];

/** SHA-256 by node:crypto. */
export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(hash('sha256', Buffer.concat(parts), 'buffer'));

const nodeHasher: Hasher = {
  digest: data => sha256(data),
  digestInto: (data, out, at) => out.set(hash('sha256', data, 'buffer'), at),
};

/** The map's hashing over node:crypto, so that thousands of cases take seconds. */
export const testHash = mapHash(nodeHasher);

const bit = (key: Uint8Array, i: number) => (key[Math.floor(i / 8)]! >> (7 - (i % 8))) & 1;
const leaf = ([key, valueHash]: Pair) => sha256(Uint8Array.of(0x10), key, valueHash);

/** The design's definition, word for word: the hash of the subtree of `pairs`, which share `depth` bits. */
export function oracleRoot(pairs: readonly Pair[], depth = 0): Uint8Array {
  if (pairs.length === 0) return new Uint8Array(32);
  if (pairs.length === 1) return leaf(pairs[0]!);
  const [left, right] = split(pairs, depth);
  return sha256(Uint8Array.of(0x11), oracleRoot(left, depth + 1), oracleRoot(right, depth + 1));
}

/** The proof about `key` by the definition: down while there are two pairs or more. */
export function oracleProof(pairs: readonly Pair[], key: Uint8Array): MapProof {
  const bits: number[] = [];
  const siblings: Uint8Array[] = [];
  let here = pairs;
  for (let depth = 0; here.length > 1; depth++) {
    const [left, right] = split(here, depth);
    const [next, sibling] = bit(key, depth) === 0 ? [left, right] : [right, left];
    bits.push(sibling.length > 0 ? 1 : 0);
    if (sibling.length > 0) siblings.unshift(oracleRoot(sibling, depth + 1));
    here = next;
  }
  while (bits.length % 8 !== 0) bits.push(0);
  const bitmap = Uint8Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, b) => 2 * byte + b, 0),
  );
  const end = here[0];
  return { other: end !== undefined && !equalBytes(end[0], key) ? end : null, bitmap, siblings };
}

function split(pairs: readonly Pair[], depth: number): [Pair[], Pair[]] {
  return [pairs.filter(([key]) => bit(key, depth) === 0), pairs.filter(([key]) => bit(key, depth) === 1)];
}

/** A copy of `bytes` with bit `i` flipped. */
export function flipped(bytes: Uint8Array, i: number): Uint8Array {
  const copy = bytes.slice();
  copy[i >> 3]! ^= 0x80 >> (i & 7);
  return copy;
}

/** `length` random bytes. */
export const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** A key that shares exactly `shared` leading bits with `key`; what follows is from `rest`. */
export function branchOff(key: Uint8Array, shared: number, rest: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => {
    const own = Math.max(0, Math.min(8, shared - 8 * at));
    const low = 0xff >> own;
    const byte = (key[at]! & ~low) | (rest[at]! & low);
    if (own === 8 || shared < 8 * at) return byte;
    const turn = 0x80 >> own;
    return (byte & ~turn) | (~key[at]! & turn);
  });
}

/** Distinct keys of which each branches off an earlier one after 0..255 shared bits, often very late. */
export function branchingKeys(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array[]> {
  const shared = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: 0, max: 9 }),
    fc.constantFrom(3, 4, 251, 255),
  );
  const step = fc.tuple(fc.nat(), shared, bytes(32));
  return fc.array(step, { minLength, maxLength }).map(steps => {
    const keys: Uint8Array[] = [];
    for (const [from, bits, rest] of steps) {
      const key = keys.length === 0 ? rest : branchOff(keys[from % keys.length]!, bits, rest);
      if (!keys.some(known => equalBytes(known, key))) keys.push(key);
    }
    return keys;
  });
}

/** Changes in the order that the map asks for. */
export function sorted(changes: readonly MapChange[]): MapChange[] {
  return [...changes].sort((a, b) => compareBytes(a[0], b[0]));
}
