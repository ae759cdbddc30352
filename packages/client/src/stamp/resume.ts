import { NodeError } from '../sdk/node-error.ts';
import type { Item } from './item.ts';
import { isOfChain, type Signed } from './journal-lines.ts';
import { isForgotten, resumeStep } from './plan.ts';
import {
  type Delivered,
  deliver,
  keepReceipts,
  postpone,
  reportAll,
  type Session,
  sendItems,
  settleRefusal,
} from './session.ts';

/**
 * Brings to an end what an earlier run left open: the same bytes are sent again, or, once they have expired, a node is
 * asked what became of them. What was never recorded and can no longer be is settled without a report, and its files may
 * be signed anew. A submission of another chain is settled: this home has a new genesis.
 */
export async function resume(open: readonly Signed[], session: Session): Promise<void> {
  for (const signed of open) {
    session.signal.throwIfAborted();
    if (!isOfChain(signed, session.chain)) {
      await session.journal.settled(signed.id, 'other-chain');
      continue;
    }
    const { again, fault } = await finish(signed, session);
    if (again.length > 0) await resend(again, signed, session);
    if (fault !== null) {
      const outcome = { type: 'pending', code: fault.code, detail: fault.message, kept: true } as const;
      for (const other of open.slice(open.indexOf(signed) + 1))
        if (isOfChain(other, session.chain)) reportAll(other.items, outcome, session);
      return;
    }
  }
}

async function finish(signed: Signed, session: Session): Promise<Delivered> {
  if (resumeStep(signed.expires, Date.now()) === 'send') return deliver(signed, true, session);
  try {
    const answer = await session.client.submission(signed.id);
    if (answer.type === 'final') return await keepReceipts(signed, answer, true, session);
    if (answer.type === 'refused') return await settleRefusal(signed, answer, session);
    if (answer.type === 'unknown' && isForgotten(signed.expires, Date.now())) {
      await session.journal.settled(signed.id, 'expired');
      return { again: [], fault: null };
    }
    throw new NodeError('not-final', 'no node knows yet what became of it');
  } catch (error) {
    return postpone(signed, error, session);
  }
}

/** The rest of a refused submission goes under a new signature, which only its own publisher can make. */
async function resend(items: readonly Item[], signed: Signed, session: Session): Promise<void> {
  if (signed.publisher === session.publisher) {
    await sendItems(items, session);
    return;
  }
  const detail = `it was signed by ${signed.publisher}; stamp it again with that key`;
  reportAll(items, { type: 'refused', code: 'other-publisher', detail, entry: null, state: null }, session);
}
