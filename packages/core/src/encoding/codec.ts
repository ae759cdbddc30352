import { compareBytes } from './bytes.ts';
import { CborReader, DecodeFault } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { KnownTexts } from './known-texts.ts';
import { ok, type Result, refuse } from './result.ts';
import { toUtf8, utf8Length } from './utf8.ts';

/**
 * How one type is written and read. A codec reads only what it would write, so decoding and encoding again gives the
 * same bytes: what is hashed or signed has one form.
 */
export interface Codec<T> {
  readonly write: (out: CborWriter, value: T) => void;
  readonly read: (input: CborReader) => T;
}

/** The type a codec carries. */
export type Carried<C> = C extends Codec<infer T> ? T : never;

/** Deterministic bytes of `value`. Throws RangeError if the value is not one of the codec's: what we encode is ours. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const out = new CborWriter();
  codec.write(out, value);
  return out.finish();
}

/**
 * The value of untrusted bytes, or a fault (`too-big`, `cbor-…`). Byte strings in the value are
 * views of `bytes`: copy what must outlive it.
 */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array, limit = 64 * 1024 * 1024): Result<T> {
  return read(
    input => {
      const value = codec.read(input);
      input.end();
      return value;
    },
    bytes,
    limit,
  );
}

function read<T>(from: (input: CborReader) => T, bytes: Uint8Array, limit: number): Result<T> {
  if (bytes.length > limit) return refuse('too-big', `${bytes.length} bytes, limit ${limit}`);
  try {
    return ok(from(new CborReader(bytes)));
  } catch (error) {
    if (error instanceof DecodeFault) return { ok: false, fault: error.fault };
    throw error;
  }
}

/**
 * The first field of a record of so many, with the faults of `decode`; nothing that follows is read. So what a record is
 * about can be told for a fraction of what reading it takes.
 */
export function decodeFirst<T>(
  codec: Codec<T>,
  fields: number,
  bytes: Uint8Array,
  limit = 64 * 1024 * 1024,
): Result<T> {
  return read(
    input => {
      const count = input.array(fields);
      if (count !== fields)
        throw new DecodeFault('cbor-value', `${count} fields, expected ${fields} (offset 0)`);
      return codec.read(input);
    },
    bytes,
    limit,
  );
}

/** A safe integer of either sign. */
export const integer: Codec<number> = {
  write: (out, value) => out.integer(value),
  read: input => input.integer(),
};

/** An unsigned integer from `min` to `max` (default 2^53 - 1). */
export function uint(max = Number.MAX_SAFE_INTEGER, min = 0): Codec<number> {
  return refined(integer, value =>
    value >= min && value <= max ? null : `expected ${min}..${max}, found ${value}`,
  );
}

/** A number that counts from 1. */
export const positive: Codec<number> = uint(Number.MAX_SAFE_INTEGER, 1);

/** True or false. */
export const boolean: Codec<boolean> = {
  write: (out, value) => out.boolean(value),
  read: input => input.boolean(),
};

/** A byte string of `min` to `max` bytes. */
export function byteString(min: number, max: number): Codec<Uint8Array> {
  const codec: Codec<Uint8Array> = {
    write: (out, value) => out.bytes(value),
    read: input => input.bytes(max),
  };
  return refined(codec, value =>
    value.length >= min && value.length <= max
      ? null
      : `expected ${min}..${max} bytes, found ${value.length}`,
  );
}

/** A byte string of exactly `length` bytes. */
export function fixedBytes(length: number): Codec<Uint8Array> {
  return byteString(length, length);
}

/** A text of `min` to `max` UTF-8 bytes. */
export function text(max: number, min = 0): Codec<string> {
  return {
    write: (out, value) => {
      const length = utf8Length(value);
      if (length < min || length > max)
        throw new RangeError(`text of ${length} bytes, expected ${min}..${max}`);
      out.text(value);
    },
    read: input => {
      const start = input.position;
      const value = input.text(max);
      if (min > value.length && min > utf8Length(value))
        throw new DecodeFault('cbor-value', `text shorter than ${min} bytes (offset ${start})`);
      return value;
    },
  };
}

