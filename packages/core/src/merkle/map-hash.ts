import { HASH_LENGTH, type Hasher } from '../crypto/hasher.ts';

/** Bytes in a map key; a key is itself a hash, so its bits are spread evenly. */
export const MAP_KEY_LENGTH = 32;

/** Bits in a map key, and so the greatest depth of a leaf. */
export const MAP_DEPTH = 256;

const LEAF = 0x10;
const INNER = 0x11;

/**
 * The hashing of the compact sparse Merkle map (FORMATS, "State"). The tags differ from those of the
 * RFC 6962 log (0x00, 0x01), and both inputs are 65 bytes long, so no node can be read as one of another kind.
 */
export interface MapHash {
  /** Writes H(0x10 ‖ key ‖ valueHash) to `out[at, at+32)`; `key` and `valueHash` have 32 bytes. */
  leafInto(key: Uint8Array, valueHash: Uint8Array, out: Uint8Array, at: number): void;
  /** Writes H(0x11 ‖ left ‖ right) to `out[at, at+32)`; `left` and `right` have 32 bytes, zeros for empty. */
  innerInto(left: Uint8Array, right: Uint8Array, out: Uint8Array, at: number): void;
  /** As `innerInto`, the children side by side in `pairs[from, from+64)`; `out` may be `pairs`. */
  pairInto(pairs: Uint8Array, from: number, out: Uint8Array, at: number): void;
}

/** The map's hashing over `hasher`, with one input buffer for all calls: not re-entrant, nothing else kept. */
export function mapHash(hasher: Hasher): MapHash {
  const input = new Uint8Array(1 + 2 * HASH_LENGTH);
  const two = (tag: number, a: Uint8Array, b: Uint8Array, out: Uint8Array, at: number) => {
    input[0] = tag;
    input.set(a, 1);
    input.set(b, 1 + HASH_LENGTH);
    hasher.digestInto(input, out, at);
  };
  return {
    leafInto: (key, valueHash, out, at) => two(LEAF, key, valueHash, out, at),
    innerInto: (left, right, out, at) => two(INNER, left, right, out, at),
    pairInto: (pairs, from, out, at) => {
      input[0] = INNER;
      for (let i = 0; i < 2 * HASH_LENGTH; i++) input[1 + i] = pairs[from + i]!; // faster than a view (measured)
      hasher.digestInto(input, out, at);
    },
  };
}

/** True iff `hash` is the hash of an empty subtree (all bytes zero). */
export function isEmptyNode(hash: Uint8Array): boolean {
  return hash.every(byte => byte === 0);
}

/** Bit `index` of `bytes`, most significant bit of the first byte first; 0 beyond the end. */
export function bitAt(bytes: Uint8Array, index: number): number {
  return ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1;
}
