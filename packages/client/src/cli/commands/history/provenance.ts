import { type Chain, type ReceiptVerifier, type RecordView, receiptVerifier, toUtf8 } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { SubjectAnswer } from '../../../sdk/answers.ts';
import type { NodeClient } from '../../../sdk/client.ts';
import type { NamedSubject } from '../../subject-path.ts';

/** What is wrong with a record as the node shows it. */
export type RecordFault = 'receipt-invalid' | 'other-record' | 'gap';

/** One record of a history; `proven` is null where no genesis is known to judge by. */
export interface JudgedRecord {
  readonly record: RecordView;
  readonly proven: boolean | null;
  readonly fault: RecordFault | null;
}

/** A subject's standing by the node's word, and its records, oldest first. */
export interface Provenance {
  readonly named: NamedSubject;
  readonly answer: SubjectAnswer;
  readonly records: readonly JudgedRecord[];
}

/** Receipts asked for at a time. */
const AT_ONCE = 8;

/**
 * A subject's history, null if the node knows none. With a chain each record is that of its verified receipt, and each
 * must follow the one before: numbers without a gap, linked by log index. Rejects with `NodeError`.
 */
export async function provenanceOf(
  named: NamedSubject,
  chain: Chain | null,
  client: NodeClient,
): Promise<Provenance | null> {
  const answer = await client.subject(named.profile, named.subject);
  if (answer === null) return null;
  const listed = await client.history(named.profile, named.subject);
  const verifies = chain === null ? null : receiptVerifier({ chain, suite: nativeSuite });
  const judged: JudgedRecord[] = [];
  for (let i = 0; i < listed.length; i += AT_ONCE)
    judged.push(
      ...(await Promise.all(
        listed.slice(i, i + AT_ONCE).map(record => judge(record, named, verifies, client)),
      )),
    );
  return { named, answer, records: judged.map((record, i) => follow(record, judged[i - 1] ?? null)) };
}

async function judge(
  record: RecordView,
  { profile, subject }: NamedSubject,
  verifies: ReceiptVerifier | null,
  client: NodeClient,
): Promise<JudgedRecord> {
  if (verifies === null) return { record, proven: null, fault: null };
  const proof = toUtf8(await client.receipt(record.index));
  const verified = verifies(proof, null);
  if (!verified.ok) return { record, proven: false, fault: 'receipt-invalid' };
  const { index, leaf } = verified.value;
  const { value } = leaf.entry;
  const same =
    index === record.index &&
    value.profile === profile &&
    value.subject.issuer === subject.issuer &&
    value.subject.id === subject.id;
  return same
    ? { record: { index, leaf }, proven: true, fault: null }
    : { record, proven: false, fault: 'other-record' };
}

/** A record that does not begin the history or follow the one before it has one left out before it. */
function follow(judged: JudgedRecord, before: JudgedRecord | null): JudgedRecord {
  if (judged.fault !== null) return judged;
  const { version, subjectPrev } = judged.record.leaf;
  const follows =
    version === (before?.record.leaf.version ?? 0) + 1 && subjectPrev === (before?.record.index ?? null);
  return follows ? judged : { ...judged, proven: false, fault: 'gap' };
}
