import { type Chain, receiptVerifier } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { LedgerRecord, Read, Write } from '../load/operations.ts';

/** A node's checkpoint at a height. */
export interface Head {
  readonly seat: number;
  readonly height: number;
  readonly size: number;
  readonly root: string;
  readonly stateRoot: string;
  readonly blockHash: string;
}

/** Nodes that do not agree on a height. */
export function forks(heads: readonly Head[]): string[] {
  const [first, ...others] = heads;
  return others.flatMap(head =>
    (['height', 'size', 'root', 'stateRoot', 'blockHash'] as const)
      .filter(key => head[key] !== first![key])
      .map(key => `${key} at node ${head.seat} is ${head[key]}, at node ${first!.seat} ${first![key]}`),
  );
}

/** What stands twice in the log or not where it belongs, and histories with a gap. */
export function logFlaws(records: readonly LedgerRecord[]): string[] {
  const flaws: string[] = [];
  const submissions = new Map<string, number>();
  const heads = new Map<string, LedgerRecord>();
  for (const [place, record] of records.entries()) {
    const { index, height, submission, subject, version, subjectPrev } = record;
    if (index !== place) flaws.push(`record ${index} stands at ${place}`);
    if (height < (records[place - 1]?.height ?? 0)) flaws.push(`record ${index} is of an earlier block`);
    const before = submissions.get(submission);
    if (before !== undefined) flaws.push(`submission ${submission} is recorded at ${before} and ${index}`);
    submissions.set(submission, index);
    const head = heads.get(subject);
    if (version !== (head?.version ?? 0) + 1 || subjectPrev !== (head?.index ?? null))
      flaws.push(`record ${index} does not follow the last one of ${subject}`);
    heads.set(subject, record);
  }
  return flaws;
}

/** Acknowledged receipts that do not verify with the genesis alone. */
export function receiptFlaws(chain: Chain, writes: readonly Write[]): string[] {
  const verify = receiptVerifier({ chain, suite: nativeSuite });
  return writes.flatMap(({ digest, acknowledged }) => {
    if (acknowledged === null) return [];
    const { proof, index, height } = acknowledged;
    const digests = [{ alg: 'sha256' as const, hash: new Uint8Array(Buffer.from(digest, 'hex')) }];
    const verified = verify(new TextEncoder().encode(proof), digests);
    if (!verified.ok) return [`the receipt of record ${index}: ${verified.fault.code}`];
    const { leaf, index: proven } = verified.value;
    return proven === index && leaf.height === height
      ? []
      : [`the receipt of record ${index} in block ${height} is of ${proven} in block ${leaf.height}`];
  });
}

/** Receipts acknowledged after `since` that carry a cosignature of a member who may not sign any more. */
export function signedBy(chain: Chain, member: string, writes: readonly Write[], since: number): string[] {
  const verify = receiptVerifier({ chain, suite: nativeSuite });
  return writes.flatMap(({ acknowledged, invoked }) => {
    if (acknowledged === null || invoked < since) return [];
    const verified = verify(new TextEncoder().encode(acknowledged.proof), null);
    return verified.ok && verified.value.cosigners.some(({ code }) => code === member)
      ? [`${member} signed the checkpoint of record ${acknowledged.index}`]
      : [];
  });
}

/** Members that nodes hold evidence against and that are honest: all but the liars. */
export function falselyAccused(accused: readonly string[], liars: readonly string[]): string[] {
  return [...new Set(accused)]
    .filter(member => !liars.includes(member))
    .map(member => `there is evidence against ${member}, which is honest`);
}

/** A member against whom there is evidence, as a node tells it: log index of the record, and the bytes. */
export interface Accused {
  readonly code: string;
  readonly record: number | null;
  readonly evidence: string | null;
}

/** What is wrong with nodes' answers about the accused, and with the records of it, where exactly the liars are to be on record. */
export function onRecordFlaws(
  told: readonly (readonly Accused[])[],
  records: readonly LedgerRecord[],
  liars: readonly string[],
): string[] {
  const [first = [], ...others] = told;
  const flaws = others.flatMap((other, i) =>
    JSON.stringify(other) === JSON.stringify(first) ? [] : [`answer ${i + 1} about the accused is another`],
  );
  const codes = first.map(({ code }) => code).join();
  if (codes !== liars.join()) flaws.push(`accused are ${codes}, the liars are ${liars.join()}`);
  for (const { code, record, evidence } of first)
    if (record === null || evidence === null) flaws.push(`${code} is accused and not on record`);
  const all = records.filter(({ action }) => action === 'accuse-member').map(({ index }) => index);
  const named = first.map(({ record }) => record).sort((a, b) => (a ?? 0) - (b ?? 0));
  if (all.join() !== named.join())
    flaws.push(`accusations are records ${all.join()}, named are ${named.join()}`);
  return flaws;
}

/** A moment at which every node was asked how far it is final. */
export type Finals = readonly (number | null)[];

/** Nodes that went on between two moments of an outage in which nobody may. */
export function finalWithoutQuorum(before: Finals, after: Finals): string[] {
  return before.flatMap((final, seat) => {
    const then = after[seat] ?? null;
    return final === null || then === null || then <= final
      ? []
      : [`node ${seat} went from final height ${final} to ${then} without a quorum`];
  });
}

/** What a run that tested nothing looks like. */
export function idleness(writes: readonly Write[], reads: readonly Read[], least: number): string[] {
  const told = writes.filter(({ acknowledged }) => acknowledged !== null).length;
  return [
    ...(told < least ? [`only ${told} records were acknowledged, not ${least}`] : []),
    ...(reads.length < least ? [`only ${reads.length} reads were answered, not ${least}`] : []),
  ];
}
