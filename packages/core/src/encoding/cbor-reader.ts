import { MAJOR } from './cbor-writer.ts';
import { type KnownTexts, LONGEST_KNOWN } from './known-texts.ts';
import type { Fault } from './result.ts';
import { fromUtf8, shortAscii } from './utf8.ts';

/** Carries a fault out of a decoder's depths. It never leaves `decode` in codec.ts. */
export class DecodeFault extends Error {
  readonly fault: Fault;

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.fault = { code, detail };
  }
}

/**
 * Reads deterministic CBOR and nothing else: shortest heads, definite lengths, no floats, no tags, valid UTF-8,
 * safe integers. Whoever reads with it and reaches the end has read the only encoding of that value.
 */
export class CborReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Offset of the next unread byte. */
  get position(): number {
    return this.#at;
  }

  /** The bytes read since `start`, not copied. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#at);
  }

  integer(): number {
    const major = this.#peek() >> 5;
    if (major === MAJOR.uint) return this.#head(MAJOR.uint);
    const argument = this.#head(MAJOR.negative);
    const value = -1 - argument;
    if (!Number.isSafeInteger(value)) this.#fail('cbor-range', 'integer out of the safe range');
    return value;
  }

  /** A byte string of at most `max` bytes, not copied. */
  bytes(max: number): Uint8Array {
    const length = this.#head(MAJOR.bytes);
    this.#require(length, max, 'byte string');
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** A text of at most `max` UTF-8 bytes. */
  text(max: number): string {
    const start = this.#at;
    const length = this.#head(MAJOR.text);
    this.#require(length, max, 'text');
    const end = this.#at + length;
    const short = shortAscii(this.#bytes, this.#at, end);
    const text = short === null ? fromUtf8(this.#bytes.subarray(this.#at, end)) : null;
    this.#at = end;
    if (text === null) return short!;
    if (!text.ok) throw new DecodeFault('cbor-utf8', `text at offset ${start} is not valid UTF-8`);
    return text.value;
  }

  /** The text that is next if it is among `known`; else nothing is read. */
  knownText(known: KnownTexts): string | undefined {
    const length = (this.#bytes[this.#at] ?? 0) - (MAJOR.text << 5);
    if (length < 0 || length > LONGEST_KNOWN) return undefined;
    const end = this.#at + 1 + length;
    if (end > this.#bytes.length) return undefined;
    const text = known.find(this.#bytes, this.#at + 1, end);
    if (text !== undefined) this.#at = end;
    return text;
  }

  /** Consumes `encoded`, the encoding of some item, if it is next, and says whether it did. */
  skip(encoded: Uint8Array): boolean {
    for (let i = 0; i < encoded.length; i++) if (this.#bytes[this.#at + i] !== encoded[i]) return false;
    this.#at += encoded.length;
    return true;
  }

  /** The number of items of an array, at most `max`. */
  array(max: number): number {
    return this.#count(MAJOR.array, max, 'array');
  }

  /** The number of pairs of a map, at most `max`. */
  map(max: number): number {
    return this.#count(MAJOR.map, max, 'map');
  }

  boolean(): boolean {
    const byte = this.#peek();
    if (byte !== 0xf4 && byte !== 0xf5) this.#fail('cbor-type', 'expected true or false');
    this.#at++;
    return byte === 0xf5;
  }

  /** Consumes a null if one is next, and says whether it did. */
  nil(): boolean {
    if (this.#peek() !== 0xf6) return false;
    this.#at++;
    return true;
  }

  /** The major type of the next item, for choices between types. */
  major(): number {
    return this.#peek() >> 5;
  }

  /** Refuses bytes after the value. */
  end(): void {
    if (this.#at !== this.#bytes.length) {
      this.#fail('cbor-trailing', `${this.#bytes.length - this.#at} bytes after the value`);
    }
  }

  #count(major: number, max: number, what: string): number {
    const count = this.#head(major);
    if (count > max) this.#fail('cbor-limit', `${what} of ${count} items, limit ${max}`);
    // One byte an item is the least: a huge count in a short message is refused before anything is allocated.
    if (count > this.#bytes.length - this.#at) this.#fail('cbor-truncated', `${what} runs past the end`);
    return count;
  }

  #require(length: number, max: number, what: string): void {
    if (length > max) this.#fail('cbor-limit', `${what} of ${length} bytes, limit ${max}`);
    if (length > this.#bytes.length - this.#at) this.#fail('cbor-truncated', `${what} runs past the end`);
  }

  #peek(): number {
    if (this.#at >= this.#bytes.length) this.#fail('cbor-truncated', 'the bytes end too early');
    return this.#bytes[this.#at]!;
  }

  #head(major: number): number {
    const first = this.#peek();
    if (first >> 5 !== major) {
      this.#fail('cbor-type', `expected major type ${major}, found ${first >> 5}`);
    }
    const info = first & 31;
    if (info < 24) {
      this.#at += 1;
      return info;
    }
    if (info > 27) this.#fail('cbor-head', 'indefinite length or reserved head');
    const size = 1 << (info - 24);
    if (this.#at + 1 + size > this.#bytes.length) this.#fail('cbor-truncated', 'the bytes end inside a head');
    const value = this.#argument(size);
    const least = size === 1 ? 24 : 2 ** (4 * size);
    if (value < least) this.#fail('cbor-not-shortest', 'a head is longer than it needs to be');
    if (!Number.isSafeInteger(value)) this.#fail('cbor-range', 'integer out of the safe range');
    this.#at += 1 + size;
    return value;
  }

  #argument(size: number): number {
    const bytes = this.#bytes;
    const end = this.#at + 1 + size;
    let value = 0;
    // Exact up to 2^53, and what is beyond stays beyond.
    for (let at = this.#at + 1; at < end; at++) value = value * 256 + bytes[at]!;
    return value;
  }

  #fail(code: string, detail: string): never {
    throw new DecodeFault(code, `${detail} (offset ${this.#at})`);
  }
}
