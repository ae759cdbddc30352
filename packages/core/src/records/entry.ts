import { MAJOR } from '../encoding/cbor-writer.ts';
import {
  boolean,
  byteString,
  type Carried,
  type Codec,
  fixedBytes,
  integer,
  list,
  nullable,
  oneOf,
  record,
  textMap,
  uint,
  union,
} from '../encoding/codec.ts';
import { identifier, plainText, uscc } from './names.ts';

/** Bytes in one encoded entry at most. */
export const MAX_ENTRY_BYTES = 16 * 1024;
/** UTF-8 bytes in a subject id at most. */
export const MAX_SUBJECT_ID_BYTES = 256;

/** A file's hash: over the file's bytes, or over its sealed form in a sealed profile. */
export const digestCodec = record({ alg: oneOf('sha256', 'sm3'), hash: fixedBytes(32) });
/** A document digest with its algorithm. */
export type Digest = Carried<typeof digestCodec>;

/** What a history is about, named inside its issuer so that nobody squats on another organ's number. */
export const subjectCodec = record({ issuer: uscc, id: plainText(MAX_SUBJECT_ID_BYTES, 1) });
/** A subject: issuer (统一社会信用代码) and the issuer's own id for it. */
export type Subject = Carried<typeof subjectCodec>;

/** A typed reference to a record that is already in the log, so that no cycle is possible. */
export const linkCodec = record({ rel: identifier, subject: subjectCodec, index: uint() });
/** A link: relation, subject, and the log index of one of that subject's records. */
export type Link = Carried<typeof linkCodec>;

/** One metadata value. */
export type MetaScalar = string | number | boolean | Uint8Array | null;
/** A metadata value or a flat list of them. */
export type MetaValue = MetaScalar | readonly MetaScalar[];

const MAX_META_BYTES = 8 * 1024;
const scalarAlternatives = [
  {
    majors: [MAJOR.uint, MAJOR.negative],
    holds: (value: MetaValue) => typeof value === 'number',
    codec: integer as unknown as Codec<MetaValue>,
  },
  {
    majors: [MAJOR.text],
    holds: (value: MetaValue) => typeof value === 'string',
    codec: plainText(MAX_META_BYTES) as unknown as Codec<MetaValue>,
  },
  {
    majors: [MAJOR.bytes],
    holds: (value: MetaValue) => value instanceof Uint8Array,
    codec: byteString(0, MAX_META_BYTES) as unknown as Codec<MetaValue>,
  },
  {
    majors: [MAJOR.simple],
    holds: (value: MetaValue) => value === null || typeof value === 'boolean',
    codec: nullable(boolean) as unknown as Codec<MetaValue>,
  },
];
const metaScalar = union<MetaValue>(...scalarAlternatives) as unknown as Codec<MetaScalar>;
/** A metadata value: a scalar, or a flat list of 64 at most. */
export const metaValueCodec = union<MetaValue>(...scalarAlternatives, {
  majors: [MAJOR.array],
  holds: value => Array.isArray(value),
  codec: list(metaScalar, 64) as unknown as Codec<MetaValue>,
});

/** How a file was captured before it came here (《人民法院在线诉讼规则》 art. 18). */
export const originCodec = record({
  method: plainText(256),
  tool: plainText(256),
  operator: plainText(256),
  capturedAt: nullable(uint()),
  earlier: nullable(digestCodec),
});
/** Origin of a file: how, with what and by whom it was captured, when (ms), and an earlier digest. */
export type Origin = Carried<typeof originCodec>;

/** One signed statement about one subject; canonical form of what a leaf carries inline. */
export const entryCodec = record({
  profile: identifier,
  action: identifier,
  subject: subjectCodec,
  digest: nullable(digestCodec),
  prev: nullable(uint()),
  links: list(linkCodec, 32),
  meta: textMap(identifier, metaValueCodec, 64),
  origin: nullable(originCodec),
});
/**
 * An entry: `profile` without version, `action` of that profile, `subject`, `digest` (null where the action needs no
 * file), `prev` (log index of the subject's last record, null for the first), `links`, `meta` (by field name, as a profile
 * names its fields), `origin`.
 */
export type Entry = Carried<typeof entryCodec>;
