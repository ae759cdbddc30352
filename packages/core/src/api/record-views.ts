import { encode } from '../encoding/codec.ts';
import type { Json } from '../encoding/json-text.ts';
import {
  type Digest,
  type Entry,
  entryCodec,
  type MetaScalar,
  type MetaValue,
  type Origin,
  type Subject,
} from '../records/entry.ts';
import type { Leaf } from '../records/leaf.ts';
import {
  type JsonCodec,
  JsonFault,
  type JsonSchema,
  jsonAs,
  jsonExactly,
  jsonHex,
  jsonList,
  jsonMap,
  jsonNullable,
  jsonObject,
  jsonOneOf,
  jsonText,
  jsonUint,
} from './json-codec.ts';

/** A document digest: `{alg, hash}`. */
export const digestView: JsonCodec<Digest> = jsonObject('Digest', {
  alg: jsonOneOf('sha256', 'sm3'),
  hash: jsonHex(32),
});

/** A subject inside its profile: `{issuer, id}`. */
export const subjectView: JsonCodec<Subject> = jsonObject('Subject', { issuer: jsonText, id: jsonText });

const bytesView = jsonObject(null, { bytes: jsonHex() });
const scalarSchemas: readonly JsonSchema[] = [
  { type: ['string', 'integer', 'boolean', 'null'] },
  bytesView.schema,
];

function scalarToJson(value: MetaScalar): Json {
  return value instanceof Uint8Array ? bytesView.toJson({ bytes: value }) : value;
}

function scalarFromJson(json: Json, path: string): MetaScalar {
  return typeof json === 'object' && json !== null ? bytesView.fromJson(json, path).bytes : json;
}

/** A metadata value: texts, integers, booleans, null; bytes as `{"bytes": hex}`, so that no text is taken for bytes. */
const metaValueView: JsonCodec<MetaValue> = {
  schema: {
    title: 'MetaValue',
    anyOf: [...scalarSchemas, { type: 'array', items: { anyOf: scalarSchemas } }],
  },
  toJson: value =>
    Array.isArray(value) ? value.map(item => scalarToJson(item)) : scalarToJson(value as MetaScalar),
  fromJson: (json, path) =>
    Array.isArray(json)
      ? json.map((item: Json, i) => scalarFromJson(item, `${path}[${i}]`))
      : scalarFromJson(json, path),
};

/** An origin: times in ms, an earlier digest as elsewhere. */
export const originView: JsonCodec<Origin> = jsonObject('Origin', {
  method: jsonText,
  tool: jsonText,
  operator: jsonText,
  capturedAt: jsonNullable(jsonUint),
  earlier: jsonNullable(digestView),
});

/** An entry with the field names it has on the ledger. */
export const entryView: JsonCodec<Entry> = jsonObject('Entry', {
  profile: jsonText,
  action: jsonText,
  subject: subjectView,
  digest: jsonNullable(digestView),
  prev: jsonNullable(jsonUint),
  links: jsonList(jsonObject(null, { rel: jsonText, subject: subjectView, index: jsonUint })),
  meta: jsonMap(metaValueView),
  origin: jsonNullable(originView),
});

/** A leaf; its entry is read back with the canonical bytes it must have had. */
export const leafView: JsonCodec<Leaf> = jsonObject('Leaf', {
  v: jsonExactly(1),
  height: jsonUint,
  time: jsonUint,
  submission: jsonHex(32),
  i: jsonUint,
  publisher: jsonText,
  seq: jsonUint,
  publisherPrev: jsonNullable(jsonUint),
  version: jsonUint,
  subjectPrev: jsonNullable(jsonUint),
  entry: jsonAs(
    entryView,
    ({ value }: Leaf['entry']) => value,
    (value, path) => ({ value, bytes: encoded(path, () => encode(entryCodec, value)) }),
  ),
});

/** The JSON form of a leaf: bytes in lowercase hex, `meta` as an object, the entry inline. */
export function leafToJson(leaf: Leaf): Json {
  return leafView.toJson(leaf);
}

/** What `encoder` gives; a value outside its type's bounds is a `JsonFault` at `path`. */
export function encoded<T>(path: string, encoder: () => T): T {
  try {
    return encoder();
  } catch (error) {
    // The codecs' own word for a value that is not theirs; here the value is a stranger's.
    if (error instanceof RangeError) throw new JsonFault(path, error.message);
    throw error;
  }
}
