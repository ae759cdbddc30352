import { isDeepStrictEqual } from 'node:util';
import { type Codec, decode, encode, equalBytes, ok, type Result, refuse, toHex, toUtf8 } from '@qifeng/core';

/** Something that reads bytes of others, or of a disk that may have rotted. */
export interface Decoder {
  readonly name: string;
  /** What the packages export that is fuzzed here. */
  readonly of: readonly unknown[];
  /** Bytes that it accepts: what is fed to it is made of them. */
  readonly samples: readonly Uint8Array[];
  /** What is asserted of the bytes that it takes, besides that nothing is thrown. */
  readonly claim: Claim;
  /** Whether it takes the bytes. Throws if it throws, refuses without a code, or breaks its claim. */
  takes(bytes: Uint8Array): boolean;
}

/**
 * `exact`: what is read is written as it came. `same`: a value has more than one encoding on purpose, and what is written of it
 * reads as the same value. `only`: nothing but the sample is taken. `none`: nothing writes what is read.
 */
export type Claim = 'exact' | 'same' | 'only' | 'none';

/** What writes a value again, by what that shows, or the only thing that is taken; null where nothing writes it. */
export type Writer<T, W> =
  | { readonly exact: (value: T) => W }
  | { readonly same: (value: T) => W }
  | { readonly only: W }
  | null;

/** A decoder of bytes that gives a `Result`. */
export function bytes<T>(
  name: string,
  of: readonly unknown[],
  samples: readonly Uint8Array[],
  read: (bytes: Uint8Array) => Result<T>,
  writer: Writer<T, Uint8Array>,
): Decoder {
  return {
    name,
    of,
    samples,
    claim: claimOf(writer),
    takes: input => {
      const result = read(input);
      if (!result.ok) {
        if (result.fault.code === '') throw new Error('a refusal without a code');
        return false;
      }
      if (writer === null) return true;
      if ('exact' in writer) {
        if (equalBytes(writer.exact(result.value), input)) return true;
        throw new Error(`${name}: written otherwise: ${toHex(input)}`);
      }
      if ('only' in writer) {
        if (equalBytes(writer.only, input)) return true;
        throw new Error(`${name}: taken although it is another: ${toHex(input)}`);
      }
      const again = read(writer.same(result.value));
      if (again.ok && isDeepStrictEqual(again.value, result.value)) return true;
      throw new Error(`${name}: another value once it is written: ${toHex(input)}`);
    },
  };
}

/** The same of a text. What is no UTF-8 never gets as far as a decoder of texts. */
export function text<T>(
  name: string,
  of: readonly unknown[],
  samples: readonly string[],
  read: (text: string, bytes: Uint8Array) => Result<T>,
  writer: Writer<T, string>,
): Decoder {
  // Lossless.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return bytes(
    name,
    of,
    samples.map(toUtf8),
    input => {
      let given: string;
      try {
        given = decoder.decode(input);
      } catch {
        return refuse('not-utf8', '');
      }
      return read(given, input);
    },
    inBytes(writer),
  );
}

function claimOf(writer: Writer<never, unknown>): Claim {
  if (writer === null) return 'none';
  if ('only' in writer) return 'only';
  return 'exact' in writer ? 'exact' : 'same';
}

function inBytes<T>(writer: Writer<T, string>): Writer<T, Uint8Array> {
  if (writer === null) return null;
  if ('exact' in writer) return { exact: value => toUtf8(writer.exact(value)) };
  if ('only' in writer) return { only: toUtf8(writer.only) };
  return { same: value => toUtf8(writer.same(value)) };
}

/** A codec, whose values have one encoding each. */
export function ofCodec<T>(name: string, codec: Codec<T>, samples: readonly T[]): Decoder {
  return bytes(
    name,
    [codec],
    samples.map(sample => encode(codec, sample)),
    input => decode(codec, input),
    { exact: value => encode(codec, value) },
  );
}

/** What gives null for all that it does not take. */
export function orNull<T>(value: T | null): Result<T> {
  return value === null ? refuse('null', '') : ok(value);
}

/** What tells by an error of one class, with a code, what is wrong with a file of one's own. */
export function orThrown<T>(
  read: () => T,
  kind: new (...args: never[]) => Error & { readonly code: string },
): Result<T> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof kind) return refuse(error.code, error.message);
    throw error;
  }
}

/** The value of bytes that are sound. */
export function decoded<T>(codec: Codec<T>, input: Uint8Array): T {
  const value = decode(codec, input);
  if (!value.ok) throw new Error(value.fault.detail);
  return value.value;
}
