import { setImmediate } from 'node:timers/promises';
import { fromUtf8, type Result, type Routes, submissionFromJson, toHex } from '@qifeng/core';
import type { Outcome } from '../../ports/ledger-store.ts';
import type { NodeService, SubmitResult } from '../../ports/node-service.ts';
import type { Handlers, Later, RequestBody } from '../call.ts';
import type { HttpLimits } from '../limits.ts';
import { HttpProblem } from '../problem.ts';
import { leafAt, requireHeld, withLogLine } from '../state.ts';

/** Receipts made in one turn of the event loop: 1,024 at once would stop the node's votes. */
const RECEIPTS_A_TURN = 16;

/** Answers for submissions; the limits say how long `?wait=final` waits, and how many may. */
export function submissionHandlers(
  service: NodeService,
  { waitMs, waits: mostWaits }: Pick<HttpLimits, 'waitMs' | 'waits'>,
): Handlers<Pick<Routes, 'submit' | 'submission'>> {
  let waiting = 0;
  const submit = async (wire: Uint8Array, waits: boolean): Promise<SubmitResult> => {
    if (!waits) return service.submit(wire, null);
    if (waiting >= mostWaits)
      throw HttpProblem.of('busy', 'as many submissions are waited for as this node takes', {
        retryAfter: 1,
      });
    waiting++;
    return service.submit(wire, waitMs).finally(() => {
      waiting--;
    });
  };
  return {
    submit: async ({ query, body, later }) => {
      const waits = query.wait !== undefined;
      const done = await submit(wireOf(body), waits);
      switch (done.type) {
        case 'refused':
          throw HttpProblem.refused(done.refusal);
        case 'not-final':
          throw notFinal(done.id, done.refusal.detail, done.refusal.retryAfter);
        case 'queued':
          return { status: 202, value: { id: done.id } };
        case 'final': {
          const receipts = await receiptsOf(service, done.outcome, later);
          if (receipts !== null)
            return { status: 200, value: { id: done.id, height: done.outcome.height, receipts } };
          if (!waits) return { status: 202, value: { id: done.id } };
          throw notFinal(
            done.id,
            'the block is executed, its checkpoint is not signed by a quorum yet',
            null,
          );
        }
      }
    },
    submission: ({ params: { id } }) => {
      const outcome = service.ledger.outcome(id);
      if (outcome !== null) {
        const { height, first, count, refusal } = outcome;
        const status = refusal === null ? 'recorded' : 'refused';
        return { status: 200, value: { id, status, height, first, count, refusal } };
      }
      if (!service.isPending(id))
        throw HttpProblem.of('no-submission', `no submission ${toHex(id)} is pending or executed here`);
      const value = { id, status: 'pending', height: null, first: null, count: 0, refusal: null } as const;
      return { status: 200, value };
    },
  };
}

/** The wire bytes of a submission in either form. */
function wireOf(body: RequestBody | null): Uint8Array {
  if (body === null || !('bytes' in body))
    throw HttpProblem.of('bad-request', 'a submission is a request body');
  return body.mediaType === 'application/json' ? accepted(fromJson(body.bytes)) : body.bytes;
}

function fromJson(bytes: Uint8Array): Result<Uint8Array> {
  const text = fromUtf8(bytes);
  return text.ok ? submissionFromJson(text.value) : text;
}

function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw HttpProblem.refused(result.fault);
  return result.value;
}

function notFinal(id: Uint8Array, detail: string, retryAfter: number | null): HttpProblem {
  return HttpProblem.of('not-final', detail, { id: toHex(id), retryAfter: retryAfter ?? 1 });
}

/** The receipts of a submission's records; null if one cannot be made yet. Throws the refusal of a refused one. */
async function receiptsOf(
  service: NodeService,
  { id, first, count, refusal }: Outcome,
  later: Later,
): Promise<{ readonly index: number; readonly proof: string }[] | null> {
  if (refusal !== null) throw HttpProblem.refused({ ...refusal, id: toHex(id) });
  if (first !== null) {
    requireHeld(service, first, id);
    await withLogLine(service, leafAt(service.ledger, first)!.height, () => {}, later);
  }
  const receipts = [];
  for (let i = 0; i < count; i++) {
    if (i % RECEIPTS_A_TURN === RECEIPTS_A_TURN - 1) await setImmediate();
    const receipt = service.receipt(first! + i);
    if (receipt === null) return null;
    receipts.push({ index: first! + i, proof: accepted(fromUtf8(receipt)) });
  }
  return receipts;
}
