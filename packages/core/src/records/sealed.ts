import type { Hasher } from '../crypto/hasher.ts';
import { bytesOfHex, concat, equalBytes, toHex } from '../encoding/bytes.ts';
import {
  byteString,
  type Carried,
  type Codec,
  decode,
  encode,
  fixedBytes,
  record,
  refined,
  text,
  textMap,
} from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import {
  digestCodec,
  type Entry,
  type Link,
  linkCodec,
  type MetaValue,
  metaValueCodec,
  type Origin,
  originCodec,
  type Subject,
} from './entry.ts';

/** Where a sealed record keeps the commitment to its file and, among its fields, the one to its origin. */
export const DIGEST_PLACE = 'digest';
/** See `DIGEST_PLACE`. */
export const ORIGIN_PLACE = 'origin';
const SEALED_DIGEST = toUtf8('qifeng/sealed/v1\n');
const COMMITMENT = toUtf8('qifeng/commitment/v1\n');
const COMMITMENT_LENGTH = 32;
/** Random bytes in a salt. */
export const SALT_LENGTH = 32;

const openedValueCodec = record({ salt: fixedBytes(SALT_LENGTH), value: byteString(1, 9 * 1024) });
/**
 * What opens a sealed record's commitments, by place: the salt and the canonical bytes of the value. It need not open all of
 * them, but at least one.
 */
export const openingCodec: Codec<ReadonlyMap<string, Carried<typeof openedValueCodec>>> = refined(
  textMap(text(64), openedValueCodec, 128),
  opened => (opened.size > 0 ? null : 'an opening of nothing'),
);
/** Salts and values of a sealed record by place: `digest`, `origin`, `link 0` …, and the names of its fields. */
export type Opening = Carried<typeof openingCodec>;

/** What an opening shows of a sealed record, and the places that stay hidden. */
export interface Disclosed {
  /** Of the file; null where it stays hidden or the record has none. */
  readonly digest: Entry['digest'];
  readonly meta: ReadonlyMap<string, MetaValue>;
  readonly origin: Origin | null;
  /** By number of the link. */
  readonly links: ReadonlyMap<number, Link>;
  /** Places that are not opened, in the order of the entry. */
  readonly hidden: readonly string[];
}

/** Whether an id has the form of a sealed subject's: 64 hex digits, which are an HMAC under a key of its issuer. */
export function isSealedId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}

/** Whether a value has the form of a commitment. */
export function isCommitment(value: MetaValue): value is Uint8Array {
  return value instanceof Uint8Array && value.length === COMMITMENT_LENGTH;
}

/** Whether an entry is of a sealed profile, as its values show: in the open no field holds bytes. */
export function isSealed({ meta }: Entry): boolean {
  return [...meta.values()].some(isCommitment);
}

/** The commitment in a link of a sealed entry on this subject; null for a link to something in the open. */
export function sealedTarget({ issuer }: Subject, { subject, index }: Link): Uint8Array | null {
  return subject.issuer === issuer && isSealedId(subject.id) && index === 0 ? bytesOfHex(subject.id) : null;
}

/** A sealed entry with what opens it: null for one that has nothing to hide but its subject's id. */
export interface Sealed {
  readonly entry: Entry;
  readonly opening: Opening | null;
}

/**
 * Seals an entry: the same statement with nothing but commitments, and what opens them. `id` is the subject's sealed id, and
 * `salt` gives `SALT_LENGTH` random bytes at each call.
 */
export function sealEntry(plain: Entry, id: string, hasher: Hasher, salt: () => Uint8Array): Sealed {
  const { subject, digest, links, meta, origin } = plain;
  const opening = new Map<string, Carried<typeof openedValueCodec>>();
  const put = (place: string, value: Uint8Array) => {
    const opened = { salt: salt(), value };
    opening.set(place, opened);
    return commitment(place, opened, hasher);
  };
  const fields = [...meta].map(([name, value]) => [name, put(name, encode(metaValueCodec, value))] as const);
  const from =
    origin === null ? [] : [[ORIGIN_PLACE, put(ORIGIN_PLACE, encode(originCodec, origin))] as const];
  const entry: Entry = {
    ...plain,
    subject: { issuer: subject.issuer, id },
    digest:
      digest === null ? null : { alg: digest.alg, hash: put(DIGEST_PLACE, encode(digestCodec, digest)) },
    links: links.map((link, i) => ({
      rel: link.rel,
      subject: { issuer: subject.issuer, id: toHex(put(linkPlace(i), encode(linkCodec, link))) },
      index: 0,
    })),
    meta: new Map([...fields, ...from]),
    origin: null,
  };
  return { entry, opening: opening.size > 0 ? opening : null };
}

