import type { Suite } from '../crypto/suite.ts';
import { equalBytes, toHex } from '../encoding/bytes.ts';
import { type Codec, decode } from '../encoding/codec.ts';
import { type Fault, ok, type Result, refuse } from '../encoding/result.ts';
import { type Approvals, approvalsCodec, MAX_VALIDATORS } from '../records/approvals.ts';
import type { Entry } from '../records/entry.ts';
import { CHANGE_MEMBERS, epochSubject, GOVERNANCE } from '../records/governance.ts';
import { type MembershipChange, membershipChangeCodec } from '../records/membership.ts';
import type { EpochValue, MemberValue, ObserversValue } from '../records/state.ts';
import { approvalBytes, possessionBytes } from '../records/vote-bytes.ts';
import { keysFlaw } from './membership-keys.ts';
import { faultsTolerated, quorum } from './quorum.ts';

/** What a change of members is judged by: the chain, the block, and the state before the submission. */
export interface MembershipContext {
  /** Genesis hash. */
  readonly genesis: Uint8Array;
  readonly suite: Pick<Suite, 'hasher' | 'verifier'>;
  /** Height of the block that carries the change; Infinity where it is not known yet. */
  readonly height: number;
  /** The epoch of that block. */
  readonly epoch: number;
  /** The next epoch exists already: an earlier submission of the same block began it. */
  readonly ended: boolean;
  /** The set of an epoch up to the current one. */
  set(epoch: number): EpochValue;
  member(code: string): MemberValue | null;
  /** Every member of the chain as it stands, validator or not. */
  members(): Iterable<readonly [code: string, value: MemberValue]>;
  /** Those who follow and are no members; null before the first was admitted. */
  observers(): ObserversValue | null;
}

/**
 * The change that a governance entry by `publisher` makes, if everything about it is in order. What is cheap to find is
 * looked at first, and nothing is believed before the old set's quorum has approved it. Faults: `governance-malformed`,
 * `governance-epoch`, `governance-members`, `governance-limit`, `governance-approvals`, `governance-keys`,
 * `governance-possession`.
 */
export function checkMembership(
  entry: Entry,
  publisher: string,
  context: MembershipContext,
): Result<MembershipChange> {
  const read = readMembership(entry, publisher);
  if (!read.ok) return read;
  const { change, changeBytes, approvals } = read.value;
  const { epoch, ended } = context;
  if (change.epoch !== epoch || ended)
    return refuse(
      'governance-epoch',
      `the change ends epoch ${change.epoch}, epoch ${ended ? epoch + 1 : epoch} is current`,
    );
  const set = context.set(epoch);
  const flaw =
    membersFlaw(change, set, context) ??
    limitFlaw(change, set) ??
    approvalsFlaw(changeBytes, approvals, set, context) ??
    keysFlaw(change, context) ??
    signedPossessionFlaw(change, set, context);
  return flaw === null ? ok(change) : { ok: false, fault: flaw };
}

/** A change taken out of its governance entry: what the approvals are over, and they. */
export interface Approved<T> {
  readonly change: T;
  readonly changeBytes: Uint8Array;
  readonly approvals: Approvals;
}

/** A governance entry taken apart. Fault: `governance-malformed`. */
export function readApproved<T>(entry: Entry, codec: Codec<T>): Result<Approved<T>> {
  const bad = (detail: string) => refuse('governance-malformed', detail);
  const { digest, prev, links, origin, meta } = entry;
  if (digest !== null || prev !== null || links.length > 0 || origin !== null)
    return bad('a governance record has no digest, no prev, no links and no origin');
  const [changeBytes, approvalBytes] = [meta.get('change'), meta.get('approvals')];
  if (meta.size !== 2 || !(changeBytes instanceof Uint8Array) || !(approvalBytes instanceof Uint8Array))
    return bad('meta is not of the byte strings change and approvals');
  const change = decode(codec, changeBytes);
  if (!change.ok) return bad(`the change: ${change.fault.detail}`);
  const approvals = decode(approvalsCodec, approvalBytes);
  if (!approvals.ok) return bad(`the approvals: ${approvals.fault.detail}`);
  return ok({ change: change.value, changeBytes, approvals: approvals.value });
}

/** A change of the validators taken apart. Fault: `governance-malformed`. */
export function readMembership(entry: Entry, publisher: string): Result<Approved<MembershipChange>> {
  if (entry.profile !== GOVERNANCE || entry.action !== CHANGE_MEMBERS)
    return refuse('governance-malformed', `${GOVERNANCE} has no action ${entry.action}`);
  const read = readApproved(entry, membershipChangeCodec);
  if (!read.ok) return read;
  const { id } = epochSubject(publisher, read.value.change.epoch + 1);
  if (entry.subject.issuer !== publisher || entry.subject.id !== id)
    return refuse('governance-malformed', `the subject is not ${id} of the submitting publisher`);
  return read;
}

