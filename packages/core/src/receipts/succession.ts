import { COUNTERSIGN } from '../records/profile-flaw.ts';
import { isOfSubject, sameDigest } from './asked.ts';
import type { ProvenRecord } from './complete.ts';

/** Relations by which a record says of another subject that it took its place, changed it or ended it. */
export const SUCCEEDING: readonly string[] = ['replaces', 'supersedes', 'amends', 'repeals', 'revokes'];

/** Who issued a subject, by all its records and those that have yet to sign: its issuer, and those of a joint issue (联合发文). */
export function issuersOf(
  records: readonly ProvenRecord[],
  awaiting: readonly string[],
): ReadonlySet<string> {
  return new Set([
    ...records.map(({ leaf }) => leaf.entry.value.subject.issuer),
    ...records.filter(isSignature).map(({ leaf }) => leaf.publisher),
    ...awaiting,
  ]);
}

/**
 * Who signed what a record says: its publisher, and those who countersigned its file in the records of its subject that come
 * right after it; `others` are records in any order.
 */
export function signersOf(record: ProvenRecord, others: readonly ProvenRecord[]): ReadonlySet<string> {
  const { digest, profile, subject } = record.leaf.entry.value;
  const signers = new Set([record.leaf.publisher]);
  const byVersion = new Map(
    others
      .filter(({ leaf }) => isOfSubject({ profile, subject }, leaf))
      .map(other => [other.leaf.version, other]),
  );
  for (let version = record.leaf.version + 1; ; version++) {
    const next = byVersion.get(version);
    const signed = next?.leaf.entry.value.digest ?? null;
    if (next === undefined || !isSignature(next)) return signers;
    if (digest === null || signed === null || !sameDigest(digest, signed)) return signers;
    signers.add(next.leaf.publisher);
  }
}

/** Whether a record is the signature of another issuer under a joint issue: its file is that of the record before it. */
export function isSignature({ leaf }: Pick<ProvenRecord, 'leaf'>): boolean {
  return leaf.entry.value.action === COUNTERSIGN;
}