/**
 * What an opening shows of a sealed entry. Faults: `unknown-opening` for a place that holds no commitment or a value that
 * cannot stand there, `opening-mismatch` for a salt or a value that is not the one committed to.
 */
export function openEntry(entry: Entry, opening: Opening | null, hasher: Hasher): Result<Disclosed> {
  const places = placesOf(entry);
  const shown = {
    digest: null as Entry['digest'],
    meta: new Map<string, MetaValue>(),
    origin: null as Origin | null,
    links: new Map<number, Link>(),
  };
  for (const [place, opened] of opening ?? []) {
    const wanted = places.get(place);
    if (wanted === undefined)
      return refuse(
        'unknown-opening',
        `it opens ${JSON.stringify(place)}, and the record has no such commitment`,
      );
    if (!equalBytes(commitment(place, opened, hasher), wanted))
      return refuse('opening-mismatch', `what it says of ${place} is not what the publisher committed to`);
    const flaw = show(place, opened.value, entry, shown);
    if (flaw !== null) return refuse('unknown-opening', `what it says of ${place}: ${flaw}`);
  }
  return ok({ ...shown, hidden: [...places.keys()].filter(place => !opening?.has(place)) });
}

/** The same of an entry that may be in the open: null for one that is, and has nothing to open. */
export function discloseEntry(
  entry: Entry,
  opening: Opening | null,
  hasher: Hasher,
): Result<Disclosed | null> {
  return opening === null && !isSealed(entry) ? ok(null) : openEntry(entry, opening, hasher);
}

/** Puts an opened value where it belongs; what is wrong with it, or null. */
function show(
  place: string,
  bytes: Uint8Array,
  entry: Entry,
  shown: {
    digest: Entry['digest'];
    meta: Map<string, MetaValue>;
    origin: Origin | null;
    links: Map<number, Link>;
  },
): string | null {
  if (place === DIGEST_PLACE) {
    const digest = decode(digestCodec, bytes);
    if (!digest.ok) return digest.fault.detail;
    if (digest.value.alg !== entry.digest!.alg) return 'a digest of another algorithm than the record says';
    shown.digest = digest.value;
  } else if (place === ORIGIN_PLACE) {
    const origin = decode(originCodec, bytes);
    if (!origin.ok) return origin.fault.detail;
    shown.origin = origin.value;
  } else if (place.startsWith(LINK)) {
    const link = decode(linkCodec, bytes);
    const i = Number(place.slice(LINK.length));
    if (!link.ok) return link.fault.detail;
    if (link.value.rel !== entry.links[i]!.rel) return 'a link of another relation than the record says';
    shown.links.set(i, link.value);
  } else {
    const value = decode(metaValueCodec, bytes);
    if (!value.ok) return value.fault.detail;
    shown.meta.set(place, value.value);
  }
  return null;
}

/** The commitments of a sealed entry by place. */
function placesOf({ subject, digest, links, meta }: Entry): Map<string, Uint8Array> {
  const places = new Map<string, Uint8Array>();
  for (const [name, value] of meta) if (isCommitment(value)) places.set(name, value);
  for (const [i, link] of links.entries()) {
    const target = sealedTarget(subject, link);
    if (target !== null) places.set(linkPlace(i), target);
  }
  // After the fields: no field of a sealed profile has this name.
  if (digest !== null) places.set(DIGEST_PLACE, digest.hash);
  return places;
}

// With a space, as no field's name has one.
const LINK = 'link ';

function linkPlace(i: number): string {
  return LINK + i;
}

function commitment(
  place: string,
  { salt, value }: Carried<typeof openedValueCodec>,
  hasher: Hasher,
): Uint8Array {
  if (place === DIGEST_PLACE) {
    const digest = decode(digestCodec, value);
    // Bytes that are no digest commit to nothing.
    return digest.ok ? hasher.digest(concat(SEALED_DIGEST, salt, digest.value.hash)) : new Uint8Array(0);
  }
  return hasher.digest(concat(COMMITMENT, salt, encode(text(64), place), value));
}
