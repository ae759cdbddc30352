import { HASH_LENGTH } from '../crypto/hasher.ts';
import type { Suite } from '../crypto/suite.ts';
import type { Verifier } from '../crypto/verifier.ts';
import { toHex } from '../encoding/bytes.ts';
import {
  boolean,
  byteString,
  type Carried,
  decode,
  exactly,
  fixedBytes,
  list,
  nullable,
  oneOf,
  record,
  uint,
} from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { MAX_VALIDATORS } from '../records/approvals.ts';
import { memberCode, plainText, uscc } from '../records/names.ts';
import { organisationNameFlaw } from '../records/organisation-name.ts';
import { profileCodec } from '../records/profile.ts';
import { profileFlaw } from '../records/profile-flaw.ts';
import { rolesCodec } from '../records/roles.ts';

/** Bytes in a genesis file at most. */
export const MAX_GENESIS_BYTES = 4 * 1024 * 1024;

const memberCodec = record({
  code: memberCode,
  nameZh: plainText(64, 1),
  nameEn: plainText(64, 1),
  validatorKey: nullable(fixedBytes(32)),
  logKey: nullable(fixedBytes(32)),
  p2pKey: nullable(byteString(32, 64)),
  addresses: list(plainText(256, 1), 8),
  validator: boolean,
});

const publisherCodec = record({
  id: uscc,
  name: plainText(256, 1),
  home: memberCode,
  keys: list(fixedBytes(32), 8, 1),
  roles: rolesCodec,
  quota: uint(),
});

const parametersCodec = record({
  window: uint(32, 1),
  term: uint(1_000_000, 1),
  heartbeatMs: uint(3_600_000, 1),
  precisionMs: uint(60_000),
  delayMs: uint(600_000),
});

/** The file a chain starts from. */
export const genesisCodec = record({
  v: exactly(1),
  name: plainText(128, 1),
  originPrefix: plainText(128, 1),
  suite: oneOf('ed25519-sha256', 'sm2-sm3'),
  created: uint(),
  members: list(memberCodec, 128, 1),
  publishers: list(publisherCodec, 65_536),
  profiles: list(profileCodec, 256),
  parameters: parametersCodec,
});
/** Genesis content. Members, publishers and profiles are sorted by code, id and name and named once. */
export type Genesis = Carried<typeof genesisCodec>;
/** A member unit in the genesis; keys are null for a member that runs no validator. `p2pKey` is a libp2p public key. */
export type GenesisMember = Genesis['members'][number];
/** Chain parameters: W, K, heartbeat, and the precision and delay of proposer time, in ms. */
export type Parameters = Genesis['parameters'];

/** The defaults of consensus.md: W = 8, K = 1024, a heartbeat block every 10 s, ±500 ms and 2 s for proposer time. */
export const DEFAULT_PARAMETERS: Parameters = {
  window: 8,
  term: 1024,
  heartbeatMs: 10_000,
  precisionMs: 500,
  delayMs: 2_000,
};

/** One validator as the first epoch has it. */
export interface Validator {
  readonly code: string;
  readonly key: Uint8Array;
  readonly logKey: Uint8Array;
}

/** A chain's identity, worked out once from its genesis file. */
export interface Chain {
  readonly genesis: Genesis;
  /** SHA-256 of the genesis file. */
  readonly hash: Uint8Array;
  /** `<origin prefix>/<first 32 hex digits of the hash>`: the log's name in every checkpoint. */
  readonly origin: string;
  /** Validators of epoch 0, by member code. */
  readonly validators: readonly Validator[];
}

/**
 * Decodes and checks a genesis file for the chain's `suite`. Faults: `cbor-…`, `too-big`, `wrong-suite` (the genesis
 * names another), `bad-genesis`. Byte strings in the chain are views of `file`, which is not to change any more.
 */
