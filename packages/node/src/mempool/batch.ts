import {
  byteString,
  decode,
  decodeSubmission,
  encode,
  type Hasher,
  isGovernance,
  list,
  MAX_SUBMISSION_BYTES,
  ok,
  type Result,
  refuse,
  type Submission,
  signedBytes,
  toHex,
} from '@qifeng/core';
import type { VerificationPool } from '../ports/verification.ts';
import { weightOf } from './limits.ts';

/** Bytes of a batch at most. */
export const MAX_BATCH_BYTES = 1024 * 1024;
/** Submissions in a batch at most. */
export const MAX_BATCH_SUBMISSIONS = 4096;

const batchCodec = list(byteString(1, MAX_SUBMISSION_BYTES), MAX_BATCH_SUBMISSIONS, 1);

/** Submissions as they travel together: ordered by digest, executed in this order. */
export interface Batch {
  /** SHA-256 of `bytes`, hex. */
  readonly digest: string;
  readonly bytes: Uint8Array;
  /** How many bytes; and what its submissions weigh. */
  readonly size: number;
  readonly weight: number;
  readonly submissions: readonly Submission[];
  /** One of them is a governance submission: the block that names this batch has the barrier flag. */
  readonly barrier: boolean;
}

/** Puts submissions' wire bytes into a batch. */
export function makeBatch(
  wires: readonly Uint8Array[],
  submissions: readonly Submission[],
  hasher: Hasher,
): Batch {
  const bytes = encode(batchCodec, wires);
  return batchOf(bytes, submissions, hasher);
}

/** The wire bytes of the submissions in a batch, not decoded further: views of its bytes. */
export function wiresOf(bytes: Uint8Array): Result<readonly Uint8Array[]> {
  return decode(batchCodec, bytes, MAX_BATCH_BYTES);
}

/** Reads a batch: strict form of every submission in it; signatures are `hasSoundSignatures`' part. */
export function readBatch(bytes: Uint8Array, hasher: Hasher): Result<Batch> {
  const wires = wiresOf(bytes);
  if (!wires.ok) return wires;
  const submissions: Submission[] = [];
  for (const [i, wire] of wires.value.entries()) {
    const submission = decodeSubmission(wire, hasher);
    if (!submission.ok) return refuse(submission.fault.code, `submission ${i}: ${submission.fault.detail}`);
    submissions.push(submission.value);
  }
  return ok(batchOf(bytes, submissions, hasher));
}

function batchOf(bytes: Uint8Array, submissions: readonly Submission[], hasher: Hasher): Batch {
  const digest = toHex(hasher.digest(bytes));
  const weight = submissions.reduce((sum, one) => sum + weightOf(0, one.entries.length), bytes.length);
  return { digest, bytes, size: bytes.length, weight, submissions, barrier: submissions.some(isGovernance) };
}

/** Every key canonical and of prime order, every signature right: with the form, all that makes a batch well-formed. */
export async function hasSoundSignatures(
  submissions: readonly Submission[],
  pool: VerificationPool,
): Promise<boolean> {
  const [keys, signatures] = await Promise.all([
    pool.areKeys(submissions.map(({ header }) => header.key)),
    pool.verify(
      submissions.map(({ header, headerBytes, signature }) => [
        header.key,
        signedBytes(headerBytes),
        signature,
      ]),
    ),
  ]);
  return keys.every(sound => sound) && signatures.every(sound => sound);
}
