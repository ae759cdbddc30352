import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes in a hash of either suite. */
export const HASH_LENGTH = 32;

/** The hashing port: one-shot SHA-256 (or another 32-byte hash). Native hosts supply a faster one. */
export interface Hasher {
  /** Hash of `data`, 32 fresh bytes. */
  digest(data: Uint8Array): Uint8Array;
  /** Writes the hash of `data` to `out[at, at+32)` without allocating for the caller. */
  digestInto(data: Uint8Array, out: Uint8Array, at: number): void;
}

/** SHA-256 (FIPS 180-4) by @noble/hashes: runs everywhere, about a fifth of the native speed. */
export const portableHasher: Hasher = {
  digest: data => sha256(data),
  digestInto: (data, out, at) => {
    out.set(sha256(data), at);
  },
};