/** One of the given texts. */
export function oneOf<const T extends string>(...choices: readonly T[]): Codec<T> {
  const longest = Math.max(...choices.map(choice => choice.length));
  const choice = refined(text(Math.max(longest, 64)) as unknown as Codec<T>, value =>
    choices.includes(value) ? null : `expected one of ${choices.join(', ')}`,
  );
  return recurring(choice);
}

/**
 * The same codec for texts of which a few recur all the time, such as names: one that was read before is known by its
 * bytes. What is read does not depend on it, as `codec` accepted the same bytes then.
 */
export function recurring<T extends string>(codec: Codec<T>): Codec<T> {
  const known = new KnownTexts();
  return {
    write: codec.write,
    read: input => {
      const found = input.knownText(known) as T | undefined;
      if (found !== undefined) return found;
      const value = codec.read(input);
      known.add(value);
      return value;
    },
  };
}

/** The given number and no other: versions. */
export function exactly<const T extends number>(value: T): Codec<T> {
  return refined(integer as unknown as Codec<T>, found =>
    found === value ? null : `expected ${value}, found ${found}`,
  );
}

/** The codec's value, or null for an absent optional. */
export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    write: (out, value) => (value === null ? out.nil() : codec.write(out, value)),
    read: input => (input.nil() ? null : codec.read(input)),
  };
}

/** An array of `min` to `max` items of one kind. */
export function list<T>(codec: Codec<T>, max: number, min = 0): Codec<readonly T[]> {
  const items: Codec<readonly T[]> = {
    write: (out, values) => {
      out.array(values.length);
      for (const value of values) codec.write(out, value);
    },
    read: input => {
      const count = input.array(max);
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(codec.read(input));
      return values;
    },
  };
  return refined(items, values =>
    values.length >= min && values.length <= max
      ? null
      : `expected ${min}..${max} items, found ${values.length}`,
  );
}

type Fields<T> = { readonly [K in keyof T]: Codec<T[K]> };

/** A positional array: the fields in the order written here, without their names. */
export function record<T extends object>(fields: Fields<T>): Codec<{ readonly [K in keyof T]: T[K] }> {
  return positional<T>(fields, Object.keys(fields).length);
}

/** A `record` that goes on with the fields of `last` where the value has them; one without them has the bytes of the record alone. */
export function recordWithLast<T extends object, L extends object>(
  fields: Fields<T>,
  last: Fields<L>,
): Codec<{ readonly [K in keyof T]: T[K] } & { readonly [K in keyof L]?: L[K] }> {
  return positional({ ...fields, ...last } as Fields<object>, Object.keys(fields).length) as never;
}

/** A positional array of all fields, or of the first `least` where the value lacks the next. */
function positional<T extends object>(fields: Fields<T>, least: number): Codec<T> {
  const names = Object.keys(fields);
  const codecs = Object.values(fields) as Codec<unknown>[];
  return {
    write: (out, value) => {
      const values = value as Record<string, unknown>;
      const whole = least === names.length || values[names[least]!] !== undefined;
      const count = whole ? names.length : least;
      out.array(count);
      for (let i = 0; i < count; i++) codecs[i]!.write(out, values[names[i]!]);
    },
    read: input => {
      const start = input.position;
      const count = input.array(names.length);
      if (count !== names.length && count !== least) {
        throw new DecodeFault('cbor-value', `${count} fields, expected ${names.length} (offset ${start})`);
      }
      const value: Record<string, unknown> = {};
      for (let i = 0; i < count; i++) value[names[i]!] = codecs[i]!.read(input);
      return value as T;
    },
  };
}

/** A positional array whose items need no names. */
export function tuple<const T extends readonly unknown[]>(...items: Fields<T>): Codec<T> {
  const { write, read } = record<object>({ ...items });
  // The names are 0, 1, …, which an object keeps in this order.
  return {
    write: (out, value) => write(out, value),
    read: input => Object.values(read(input)) as unknown as T,
  };
}

