import { ok, type Result, refuse } from '../encoding/result.ts';
import type { Leaf } from '../records/leaf.ts';
import { carries, isOfSubject } from './asked.ts';
import { OneLog } from './one-log.ts';
import { askedIn } from './status-proof.ts';
import type { VerifiedReceipt } from './verify.ts';
import { isStatus, type StatusTrust, type VerifiedStatus, verifyStatusProof } from './verify-status.ts';

/** A record that its receipt proved to be in the log. */
export interface ProvenRecord {
  readonly index: number;
  readonly leaf: Leaf;
}

/**
 * That `records`, each proven, are all records of what a status proof is about, as of its checkpoint. Of a subject and of a
 * publisher each record names the one before, from the head that the state names down to number 1. Of a digest the state
 * says how many records there are, and the first and the last: that many different ones are all. Faults: `history-gap` (one
 * is left out), `history-stray` (one too many, or twice), `history-other` (one of something else, or out of its place).
 */
export function verifyComplete(status: VerifiedStatus, records: readonly ProvenRecord[]): Result<void> {
  const byIndex = new Map(records.map(({ index, leaf }) => [index, leaf]));
  if (byIndex.size !== records.length) return refuse('history-stray', 'a record is given twice');
  if (status.value === null)
    return byIndex.size === 0 ? ok(undefined) : refuse('history-stray', 'there are no records at all');
  return isStatus(status, 'digest') ? count(status, byIndex) : walk(chainOf(status), byIndex);
}

/**
 * The same of verified records and the bytes of the proof that counts them, whatever that says it is about. Faults besides
 * those of `verifyComplete`: those of `askedIn` and `verifyStatusProof`; `status-older`, a record came after the proof; and
 * `log-fork`, they are not of one history.
 */
export function verifyAllRecords(
  records: readonly VerifiedReceipt[],
  bytes: Uint8Array,
  trust: StatusTrust,
): Result<VerifiedStatus> {
  const asked = askedIn(bytes);
  if (!asked.ok) return asked;
  const status = verifyStatusProof(bytes, asked.value, trust);
  if (!status.ok) return status;
  const { checkpoint } = status.value;
  const log = new OneLog();
  for (const [head, record] of [
    [checkpoint, status.value.last] as const,
    ...records.map(record => [record.checkpoint, record] as const),
  ]) {
    const one = log.add(head, record);
    if (!one.ok) return one;
  }
  const late = records.find(({ index }) => index >= checkpoint.size);
  if (late !== undefined)
    return refuse('status-older', `it is of ${checkpoint.size} records, and one has the index ${late.index}`);
  const complete = verifyComplete(status.value, records);
  return complete.ok ? status : complete;
}

/** How many records a status says there are. */
export function countedIn({ value }: VerifiedStatus): number {
  if (value === null) return 0;
  return 'count' in value ? value.count : 'seq' in value ? value.seq : value.version;
}

/** Walks a chain from its head to number 1. */
function walk({ head, length, step }: Chained, records: ReadonlyMap<number, Leaf>): Result<void> {
  let next = head;
  const strays = new Set(records.keys());
  for (let number = length; number > 0; number--) {
    const leaf = next === null ? undefined : records.get(next);
    if (next === null || leaf === undefined)
      return refuse('history-gap', `number ${number} of ${length}, record ${next ?? 'unnamed'}, is left out`);
    const place = step(leaf);
    if (place?.number !== number)
      return refuse('history-other', `record ${next} is not number ${number} of ${length}`);
    strays.delete(next!);
    next = place.before;
  }
  if (next !== null) return refuse('history-other', `number 1 follows record ${next}`);
  const [stray] = strays;
  return stray === undefined
    ? ok(undefined)
    : refuse('history-stray', `record ${stray} is none of the ${length}`);
}

interface Chained {
  readonly head: number | null;
  readonly length: number;
  /** A record's number and the one before it; null for one of another chain. */
  readonly step: (leaf: Leaf) => { readonly number: number; readonly before: number | null } | null;
}

function chainOf(status: VerifiedStatus): Chained {
  if (isStatus(status, 'subject')) {
    const { asked, value } = status;
    const step = (leaf: Leaf) =>
      isOfSubject(asked, leaf) ? { number: leaf.version, before: leaf.subjectPrev } : null;
    return { head: value!.head, length: value!.version, step };
  }
  const { asked, value } = status as VerifiedStatus<'publisher'>;
  const step = ({ publisher, seq, publisherPrev }: Leaf) =>
    publisher === asked.id ? { number: seq, before: publisherPrev } : null;
  return { head: value!.head, length: value!.seq, step };
}

function count(status: VerifiedStatus<'digest'>, records: ReadonlyMap<number, Leaf>): Result<void> {
  const { first, last, count: all } = status.value!;
  for (const [index, leaf] of records)
    if (index < first || index > last || !carries(status.asked, leaf))
      return refuse('history-other', `record ${index} is not one of this digest up to ${last}`);
  const missing = [first, last].find(index => !records.has(index));
  if (missing !== undefined) return refuse('history-gap', `record ${missing} is left out`);
  if (records.size < all) return refuse('history-gap', `${records.size} records of ${all}`);
  return records.size === all ? ok(undefined) : refuse('history-stray', `${records.size} records of ${all}`);
}