export function readGenesis(file: Uint8Array, { id, hasher, verifier }: Suite): Result<Chain> {
  const decoded = decode(genesisCodec, file, MAX_GENESIS_BYTES);
  if (!decoded.ok) return decoded;
  const genesis = decoded.value;
  if (genesis.suite !== id) return refuse('wrong-suite', `the chain's suite is ${genesis.suite}, not ${id}`);
  const flaw = genesisFlaw(genesis, verifier);
  if (flaw !== null) return refuse('bad-genesis', flaw);
  const hash = hasher.digest(file);
  return ok({
    genesis,
    hash,
    origin: `${genesis.originPrefix}/${toHex(hash.subarray(0, HASH_LENGTH / 2))}`,
    validators: genesis.members
      .filter(member => member.validator)
      .map(({ code, validatorKey, logKey }) => ({ code, key: validatorKey!, logKey: logKey! })),
  });
}

/**
 * A publisher's key that can never sign, or null. For whoever makes a genesis: `readGenesis` does not ask, because there
 * may be 65,536 publishers at 0.7 ms a key (measured, in plain JavaScript), and such a key does no harm later, as
 * `verifySubmission` asks about the key of each submission.
 */
export function publisherKeyFlaw(genesis: Genesis, verifier: Verifier): string | null {
  const unusable = genesis.publishers.find(({ keys }) => !keys.every(key => verifier.isKey(key)));
  return unusable === undefined ? null : `a key of publisher ${unusable.id} is not acceptable`;
}

/**
 * A name in a genesis that holds a number of a person or a 密级, or null; as `publisherKeyFlaw`, for whoever makes one: what is in the
 * genesis of a chain that runs stays.
 */
export function genesisNameFlaw({ members, publishers }: Genesis): string | null {
  const names = [
    ...members.flatMap(({ code, nameZh, nameEn }) => [nameZh, nameEn].map(name => [code, name] as const)),
    ...publishers.map(({ id, name }) => [id, name] as const),
  ];
  for (const [code, name] of names) {
    const flaw = organisationNameFlaw(code, name);
    if (flaw !== null) return flaw.detail;
  }
  return null;
}

function genesisFlaw(genesis: Genesis, verifier: Verifier): string | null {
  // The origin becomes a C2SP key name: no Unicode space, no plus.
  if (/[\s+]/u.test(genesis.originPrefix)) return 'the origin prefix has a space or a plus';
  return (
    outOfOrder(
      'members',
      genesis.members.map(member => member.code),
    ) ??
    outOfOrder(
      'publishers',
      genesis.publishers.map(publisher => publisher.id),
    ) ??
    outOfOrder(
      'profiles',
      genesis.profiles.map(profile => profile.name),
    ) ??
    membersFlaw(genesis, verifier) ??
    publishersFlaw(genesis) ??
    genesis.profiles.reduce<string | null>((flaw, profile) => flaw ?? profileFlaw(profile), null)
  );
}

function outOfOrder(what: string, names: readonly string[]): string | null {
  const at = names.findIndex((name, i) => i > 0 && names[i - 1]! >= name);
  return at < 0 ? null : `${what} must be sorted and named once: ${names[at]}`;
}

function membersFlaw(genesis: Genesis, verifier: Verifier): string | null {
  const seen = new Set<string>();
  let validators = 0;
  for (const member of genesis.members) {
    if (!member.validator) continue;
    validators++;
    if (member.p2pKey === null) return `validator ${member.code} has no p2p key`;
    for (const key of [member.validatorKey, member.logKey]) {
      if (key === null) return `validator ${member.code} lacks a key`;
      if (!verifier.isKey(key)) return `a key of ${member.code} is not canonical or not of prime order`;
      if (seen.has(toHex(key))) return `a key of ${member.code} is used twice`;
      seen.add(toHex(key));
    }
  }
  if (validators < 1 || validators > MAX_VALIDATORS)
    return `${validators} validators, expected 1..${MAX_VALIDATORS}`;
  return null;
}

function publishersFlaw(genesis: Genesis): string | null {
  const homes = new Set(genesis.members.map(member => member.code));
  const profiles = new Set(genesis.profiles.map(profile => profile.name));
  for (const publisher of genesis.publishers) {
    if (!homes.has(publisher.home)) return `publisher ${publisher.id} has unknown home ${publisher.home}`;
    const unknown = publisher.roles.find(({ profile }) => !profiles.has(profile));
    if (unknown !== undefined) return `publisher ${publisher.id} names unknown profile ${unknown.profile}`;
  }
  return null;
}