/** The set after a change that begins at height `start`. */
export function changedSet(set: EpochValue, { members }: MembershipChange, start: number): EpochValue {
  const validators = new Map(set.validators.map(validator => [validator.code, validator]));
  for (const { code, validator } of members) {
    if (validator === null) validators.delete(code);
    else validators.set(code, { code, key: validator.key, logKey: validator.logKey });
  }
  const sorted = [...validators.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  return { n: sorted.length, start, validators: sorted };
}

function membersFlaw({ members }: MembershipChange, set: EpochValue, context: MembershipContext) {
  const bad = (detail: string) => refuse('governance-members', detail).fault;
  const current = new Set(set.validators.map(({ code }) => code));
  for (const { code, validator } of members) {
    if (context.member(code) === null) return bad(`${code} is no member of this chain`);
    if (validator === null && !current.has(code)) return bad(`${code} leaves a set it is not of`);
  }
  return null;
}

/** Added, removed and re-keyed together are no more than the faulty ones that either set bears. */
function limitFlaw(change: MembershipChange, set: EpochValue): Fault | null {
  const count = change.members.length;
  const bad = (detail: string) => refuse('governance-limit', detail).fault;
  const before = faultsTolerated(set.n);
  if (count < 1 || count > before) return bad(`${count} changes, a set of ${set.n} bears 1 to ${before}`);
  const { n } = changedSet(set, change, 0);
  if (n > MAX_VALIDATORS) return bad(`${n} validators, at most ${MAX_VALIDATORS}`);
  const after = faultsTolerated(n);
  return count > after ? bad(`${count} changes, the new set of ${n} bears at most ${after}`) : null;
}

/** Each by another validator of the set, in order of code, all true, at least q. */
export function approvalsFlaw(
  changeBytes: Uint8Array,
  approvals: Approvals,
  set: EpochValue,
  { genesis, suite, epoch }: MembershipContext,
): Fault | null {
  const bad = (detail: string) => refuse('governance-approvals', detail).fault;
  const q = quorum(set.n);
  if (approvals.length < q) return bad(`${approvals.length} approvals, a set of ${set.n} needs ${q}`);
  const message = approvalBytes(genesis, epoch, suite.hasher.digest(changeBytes));
  let last = '';
  for (const [code, signature] of approvals) {
    if (code <= last) return bad(`the approval of ${code} is out of order or given twice`);
    const approver = set.validators.find(validator => validator.code === code);
    if (approver === undefined) return bad(`${code} approves and is not of the set of epoch ${epoch}`);
    if (!suite.verifier.verify(approver.key, message, signature))
      return bad(`the approval of ${code} does not verify`);
    last = code;
  }
  return null;
}

/** What execution can say of possession: the signature, and a height of this epoch or the block it stands on. */
function signedPossessionFlaw(
  { members }: MembershipChange,
  { start }: EpochValue,
  { genesis, suite, epoch, height: now }: MembershipContext,
): Fault | null {
  const bad = (detail: string) => refuse('governance-possession', detail).fault;
  for (const { code, validator } of members) {
    if (validator === null) continue;
    const { height, hash, signature } = validator.possession;
    if (height < start - 1 || height >= now)
      return bad(`${code} signed block ${height}, epoch ${epoch} stands on block ${start - 1}`);
    if (!suite.verifier.verify(validator.key, possessionBytes(genesis, epoch, height, hash), signature))
      return bad(`the signature of ${code} over block ${height} is not by its new key`);
  }
  return null;
}

/** Blocks by which a checkpoint that a newcomer signs may be behind when somebody approves. */
export const MAX_POSSESSION_AGE = 100;

/**
 * What an approver must ask beside `checkMembership` before it signs, and execution cannot, as no checkpoint text is in
 * the state: that each newcomer signed a checkpoint which is final, known here by `hashAt` (H(text) of the final
 * checkpoint at a height, or null) and at most 100 blocks below the last final height. Fault: `governance-possession`.
 */
export function possessionFlaw(
  { members }: MembershipChange,
  hashAt: (height: number) => Uint8Array | null,
  finalHeight: number,
): Fault | null {
  for (const { code, validator } of members) {
    if (validator === null) continue;
    const { height, hash } = validator.possession;
    const known = height > finalHeight ? null : hashAt(height);
    if (known === null || !equalBytes(known, hash))
      return refuse('governance-possession', `${code} signed ${toHex(hash)}, not final at block ${height}`)
        .fault;
    if (finalHeight - height > MAX_POSSESSION_AGE)
      return refuse('governance-possession', `${code} signed block ${height}, ${finalHeight} is final`).fault;
  }
  return null;
}
