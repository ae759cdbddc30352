import { equalBytes } from '../encoding/bytes.ts';
import type { Codec } from '../encoding/codec.ts';
import type { Digest, Subject } from '../records/entry.ts';
import type { Leaf } from '../records/leaf.ts';
import {
  type DigestValue,
  digestValueCodec,
  type NamePart,
  type PublisherValue,
  publisherValueCodec,
  type StateKind,
  type SubjectValue,
  subjectValueCodec,
} from '../records/state.ts';

/** What the state holds of each kind of thing that a status proof may be about. */
export interface StatusValues {
  readonly subject: SubjectValue;
  readonly digest: DigestValue;
  readonly publisher: PublisherValue;
}
/** A kind of thing that a status proof may be about. */
export type StatusKind = keyof StatusValues;

interface Names {
  readonly subject: { readonly profile: string; readonly subject: Subject };
  readonly digest: Digest;
  readonly publisher: { readonly id: string };
}
/** What is asked about: a subject in its profile, a digest, or a publisher by its code. */
export type Asked<K extends StatusKind = StatusKind> = {
  [kind in StatusKind]: { readonly kind: kind } & Names[kind];
}[K];

interface Rules<K extends StatusKind> {
  readonly codec: Codec<StatusValues[K]>;
  readonly name: (asked: Asked<K>) => readonly NamePart[];
  /** Log index of its last record; null for one without. */
  readonly headOf: (value: StatusValues[K]) => number | null;
  /** Where the value contradicts the name, itself or the last record, or null. */
  readonly flaw: (asked: Asked<K>, value: StatusValues[K], last: Leaf | null) => string | null;
}

const RULES: { readonly [K in StatusKind]: Rules<K> } = {
  subject: {
    codec: subjectValueCodec,
    name: ({ profile, subject }) => [profile, subject.issuer, subject.id],
    headOf: ({ head }) => head,
    flaw: (asked, value, last) => {
      if (value.profile !== asked.profile) return `the value is of profile ${value.profile}`;
      if (!isOfSubject(asked, last!)) return 'the receipt is of a record of another subject';
      // Its file need not be the text: it may only have accompanied the action.
      return last!.version === value.version
        ? null
        : `the receipt is of number ${last!.version}, the state counts ${value.version}`;
    },
  },
  digest: {
    codec: digestValueCodec,
    name: ({ alg, hash }) => [alg, hash],
    headOf: ({ last }) => last,
    flaw: (asked, { first, last: index, count }, last) => {
      if (count === 0 || index - first < count - 1 || (count === 1 && first !== index))
        return `${count} records cannot be from ${first} to ${index}`;
      return carries(asked, last!) ? null : 'the receipt is of a record with another digest';
    },
  },
  publisher: {
    codec: publisherValueCodec,
    name: ({ id }) => [id],
    headOf: ({ head }) => head,
    flaw: (asked, { seq }, last) => {
      if (last === null) return seq === 0 ? null : `${seq} records and no last one`;
      if (last.publisher !== asked.id) return `the receipt is of a record of ${last.publisher}`;
      return last.seq === seq ? null : `the receipt is of number ${last.seq}, the state counts ${seq}`;
    },
  },
};

/** How values of a kind are named, read and compared with the last record. */
export function statusRules<K extends StatusKind>(kind: K): Rules<K> {
  return RULES[kind];
}

/** Name parts of what is asked about, as the state has them. */
export function askedName<K extends StatusKind>(asked: Asked<K>): readonly NamePart[] {
  return statusRules<K>(asked.kind as K).name(asked);
}

/** The inverse of `askedName`: what a kind and its name parts ask about, null where they are of nothing that can be asked. */
export function askedNamed(kind: StateKind, name: readonly NamePart[]): Asked | null {
  const [first, second, third] = name;
  if (kind === 'subject' && name.length === 3)
    return typeof first === 'string' && typeof second === 'string' && typeof third === 'string'
      ? { kind, profile: first, subject: { issuer: second, id: third } }
      : null;
  if (kind === 'digest' && name.length === 2)
    return (first === 'sha256' || first === 'sm3') && second instanceof Uint8Array && second.length === 32
      ? { kind, alg: first, hash: second }
      : null;
  return kind === 'publisher' && name.length === 1 && typeof first === 'string' ? { kind, id: first } : null;
}

/** Whether a record is of this subject. */
export function isOfSubject({ profile, subject }: Names['subject'], { entry: { value } }: Leaf): boolean {
  const { issuer, id } = value.subject;
  return value.profile === profile && issuer === subject.issuer && id === subject.id;
}

/** Whether a record carries this digest. */
export function carries(digest: Digest, { entry: { value } }: Leaf): boolean {
  return value.digest !== null && sameDigest(value.digest, digest);
}

/** Whether two digests are one. */
export function sameDigest(a: Digest, b: Digest): boolean {
  return a.alg === b.alg && equalBytes(a.hash, b.hash);
}
