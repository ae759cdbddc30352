import { rememberingVerifier } from '../crypto/remembering-verifier.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { decode } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import { mapHash } from '../merkle/map-hash.ts';
import { verifyMapAbsence, verifyMapPresence } from '../merkle/map-verify.ts';
import { stateName } from '../records/state.ts';
import { type Asked, askedName, type StatusKind, type StatusValues, statusRules } from './asked.ts';
import { type Cosigner, medianTime } from './cosigners.ts';
import { HandoverMemory } from './handover-memory.ts';
import { type ReceiptTrust, verifySignedHead } from './head.ts';
import { parseReceipt } from './receipt.ts';
import { type StatusProof, statusProofCodec } from './status-proof.ts';
import { type VerifiedReceipt, verifyReceipt } from './verify.ts';

/** How old a proof may be, in ms, by whose clock. */
export interface Freshness {
  readonly now: number;
  readonly maxAgeMs: number;
}

/** What a status proof is judged by; `fresh` null takes one of any age. */
export interface StatusTrust extends ReceiptTrust {
  readonly fresh: Freshness | null;
}

/** What a status proof establishes, as of its checkpoint. */
export interface VerifiedStatus<K extends StatusKind = StatusKind> {
  readonly asked: Asked<K>;
  /** Null: the state holds nothing under that name. */
  readonly value: StatusValues[K] | null;
  /** The last record of what was asked about; null where there is none. */
  readonly last: VerifiedReceipt | null;
  readonly checkpoint: Checkpoint;
  readonly cosigners: readonly Cosigner[];
  /** Validators in the set of the checkpoint's epoch. */
  readonly validators: number;
  /** The checkpoint's time: lower median of the cosignature times, in ms. */
  readonly asOf: number;
}

/** Whether a status is of this kind. */
export function isStatus<K extends StatusKind>(status: VerifiedStatus, kind: K): status is VerifiedStatus<K> {
  return status.asked.kind === kind;
}

/** How far a checkpoint's time may be ahead of the verifier's clock, as blocks may be of their validators'. */
const MAX_AHEAD_MS = 60_000;

/**
 * Verifies a status proof with the genesis alone: the checkpoint by q validators of the epoch that the handovers reach, the
 * state's value under exactly the name that was asked about, or its absence, and that the receipt is of the last record
 * that the value names, at the same checkpoint. Faults: those of a receipt and of `verifyMapPresence`, and
 * `status-malformed`, `status-other-name`, `status-root-mismatch`, `status-value`, `status-no-receipt`,
 * `status-stray-receipt`, `status-other-checkpoint`, `status-other-record`, `status-contradiction`, `status-stale`,
 * `status-ahead`.
 */
export function verifyStatusProof<A extends Asked>(
  bytes: Uint8Array,
  asked: A,
  trust: StatusTrust,
): Result<VerifiedStatus<A['kind']>> {
  return judge(bytes, asked as Asked as Asked<A['kind']>, trust);
}

/**
 * The same about the subject of a record whose receipt was verified. Faults besides: `status-older`, the checkpoint is of
 * before the record.
 */
export function verifyRecordStatus(
  bytes: Uint8Array,
  { index, leaf }: VerifiedReceipt,
  trust: StatusTrust,
): Result<VerifiedStatus<'subject'>> {
  const { profile, subject } = leaf.entry.value;
  const status = judge<'subject'>(bytes, { kind: 'subject', profile, subject }, trust);
  if (!status.ok) return status;
  const { checkpoint, value } = status.value;
  if (checkpoint.size <= index)
    return refuse('status-older', `it is of ${checkpoint.size} records, and this one has the index ${index}`);
  if (value === null || value.version < leaf.version || value.head < index)
    return refuse('status-contradiction', `record ${index} is in the log, and the state does not count it`);
  return status;
}

