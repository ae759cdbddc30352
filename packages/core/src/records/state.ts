import type { Hasher } from '../crypto/hasher.ts';
import { CborWriter } from '../encoding/cbor-writer.ts';
import {
  boolean,
  byteString,
  type Carried,
  fixedBytes,
  list,
  nullable,
  oneOf,
  record,
  uint,
} from '../encoding/codec.ts';
import { digestCodec } from './entry.ts';
import { identifier, memberCode, plainText, uscc } from './names.ts';
import { observersCodec } from './observers.ts';
import { rolesCodec } from './roles.ts';

/** The kinds of value in the certified state. Everything execution reads is one of them. */
export const STATE_KINDS = [
  'subject',
  'digest',
  'publisher',
  'submission',
  'member',
  'epoch',
  'profile',
  'parameter',
  'accusation',
  'observers',
] as const;
/** A kind of value in the certified state. */
export type StateKind = (typeof STATE_KINDS)[number];
/** One part of a state key's name. */
export type NamePart = string | number | Uint8Array;

/** Canonical name of a state value: `CBOR([kind, name parts …])`. */
export function stateName(kind: StateKind, ...parts: readonly NamePart[]): Uint8Array {
  const out = new CborWriter(96);
  out.array(1 + parts.length);
  out.text(kind);
  for (const part of parts) {
    if (typeof part === 'string') out.text(part);
    else if (typeof part === 'number') out.integer(part);
    else out.bytes(part);
  }
  return out.finish();
}

/** Key of a state value in the sparse Merkle map: the hash of its name. */
export function stateKey(hasher: Hasher, kind: StateKind, ...parts: readonly NamePart[]): Uint8Array {
  return hasher.digest(stateName(kind, ...parts));
}

/** Issuers of one joint issue (联合发文) besides the first at most. */
export const MAX_ISSUERS = 16;

/** Standing of one subject; name: profile (without version), issuer, id. Dates are data: `YYYY-MM-DD` or null. */
export const subjectValueCodec = record({
  profile: identifier,
  state: identifier,
  head: uint(),
  version: uint(),
  owner: uscc,
  digest: nullable(digestCodec),
  validFrom: nullable(plainText(10)),
  validTo: nullable(plainText(10)),
  awaiting: list(uscc, MAX_ISSUERS),
});
/** A subject's standing: state, index of its last record, number of records, owner, current digest, validity, and the issuers of a joint issue that have yet to countersign. */
export type SubjectValue = Carried<typeof subjectValueCodec>;

/** Every record that carried one digest; name: algorithm, hash. */
export const digestValueCodec = record({ first: uint(), last: uint(), count: uint() });
/** First and last log index of a digest and how often it was recorded. */
export type DigestValue = Carried<typeof digestValueCodec>;

/** A publisher; name: 统一社会信用代码. */
export const publisherValueCodec = record({
  name: plainText(256, 1),
  home: memberCode,
  keys: list(fixedBytes(32), 8, 1),
  status: oneOf('active', 'suspended'),
  roles: rolesCodec,
  quota: uint(),
  day: uint(),
  used: uint(),
  seq: uint(),
  head: nullable(uint()),
  changed: nullable(uint()),
});
/**
 * A publisher's standing: home member, keys, status, roles (none listed: issuer in every profile), records a day that it may
 * make (0: no bound), the last day it made any (days since 1970 in UTC+8) and how many that day, records so far, and
 * the index of the record that enrolled or last changed it (null: it is as the genesis has it).
 */
export type PublisherValue = Carried<typeof publisherValueCodec>;

/** Replay memory; name: submission id. Removed when its block time reaches `expires`. */
export const submissionValueCodec = record({
  expires: uint(),
  height: uint(),
  first: nullable(uint()),
  count: uint(),
  code: nullable(plainText(64)),
  entry: nullable(uint()),
  detail: nullable(plainText(512)),
});
/** What became of a submission: where its records stand (`first`, `count`), or the code and entry of its refusal. */
export type SubmissionValue = Carried<typeof submissionValueCodec>;

/** A member; name: provincial code. */
export const memberValueCodec = record({
  nameZh: plainText(64, 1),
  nameEn: plainText(64, 1),
  validator: boolean,
  p2pKey: nullable(byteString(32, 64)),
  addresses: list(plainText(256, 1), 8),
});
/** A member unit; libp2p key and multiaddresses as the genesis or the last change of members gave them. */
export type MemberValue = Carried<typeof memberValueCodec>;

/** A validator set; name: epoch number. */
export const epochValueCodec = record({
  n: uint(),
  start: uint(),
  validators: list(record({ code: memberCode, key: fixedBytes(32), logKey: fixedBytes(32) }), 100, 1),
});
/** Validator set of an epoch in order of member code, in force from height `start`. */
export type EpochValue = Carried<typeof epochValueCodec>;

/** A chain parameter; name: the parameter's name. */
export const parameterValueCodec = byteString(0, 1024);

/** That a member is accused in an epoch; name: member code, epoch number. */
export const accusationValueCodec = record({ record: uint() });
/** Log index of the accusation: there is one of each member and epoch. */
export type AccusationValue = Carried<typeof accusationValueCodec>;

/** Everybody who follows without being a member; the one value of its kind, and not there before the first is admitted. */
export const observersValueCodec = record({ removal: nullable(uint()), observers: observersCodec });
/** The observers of a chain in order of code, and the log index of the last record that removed one. */
export type ObserversValue = Carried<typeof observersValueCodec>;
