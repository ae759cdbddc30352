import { fromHex, toHex } from '../encoding/bytes.ts';
import { type Json, parseJson } from '../encoding/json-text.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';

/** A JSON Schema (2020-12, as OpenAPI 3.1 uses it). One with a `title` becomes a component of that name. */
export type JsonSchema = { readonly [keyword: string]: Json };

/**
 * The JSON view of one type: what a node writes, a client reads and the OpenAPI document says, in one place. `fromJson`
 * takes what `parseJson` gave and throws `JsonFault` on anything that `toJson` would not write.
 */
export interface JsonCodec<T> {
  readonly schema: JsonSchema;
  toJson(value: T): Json;
  fromJson(json: Json, path: string): T;
}

/** The type a view carries. */
export type Viewed<C> = C extends JsonCodec<infer T> ? T : never;

/** A JSON value that is not one of its view's, with its place. `readJson` turns it into a fault. */
export class JsonFault extends Error {
  constructor(path: string, what: string) {
    super(`${path === '' ? 'the value' : path}: ${what}`);
  }
}

/** The value in a JSON text, strictly; `malformed` says where it is not one. */
export function readJson<T>(codec: JsonCodec<T>, text: string): Result<T> {
  const json = parseJson(text);
  if (!json.ok) return json;
  try {
    return ok(codec.fromJson(json.value, ''));
  } catch (error) {
    if (error instanceof JsonFault) return refuse('malformed', error.message);
    throw error;
  }
}

/** The JSON text of a value. */
export function writeJson<T>(codec: JsonCodec<T>, value: T): string {
  return JSON.stringify(codec.toJson(value));
}

function scalar<T extends Json>(schema: JsonSchema, is: (json: Json) => json is T, what: string) {
  return {
    schema,
    toJson: (value: T) => value as Json,
    fromJson: (json: Json, path: string): T => {
      if (!is(json)) throw new JsonFault(path, `expected ${what}`);
      return json;
    },
  };
}

/** Any text; its bounds are the encoder's to check. */
export const jsonText: JsonCodec<string> = scalar(
  { type: 'string' },
  json => typeof json === 'string',
  'a text',
);

/** True or false. */
export const jsonBoolean: JsonCodec<boolean> = scalar(
  { type: 'boolean' },
  json => typeof json === 'boolean',
  'true or false',
);

/** A safe unsigned integer. */
export const jsonUint: JsonCodec<number> = scalar(
  { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  (json): json is number => typeof json === 'number' && json >= 0,
  'an unsigned integer',
);

/** One of the given texts. */
export function jsonOneOf<const T extends string>(...choices: readonly T[]): JsonCodec<T> {
  return scalar<T>(
    { type: 'string', enum: choices },
    (json): json is T => choices.includes(json as T),
    `one of ${choices.join(', ')}`,
  );
}

/** The given number and no other. */
export function jsonExactly<const T extends number>(value: T): JsonCodec<T> {
  return scalar<T>({ const: value }, (json): json is T => json === value, String(value));
}

/** Bytes as lowercase hex, exactly `length` of them if given. */
export function jsonHex(length?: number): JsonCodec<Uint8Array> {
  const pattern = length === undefined ? '^([0-9a-f]{2})*$' : `^[0-9a-f]{${2 * length}}$`;
  return {
    schema: { type: 'string', pattern },
    toJson: toHex,
    fromJson: (json, path) => {
      if (typeof json !== 'string') throw new JsonFault(path, 'expected lowercase hex');
      const bytes = fromHex(json);
      if (!bytes.ok) throw new JsonFault(path, bytes.fault.detail);
      if (length !== undefined && bytes.value.length !== length)
        throw new JsonFault(path, `expected ${length} bytes, found ${bytes.value.length}`);
      return bytes.value;
    },
  };
}

/** The view's value, or null. */
export function jsonNullable<T>(codec: JsonCodec<T>): JsonCodec<T | null> {
  return {
    schema: { anyOf: [codec.schema, { type: 'null' }] },
    toJson: value => (value === null ? null : codec.toJson(value)),
    fromJson: (json, path) => (json === null ? null : codec.fromJson(json, path)),
  };
}

/** An array. */
export function jsonList<T>(codec: JsonCodec<T>): JsonCodec<readonly T[]> {
  return {
    schema: { type: 'array', items: codec.schema },
    toJson: values => values.map(value => codec.toJson(value)),
    fromJson: (json, path) => {
      if (!Array.isArray(json)) throw new JsonFault(path, 'expected an array');
      return json.map((item: Json, i) => codec.fromJson(item, `${path}[${i}]`));
    },
  };
}

/** An object with free names, as a map. */
export function jsonMap<T>(codec: JsonCodec<T>): JsonCodec<ReadonlyMap<string, T>> {
  return {
    schema: { type: 'object', additionalProperties: codec.schema },
    toJson: values => Object.fromEntries([...values].map(([name, value]) => [name, codec.toJson(value)])),
    fromJson: (json, path) =>
      new Map(membersOf(json, path).map(([name, value]) => [name, codec.fromJson(value, `${path}.${name}`)])),
  };
}

type Views<T> = { readonly [K in keyof T]: JsonCodec<T[K]> };

/** An object with exactly these members; `title` names it in the OpenAPI document. */
export function jsonObject<T extends object>(
  title: string | null,
  fields: Views<T>,
): JsonCodec<{ readonly [K in keyof T]: T[K] }> {
  const entries = Object.entries(fields) as [string, JsonCodec<unknown>][];
  return {
    schema: {
      ...(title === null ? {} : { title }),
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
      required: entries.map(([name]) => name),
      additionalProperties: false,
    },
    toJson: value =>
      Object.fromEntries(
        entries.map(([name, codec]) => [name, codec.toJson((value as Record<string, unknown>)[name])]),
      ),
    fromJson: (json, path) => {
      const members = new Map(membersOf(json, path));
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) {
        const member = members.get(name);
        if (member === undefined) throw new JsonFault(path, `no member ${name}`);
        value[name] = codec.fromJson(member, path === '' ? name : `${path}.${name}`);
        members.delete(name);
      }
      for (const name of members.keys()) throw new JsonFault(path, `unknown member ${JSON.stringify(name)}`);
      return value as T;
    },
  };
}

/** The view of a type through that of another. `from` may throw `JsonFault`. */
export function jsonAs<T, U>(
  codec: JsonCodec<U>,
  to: (value: T) => U,
  from: (value: U, path: string) => T,
): JsonCodec<T> {
  return {
    schema: codec.schema,
    toJson: value => codec.toJson(to(value)),
    fromJson: (json, path) => from(codec.fromJson(json, path), path),
  };
}

function membersOf(json: Json, path: string): [string, Json][] {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new JsonFault(path, 'expected an object');
  return Object.entries(json);
}