function judge<K extends StatusKind>(
  bytes: Uint8Array,
  asked: Asked<K>,
  trust: StatusTrust,
): Result<VerifiedStatus<K>> {
  const decoded = decode(statusProofCodec, bytes);
  if (!decoded.ok) return refuse('status-malformed', decoded.fault.detail);
  const proof = decoded.value;
  const name = stateName(asked.kind, ...askedName(asked));
  if (!equalBytes(stateName(proof.kind, ...proof.name), name))
    return refuse(
      'status-other-name',
      `it is about another ${proof.kind} than the ${asked.kind} asked about`,
    );
  // Proof and receipt have one checkpoint: its signatures are checked once.
  const suite = { ...trust.suite, verifier: rememberingVerifier(trust.suite.verifier) };
  const known = { ...trust, suite, handoverMemory: trust.handoverMemory ?? new HandoverMemory() };
  const head = verifySignedHead(proof.checkpoint, proof.handovers, known);
  if (!head.ok) return head;
  const value = verifyValue(asked, name, proof, head.value.checkpoint, known);
  if (!value.ok) return value;
  const last = verifyLast(asked, value.value, proof, known);
  if (!last.ok) return last;
  const asOf = medianTime(head.value.cosigners);
  const fresh = trust.fresh === null ? ok(undefined) : verifyFresh(asOf, trust.fresh);
  if (!fresh.ok) return fresh;
  return ok({ asked, value: value.value, last: last.value, ...head.value, asOf });
}

/** The value, or its absence, under the state root. */
function verifyValue<K extends StatusKind>(
  asked: Asked<K>,
  name: Uint8Array,
  proof: StatusProof,
  { stateRoot }: Checkpoint,
  { suite: { hasher } }: StatusTrust,
): Result<StatusValues[K] | null> {
  const map = mapHash(hasher);
  const key = hasher.digest(name);
  const held =
    proof.value === null
      ? verifyMapAbsence(map, stateRoot, key, proof)
      : verifyMapPresence(map, stateRoot, key, hasher.digest(proof.value), proof);
  if (!held.ok && held.fault.code === 'root-mismatch')
    return refuse('status-root-mismatch', 'the proof leads to another state root than the checkpoint’s');
  if (!held.ok) return held;
  if (proof.value === null) return ok(null);
  const value = decode(statusRules(asked.kind).codec, proof.value);
  return value.ok ? value : refuse('status-value', `the ${asked.kind}'s value: ${value.fault.detail}`);
}

/** The receipt of the record that the value names as the last one. */
function verifyLast<K extends StatusKind>(
  asked: Asked<K>,
  value: StatusValues[K] | null,
  { receipt, checkpoint }: StatusProof,
  trust: StatusTrust,
): Result<VerifiedReceipt | null> {
  const { headOf, flaw } = statusRules(asked.kind);
  const head = value === null ? null : headOf(value);
  if (receipt === null) {
    if (head !== null)
      return refuse('status-no-receipt', `it has a last record, ${head}, and no receipt of it`);
    const wrong = value === null ? null : flaw(asked, value, null);
    return wrong === null ? ok(null) : refuse('status-contradiction', wrong);
  }
  if (value === null || head === null)
    return refuse('status-stray-receipt', 'there is a receipt, and no record that it could be of');
  const verified = verifyReceipt(receipt, { ...trust, digests: null });
  if (!verified.ok) return verified;
  const { index, leaf } = verified.value;
  const parsed = parseReceipt(receipt);
  if (!parsed.ok || !equalBytes(parsed.value.note, checkpoint))
    return refuse('status-other-checkpoint', 'the receipt is against another checkpoint than the proof');
  if (index !== head)
    return refuse('status-other-record', `the receipt is of record ${index}, the last one is ${head}`);
  const wrong = flaw(asked, value, leaf);
  return wrong === null ? ok(verified.value) : refuse('status-contradiction', wrong);
}

function verifyFresh(asOf: number, { now, maxAgeMs }: Freshness): Result<void> {
  const age = now - asOf;
  if (age > maxAgeMs)
    return refuse(
      'status-stale',
      `it is of ${Math.round(age / 1000)} s ago, the bound is ${maxAgeMs / 1000} s`,
    );
  if (age < -MAX_AHEAD_MS)
    return refuse('status-ahead', `it is of ${Math.round(-age / 1000)} s after the time of this clock`);
  return ok(undefined);
}