/** A map with exactly these text keys, written in the deterministic order whatever their order here. */
export function struct<T extends object>(fields: Fields<T>): Codec<{ readonly [K in keyof T]: T[K] }> {
  const entries = (Object.entries(fields) as [string, Codec<unknown>][])
    .sort((a, b) => compareKeys(a[0], b[0]))
    .map(([name, codec]) => ({ name, codec, key: encode(text(64), name) }));
  return {
    write: (out, value) => {
      out.map(entries.length);
      for (const { name, codec } of entries) {
        out.text(name);
        codec.write(out, (value as Record<string, unknown>)[name]);
      }
    },
    read: input => {
      const start = input.position;
      if (input.map(entries.length) !== entries.length) {
        throw new DecodeFault('cbor-value', `expected ${entries.length} keys (offset ${start})`);
      }
      const value: Record<string, unknown> = {};
      for (const { name, codec, key } of entries) {
        const at = input.position;
        if (!input.skip(key) && input.text(64) !== name)
          throw new DecodeFault('cbor-value', `expected key ${name} (offset ${at})`);
        value[name] = codec.read(input);
      }
      return value as T;
    },
  };
}

/** A map of at most `maxEntries` keys, which `key` reads as texts; unique and in deterministic order. */
export function textMap<T>(
  key: Codec<string>,
  codec: Codec<T>,
  maxEntries: number,
): Codec<ReadonlyMap<string, T>> {
  return {
    write: (out, value) => {
      if (value.size > maxEntries) throw new RangeError(`map of ${value.size} keys, limit ${maxEntries}`);
      out.map(value.size);
      for (const name of [...value.keys()].sort(compareKeys)) {
        key.write(out, name);
        codec.write(out, value.get(name)!);
      }
    },
    read: input => {
      const count = input.map(maxEntries);
      const value = new Map<string, T>();
      let previous: string | null = null;
      for (let i = 0; i < count; i++) {
        const start = input.position;
        const name = key.read(input);
        if (previous !== null && compareKeys(previous, name) >= 0) {
          throw new DecodeFault('cbor-order', `map key out of order or twice (offset ${start})`);
        }
        value.set(name, codec.read(input));
        previous = name;
      }
      return value;
    },
  };
}

/** Chooses a codec by the type found: each alternative names the major types it starts with. */
export function union<T>(...alternatives: readonly Alternative<T>[]): Codec<T> {
  const byMajor = Array.from({ length: 8 }, (_, major) =>
    alternatives.find(alternative => alternative.majors.includes(major)),
  );
  return {
    write: (out, value) => {
      const found = alternatives.find(alternative => alternative.holds(value));
      if (found === undefined) throw new RangeError('value fits no alternative');
      found.codec.write(out, value);
    },
    read: input => {
      const major = input.major();
      const found = byMajor[major];
      if (found === undefined) {
        throw new DecodeFault('cbor-type', `major type ${major} not allowed (offset ${input.position})`);
      }
      return found.codec.read(input);
    },
  };
}

/** One alternative of a union. */
export interface Alternative<T> {
  readonly majors: readonly number[];
  readonly holds: (value: T) => boolean;
  readonly codec: Codec<T>;
}

/** The codec with a further condition: `check` returns null, or what is wrong. */
export function refined<T>(codec: Codec<T>, check: (value: T) => string | null): Codec<T> {
  return {
    write: (out, value) => {
      const wrong = check(value);
      if (wrong !== null) throw new RangeError(wrong);
      codec.write(out, value);
    },
    read: input => {
      const start = input.position;
      const value = codec.read(input);
      const wrong = check(value);
      if (wrong !== null) throw new DecodeFault('cbor-value', `${wrong} (offset ${start})`);
      return value;
    },
  };
}

/** The value together with the bytes it was read from, its canonical encoding. Writing writes `bytes` as they are. */
export function withBytes<T>(codec: Codec<T>): Codec<{ readonly value: T; readonly bytes: Uint8Array }> {
  return {
    write: (out, { bytes }) => out.raw(bytes),
    read: input => {
      const start = input.position;
      const value = codec.read(input);
      return { value, bytes: input.since(start) };
    },
  };
}

/** Order of text keys by their encoded bytes (RFC 8949 section 4.2.1): shorter first, then bytewise. */
function compareKeys(a: string, b: string): number {
  const left = toUtf8(a);
  const right = toUtf8(b);
  return left.length - right.length || compareBytes(left, right);
}
