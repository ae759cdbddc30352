import { crc32 } from 'node:zlib';
import { StorageError } from './errors.ts';
import type { Change, View } from './key-value.ts';

const SEAL = 4;
/**
 * Bytes taken at once for what a batch writes, at first and at most: thousands of small buffers cost more than their
 * content, and a large one for each of many small blocks costs a fifth of their time in garbage (measured).
 */
const ARENA = [4 * 1024, 256 * 1024] as const;

/**
 * Every value carries a CRC-32 over its key and itself: LevelDB does not check its own block checksums on reads, so a
 * flipped bit would otherwise go into execution as if it were state.
 */
export class SealedBatch {
  readonly changes: Change[] = [];
  #arena = new Uint8Array(0);
  #used = 0;
  #next: number = ARENA[0];

  /** Puts the parts, one after the other, under a key. */
  put(key: Uint8Array, ...parts: readonly Uint8Array[]): void {
    let length = 0;
    for (const part of parts) length += part.length;
    const start = this.#reserve(key.length + length + SEAL);
    const arena = this.#arena;
    arena.set(key, start);
    let at = start + key.length;
    for (const part of parts) {
      arena.set(part, at);
      at += part.length;
    }
    const sum = crc32(arena.subarray(start, at));
    for (let i = 0; i < SEAL; i++) arena[at + i] = sum >>> (24 - 8 * i);
    this.changes.push([
      arena.subarray(start, start + key.length),
      arena.subarray(start + key.length, at + SEAL),
    ]);
  }

  delete(key: Uint8Array): void {
    this.changes.push([key, null]);
  }

  /** Where in the arena `length` bytes may be written. */
  #reserve(length: number): number {
    if (this.#used + length > this.#arena.length) {
      this.#arena = new Uint8Array(Math.max(this.#next, length));
      this.#next = Math.min(2 * this.#next, ARENA[1]);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return start;
  }
}

/** The value under a key, or null; one that is not as it was written throws `store-damaged`. */
export function read(view: View, key: Uint8Array): Uint8Array | null {
  const sealed = view.get(key);
  if (sealed === undefined) return null;
  const length = sealed.length - SEAL;
  if (length < 0) throw damaged(key);
  const value = sealed.subarray(0, length);
  const sum = new DataView(sealed.buffer, sealed.byteOffset).getUint32(length);
  if (sum !== crc32(value, crc32(key))) throw damaged(key);
  return value;
}

/** The value under a key that must be there; else `store-damaged`. */
export function readPresent(view: View, key: Uint8Array, what: string): Uint8Array {
  const value = read(view, key);
  if (value === null) throw new StorageError('store-damaged', `the store lacks ${what}`);
  return value;
}

function damaged(key: Uint8Array): StorageError {
  const shown = Buffer.from(key.subarray(1, 41)).toString('hex');
  return new StorageError('store-damaged', `the value of ${shown} in bucket ${key[0]} is damaged`);
}
