import { randomBytes } from 'node:crypto';
import {
  type Chain,
  decodeSubmission,
  invariant,
  NO_STATE,
  type Signer,
  type Suite,
  signSubmission,
  type VerifiedReceipt,
} from '@qifeng/core';
import type { FinalSubmission, RefusedSubmission } from '../sdk/answers.ts';
import type { NodeClient } from '../sdk/client.ts';
import { NodeError } from '../sdk/node-error.ts';
import { submitUntilFinal } from '../sdk/wait-final.ts';
import type { Item } from './item.ts';
import type { Journal } from './journal.ts';
import type { Signed } from './journal-lines.ts';
import type { Outcome, Report, Reported } from './outcome.ts';
import { afterRefusal, groupItems } from './plan.ts';
import { putReceipt, verifyOwn, withOpening } from './receipts.ts';

/** What signing, sending and keeping receipts needs. */
export interface Session {
  readonly client: NodeClient;
  readonly chain: Chain;
  readonly suite: Suite;
  readonly signer: Signer;
  /** Publisher that the key belongs to, a 统一社会信用代码. */
  readonly publisher: string;
  readonly journal: Journal;
  /** Milliseconds that one submission is waited for. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Milliseconds between signing and expiry: resuming sends the same bytes that long. */
const LIFE_MS = 60 * 60 * 1000;
/** Submissions on their way at a time. */
const IN_FLIGHT = 3;

/** Signs items in submissions and brings each to its outcome; what is refused is left out and the rest sent again. */
export async function sendItems(items: readonly Item[], session: Session): Promise<void> {
  const queue = groupItems(items);
  let down: NodeError | null = null;
  const work = async () => {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      session.signal.throwIfAborted();
      if (down !== null) {
        reportAll(group, { type: 'pending', code: down.code, detail: down.message, kept: false }, session);
        continue;
      }
      const { again, fault } = await deliver(await sign(group, session), false, session);
      if (again.length > 0) queue.unshift([...again]);
      down ??= fault; // what one submission waited for in vain, the others need not wait for too
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

/** What a delivery leaves: items to send again without a refused one, and the nodes' failure if there was one. */
export interface Delivered {
  readonly again: readonly Item[];
  readonly fault: NodeError | null;
}

/** Sends a submission that is in the journal until its outcome is known, and settles it. */
export async function deliver(signed: Signed, resumed: boolean, session: Session): Promise<Delivered> {
  const { client, patienceMs, signal } = session;
  try {
    const answer = await submitUntilFinal(client, signed.bytes, { totalMs: patienceMs, signal });
    // By the node's clock it is too late, but an earlier sending may have been in time: only its memory tells.
    if (resumed && answer.type === 'refused' && answer.code === 'expired')
      throw new NodeError('not-final', answer.detail);
    return answer.type === 'final'
      ? await keepReceipts(signed, answer, resumed, session)
      : await settleRefusal(signed, answer, session);
  } catch (error) {
    return postpone(signed, error, session);
  }
}

/** Leaves a submission in the journal because the nodes failed; anything else is thrown on. */
export function postpone(signed: Signed, error: unknown, session: Session): Delivered {
  if (!(error instanceof NodeError)) throw error;
  const outcome: Outcome = { type: 'pending', code: error.code, detail: error.message, kept: true };
  reportAll(signed.items, outcome, session);
  return { again: [], fault: error };
}

/** Settles a refusal: names what is refused and gives back the rest. */
export async function settleRefusal(
  signed: Signed,
  { code, detail, entry }: RefusedSubmission,
  session: Session,
): Promise<Delivered> {
  const { refused, again } = afterRefusal(signed.items, entry);
  await session.journal.settled(signed.id, 'refused');
  const state = refused.length === 1 && BY_STATE.has(code) ? await stateOf(refused[0]!, session) : null;
  const at = again.length > 0 ? entry : null;
  reportAll(refused, { type: 'refused', code, detail, entry: at, state }, session);
  return { again, fault: null };
}

/** Refusals of which a person is told what state the subject is in. */
const BY_STATE = new Set(['action-not-allowed', 'not-issuer']);

async function stateOf({ entry }: Item, { client }: Session): Promise<string | null> {
  try {
    const answer = await client.subject(entry.profile, entry.subject);
    return answer?.standing.state ?? NO_STATE;
  } catch (error) {
    if (error instanceof NodeError) return null;
    throw error;
  }
}

/** Verifies the receipts of a final submission and puts each in its place; only then is the submission settled. */
export async function keepReceipts(
  signed: Signed,
  answer: FinalSubmission,
  resumed: boolean,
  session: Session,
): Promise<Delivered> {
  const { journal } = session;
  const left = new Set(signed.items.keys());
  let fault: { code: string; detail: string } | null = null;
  const keep = async (index: number): Promise<readonly Reported[]> => {
    const found = await provenReceipt(index, signed, answer, session);
    if (!('proof' in found)) {
      fault = found;
      return [];
    }
    const { verified, proof } = found;
    const item = signed.items[verified.leaf.i]!;
    const whole = withOpening(proof, item.opening);
    for (const target of item.targets) await putReceipt(target.receipt, whole, verified.index, session);
    left.delete(verified.leaf.i);
    const { height } = verified.leaf;
    const outcome = { type: 'ok', index: verified.index, height, resumed } as const;
    return item.targets.map(target => ({ target, item, outcome }));
  };
  // Told in the order of the log, whichever receipt was in its place first.
  for (let i = 0; i < answer.indexes.length; i += 16)
    for (const kept of await Promise.all(answer.indexes.slice(i, i + 16).map(keep)))
      kept.forEach(session.report);
  if (left.size === 0) await journal.settled(signed.id, 'final');
  const why = fault ?? { code: 'receipt-missing', detail: 'the node gave no receipt of this record' };
  for (const i of left) reportAll([signed.items[i]!], { type: 'unproven', ...why }, session);
  return { again: [], fault: null };
}

/** A receipt that verifies: the one that came along, else one asked for again, perhaps of another node. */
async function provenReceipt(
  index: number,
  signed: Signed,
  { proofs }: FinalSubmission,
  session: Session,
): Promise<{ proof: string; verified: VerifiedReceipt } | { code: string; detail: string }> {
  const first = proofs.get(index);
  const judged = first === undefined ? null : verifyOwn(first, signed, session);
  if (judged?.ok) return { proof: first!, verified: judged.value };
  const proof = await session.client.receipt(index);
  const again = verifyOwn(proof, signed, session);
  return again.ok ? { proof, verified: again.value } : again.fault;
}

/** Signs a group and puts it in the journal. */
async function sign(items: readonly Item[], session: Session): Promise<Signed> {
  const { chain, suite, signer, publisher, journal } = session;
  const now = Date.now();
  const draft = {
    genesis: chain.hash,
    publisher,
    nonce: new Uint8Array(randomBytes(16)),
    issuedAt: now,
    expires: now + LIFE_MS,
    entries: items.map(item => item.entry),
  };
  const bytes = signSubmission(draft, signer, suite.hasher);
  const decoded = decodeSubmission(bytes, suite.hasher);
  invariant(decoded.ok, 'what is signed here decodes');
  const signed: Signed = {
    id: decoded.value.id,
    bytes,
    publisher,
    genesis: chain.hash,
    expires: draft.expires,
    items,
  };
  await journal.signed(signed);
  return signed;
}

/** Reports one outcome for every target of some items. */
export function reportAll(items: readonly Item[], outcome: Outcome, { report }: Session): void {
  for (const item of items) for (const target of item.targets) report({ target, item, outcome });
}
