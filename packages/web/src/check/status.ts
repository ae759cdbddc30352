import {
  type Asked,
  askedIn,
  countedIn,
  MAX_STATUS_BYTES,
  ok,
  type ProvenRecord,
  type Result,
  refuse,
  type StatusTrust,
  type VerifiedReceipt,
  type VerifiedStatus,
  verifyAllRecords,
  verifyComplete,
  verifyRecordStatus,
  verifyStatusProof,
} from '@qifeng/core';
import type { Counted } from './outcome.ts';

/** A verified status proof, and how many of the records that it counts were verified; null where none were given. */
export interface Judged {
  readonly status: VerifiedStatus;
  readonly counted: Counted | null;
}

/** A status proof by itself, about what it says it is about. Faults: those of `askedIn` and `verifyStatusProof`. */
export function judgeAlone(bytes: Uint8Array | null, trust: StatusTrust): Result<Judged> {
  if (bytes === null) return tooLarge();
  const asked = askedIn(bytes);
  if (!asked.ok) return asked;
  const status = verifyStatusProof(bytes, asked.value, trust);
  return status.ok ? ok({ status: status.value, counted: null }) : status;
}

/**
 * A status proof about the subject, the digest or the publisher of a verified record. Faults: those of `verifyRecordStatus`,
 * and of `verifyComplete` but for `history-gap`: that there are other records is no fault of this one.
 */
export function judgeFor(
  record: VerifiedReceipt,
  bytes: Uint8Array | null,
  trust: StatusTrust,
): Result<Judged> {
  const status = statusOf(record, bytes, trust);
  if (!status.ok) return status;
  const complete = verifyComplete(status.value, [record]);
  if (!complete.ok && complete.fault.code !== 'history-gap') return complete;
  return ok({ status: status.value, counted: { here: 1, of: countedIn(status.value) } });
}

/**
 * Several verified records and the proof that counts them: they are all there are of its subject, digest or publisher.
 * Faults: those of `verifyAllRecords`.
 */
export function judgeComplete(
  records: readonly VerifiedReceipt[],
  bytes: Uint8Array | null,
  trust: StatusTrust,
): Result<Judged> {
  if (bytes === null) return tooLarge();
  const status = verifyAllRecords(records, bytes, trust);
  return status.ok ? ok(allCounted(status.value, records)) : status;
}

/** That these verified records are all that a verified proof counts. Faults: those of `verifyComplete`. */
export function countAll(status: VerifiedStatus, records: readonly ProvenRecord[]): Result<Judged> {
  const complete = verifyComplete(status, records);
  return complete.ok ? ok(allCounted(status, records)) : complete;
}

function allCounted(status: VerifiedStatus, { length }: readonly ProvenRecord[]): Judged {
  return { status, counted: { here: length, of: length } };
}

/** The proof, about whatever of this record it is about, and of a checkpoint that has the record. */
function statusOf(
  record: VerifiedReceipt,
  bytes: Uint8Array | null,
  trust: StatusTrust,
): Result<VerifiedStatus> {
  if (bytes === null) return tooLarge();
  const named = askedIn(bytes);
  if (!named.ok) return named;
  const asked = askedOf(record, named.value.kind);
  if (asked === null || asked.kind === 'subject') return verifyRecordStatus(bytes, record, trust);
  const status = verifyStatusProof(bytes, asked, trust);
  if (!status.ok) return status;
  const { size } = status.value.checkpoint;
  return size > record.index
    ? status
    : refuse('status-older', `it is of ${size} records, and this one has the index ${record.index}`);
}

function askedOf({ leaf }: VerifiedReceipt, kind: Asked['kind']): Asked | null {
  const { digest, profile, subject } = leaf.entry.value;
  if (kind === 'publisher') return { kind, id: leaf.publisher };
  if (kind === 'subject') return { kind, profile, subject };
  return digest === null ? null : { kind, ...digest };
}

function tooLarge(): Result<never> {
  return refuse('status-malformed', `a proof of more than ${MAX_STATUS_BYTES} bytes`);
}
