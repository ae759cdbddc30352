import { utf8Length, writeUtf8 } from './utf8.ts';

/** Major types of RFC 8949 section 3.1 that this ledger uses. */
export const MAJOR = { uint: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, simple: 7 } as const;

/** Writes deterministic CBOR (RFC 8949 section 4.2.1: shortest heads, definite lengths) into a growing buffer. */
export class CborWriter {
  #buffer: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 512) {
    this.#buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** A safe integer of either sign. Throws RangeError on anything else: what we encode is ours. */
  integer(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
    if (value >= 0) this.#head(MAJOR.uint, value);
    else this.#head(MAJOR.negative, -1 - value);
  }

  bytes(value: Uint8Array): void {
    this.#head(MAJOR.bytes, value.length);
    this.raw(value);
  }

  text(value: string): void {
    const length = utf8Length(value);
    this.#head(MAJOR.text, length);
    this.#reserve(length);
    writeUtf8(value, this.#buffer, this.#length);
    this.#length += length;
  }

  /** The head of an array of `count` items, which the caller writes next. */
  array(count: number): void {
    this.#head(MAJOR.array, count);
  }

  /** The head of a map of `count` pairs, which the caller writes next, keys in deterministic order. */
  map(count: number): void {
    this.#head(MAJOR.map, count);
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xf5 : 0xf4);
  }

  nil(): void {
    this.#byte(0xf6);
  }

  /** Bytes that are CBOR already. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  #head(major: number, argument: number): void {
    this.#reserve(9);
    const at = this.#length;
    const first = major << 5;
    if (argument < 24) {
      this.#buffer[at] = first | argument;
      this.#length += 1;
    } else if (argument < 0x100) {
      this.#buffer[at] = first | 24;
      this.#buffer[at + 1] = argument;
      this.#length += 2;
    } else if (argument < 0x10000) {
      this.#buffer[at] = first | 25;
      this.#view.setUint16(at + 1, argument);
      this.#length += 3;
    } else if (argument < 0x100000000) {
      this.#buffer[at] = first | 26;
      this.#view.setUint32(at + 1, argument);
      this.#length += 5;
    } else {
      this.#buffer[at] = first | 27;
      this.#view.setBigUint64(at + 1, BigInt(argument));
      this.#length += 9;
    }
  }

  #reserve(extra: number): void {
    const need = this.#length + extra;
    if (need <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(need, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
