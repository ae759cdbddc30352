import { boolean, type Codec, encode, oneOf, uint } from '../encoding/codec.ts';
import { parseJson } from '../encoding/json-text.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { identifier, plainText } from './names.ts';
import { FIELD_TYPES, FILE_RULES, type Profile, profileCodec, STANDINGS } from './profile.ts';
import { profileFlaw } from './profile-flaw.ts';

/** What is wrong at one place of the text; never leaves this file. */
class JsonFlaw extends Error {}

/** Reads what JSON gave for one place; `path` is for the sentence when it is something else. */
type Reader<T> = (value: unknown, path: string) => T;

const name = scalar(identifier, 'string');
const titleText = scalar(plainText(128, 1), 'string');
const flag = scalar(boolean, 'boolean');
const title = shape({ zh: titleText, en: titleText });

const profile: Reader<Profile> = shape<Required<Profile>>(
  {
    v: one(1),
    name,
    version: scalar(uint(1_000_000), 'number'),
    title,
    privacy: choice('public', 'sealed'),
    personal: choice('allowed', 'refused'),
    states: listOf(shape({ name, title, standing: choice(...STANDINGS) })),
    actions: listOf(
      shape({
        name,
        title,
        from: listOf(name),
        to: name,
        by: choice('issuer', 'home-member', 'any-publisher', 'named'),
        digest: choice(...FILE_RULES),
        fields: listOf(
          shape({
            name,
            title,
            type: choice(...FIELD_TYPES),
            max: scalar(uint(8192), 'number'),
            required: flag,
          }),
        ),
        links: listOf(shape({ rel: name, profile: name, required: flag, states: listOf(name), owner: flag })),
      }),
    ),
    namedBy: listOf(name),
  },
  ['namedBy'],
);

/**
 * A profile from its JSON form: the same names and nesting as `Profile`, each key present but `namedBy`, and no other. One fault,
 * `bad-profile`, whose detail names the place (`actions[1].fields[0].type`) or what is wrong with the whole.
 */
export function profileFromJson(text: string): Result<Profile> {
  try {
    const value = profile(parsed(text), '');
    // The bounds that no single place has: how many there are of each.
    encode(profileCodec, value);
    const wrong = profileFlaw(value);
    return wrong === null ? ok(value) : refuse('bad-profile', wrong);
  } catch (error) {
    if (error instanceof JsonFlaw || error instanceof RangeError) return refuse('bad-profile', error.message);
    throw error;
  }
}

function parsed(text: string): unknown {
  // A byte order mark is what some editors put before a text, and no part of it.
  const json = parseJson(text.replace(/^\uFEFF/, ''));
  if (!json.ok) throw new JsonFlaw(json.fault.detail);
  return json.value;
}

/** A string, number or boolean that `codec` would write. */
function scalar<T extends string | number | boolean>(
  codec: Codec<T>,
  type: 'string' | 'number' | 'boolean',
): Reader<T> {
  return (value, path) => {
    if (typeof value !== type) throw new JsonFlaw(`${path}: expected a ${type}, found ${kindOf(value)}`);
    try {
      encode(codec, value as T);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new JsonFlaw(`${path}: ${error.message}`);
    }
    return value as T;
  };
}

function choice<const T extends string>(...choices: readonly T[]): Reader<T> {
  return scalar(oneOf(...choices), 'string');
}

function one<const T extends number>(expected: T): Reader<T> {
  return (value, path) => {
    if (value !== expected) throw new JsonFlaw(`${path}: expected ${expected}`);
    return expected;
  };
}

function listOf<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new JsonFlaw(`${path}: expected a list, found ${kindOf(value)}`);
    return value.map((each, i) => item(each, `${path}[${i}]`));
  };
}

/** An object with these keys and no other; only those of `optional` may be absent. */
function shape<T extends object>(
  readers: { readonly [K in keyof T]: Reader<T[K]> },
  optional: readonly string[] = [],
): Reader<T> {
  const entries = Object.entries(readers) as [string, Reader<unknown>][];
  const names = entries.map(([key]) => key);
  return (value, path) => {
    const place = path === '' ? 'the profile' : path;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new JsonFlaw(`${place}: expected an object, found ${kindOf(value)}`);
    const unknown = Object.keys(value).find(key => !names.includes(key));
    if (unknown !== undefined)
      throw new JsonFlaw(`${place}: unknown key ${JSON.stringify(unknown)}, expected ${names.join(', ')}`);
    const found = value as Record<string, unknown>;
    const missing = names.find(key => !Object.hasOwn(found, key) && !optional.includes(key));
    if (missing !== undefined) throw new JsonFlaw(`${place}: ${missing} is missing`);
    const read = entries
      .filter(([key]) => Object.hasOwn(found, key))
      .map(([key, reader]) => [key, reader(found[key], path === '' ? key : `${path}.${key}`)]);
    return Object.fromEntries(read) as T;
  };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
