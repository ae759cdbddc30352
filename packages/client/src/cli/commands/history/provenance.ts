import {
  type Asked,
  type Chain,
  carries,
  countedIn,
  type Fault,
  isOfSubject,
  type Leaf,
  type ReceiptVerifier,
  type RecordView,
  receiptVerifier,
  toUtf8,
  type VerifiedStatus,
  verifyComplete,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Listed } from '../../../sdk/answers.ts';
import type { ListBound, NodeClient } from '../../../sdk/client.ts';
import { NodeError } from '../../../sdk/node-error.ts';
import { inTurn } from '../../../sdk/turns.ts';
import type { Context } from '../../context.ts';
import type { Progress } from '../../progress.ts';
import type { Prover } from '../../prover.ts';
import { verdictMessages } from '../../verdicts.ts';
import { historyMessages } from './messages.ts';

/** What is wrong with a record as the node shows it. */
export type RecordFault = 'receipt-invalid' | 'other-record' | 'gap';

/** One record of a history; `proven` is null where no genesis is known to judge by. */
export interface JudgedRecord {
  readonly record: RecordView;
  readonly proven: boolean | null;
  readonly fault: RecordFault | null;
}

/** The records of a subject, a digest or a publisher, oldest first. */
export interface Trail<A extends Asked = Asked> {
  readonly asked: A;
  readonly records: readonly JudgedRecord[];
  /** What says how many there are; null without a genesis or where the node gives no proof. */
  readonly status: VerifiedStatus<A['kind']> | null;
  /** Why the records are not all that the proof counts; null where they are, or nothing counts them. */
  readonly fault: Fault | null;
  /** Whether these are the first ones only: nothing says how many there are, and so many are not read without that. */
  readonly isCut: boolean;
}

/** Whom a history is asked of and by what it is judged; without a genesis it is the node's word. */
export interface Sources {
  readonly client: NodeClient;
  readonly trust: { readonly chain: Chain; readonly prover: Prover } | null;
  readonly context: Context;
  /** Shows how far it is, where there is much to ask for. */
  readonly progress?: Progress;
}

/** Receipts asked for at a time. */
const AT_ONCE = 16;

/**
 * The records of what is asked about, up to the proof of how many there are. Each is that of its verified receipt, and of a
 * subject or a publisher each must follow the one before. Rejects with `NodeError`, and with a complaint where the proof
 * does not hold.
 */
export async function trailOf<A extends Asked>(asked: A, sources: Sources): Promise<Trail<A>> {
  const { client, trust, progress, context } = sources;
  const status = await provenStatus(asked, sources);
  const count = status === null ? 0 : countedIn(status);
  progress?.start(historyMessages(context.lang).reading, count);
  const bound = {
    ...(status !== null && { until: status.checkpoint.size }),
    onRead: (read: number) => progress?.update(Math.min(read, count)),
  };
  const { records: listed, isCut } = await list(asked, client, bound).finally(() => progress?.stop());
  // Those that came after the proof are for the next one.
  const counted = status === null ? listed : listed.filter(({ index }) => index < status.checkpoint.size);
  const verifies = trust === null ? null : receiptVerifier({ chain: trust.chain, suite: nativeSuite });
  if (verifies !== null) progress?.start(verdictMessages(context.lang).verifying, counted.length);
  let done = 0;
  const judged = await inTurn(counted, AT_ONCE, async record => {
    const one = await judge(record, asked, verifies, client);
    progress?.update(++done);
    return one;
  }).finally(() => progress?.stop());
  const records = judged.map((record, i) => follow(record, judged[i - 1] ?? null, asked));
  const proven = judged.filter(record => record.proven).map(({ record }) => record);
  const complete = status === null ? null : verifyComplete(status, proven);
  return { asked, records, status, fault: complete === null || complete.ok ? null : complete.fault, isCut };
}

/** Whether anything about a history contradicts what is proven. */
export function isFaulty({ records, fault }: Trail): boolean {
  return fault !== null || records.some(record => record.fault !== null);
}

/** Null where the node has no proof to give: the records are then verified one by one. */
async function provenStatus<A extends Asked>(
  asked: A,
  { client, trust, context }: Sources,
): Promise<VerifiedStatus<A['kind']> | null> {
  if (trust === null) return null;
  try {
    return (await trust.prover.ask(asked, client, context)).status;
  } catch (error) {
    if (error instanceof NodeError) return null;
    throw error;
  }
}

/** The records as the node lists them. */
async function list(asked: Asked, client: NodeClient, bound: ListBound): Promise<Listed<RecordView>> {
  if (asked.kind === 'subject') return client.history(asked.profile, asked.subject, bound);
  if (asked.kind === 'publisher') return client.publisherRecords(asked.id, bound);
  return (await client.documents(asked, bound)) ?? { records: [], isCut: false };
}

async function judge(
  record: RecordView,
  asked: Asked,
  verifies: ReceiptVerifier | null,
  client: NodeClient,
): Promise<JudgedRecord> {
  if (verifies === null) return { record, proven: null, fault: null };
  const verified = verifies(toUtf8(await client.receipt(record.index)), null);
  if (!verified.ok) return { record, proven: false, fault: 'receipt-invalid' };
  const { index, leaf } = verified.value;
  return index === record.index && belongs(asked, leaf)
    ? { record: { index, leaf }, proven: true, fault: null }
    : { record, proven: false, fault: 'other-record' };
}

function belongs(asked: Asked, leaf: Leaf): boolean {
  if (asked.kind === 'subject') return isOfSubject(asked, leaf);
  return asked.kind === 'digest' ? carries(asked, leaf) : leaf.publisher === asked.id;
}

/** A record that does not begin the history or follow the one before it has one left out before it. */
function follow(judged: JudgedRecord, before: JudgedRecord | null, { kind }: Asked): JudgedRecord {
  if (judged.fault !== null || kind === 'digest') return judged;
  const place = ({ version, subjectPrev, seq, publisherPrev }: Leaf) =>
    kind === 'subject' ? [version, subjectPrev] : [seq, publisherPrev];
  const [number, previous] = place(judged.record.leaf);
  const [last = 0] = before === null ? [] : place(before.record.leaf);
  const follows = number === (last ?? 0) + 1 && previous === (before?.record.index ?? null);
  return follows ? judged : { ...judged, proven: false, fault: 'gap' };
}
