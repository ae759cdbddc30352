import type { ChaosNetwork } from '../network/chaos-network.ts';
import type { Value } from './operations.ts';

/** Ms for one request: longer than a node waits itself, and than a paused one sleeps. */
const REQUEST_MS = 15_000;

/** An answer, or null if there was none: the node is down, paused, or the answer was lost. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer | null> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_MS) });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  } catch {
    return null;
  }
}

/** What a submission of one record came to at one node. */
export type Sent =
  | { readonly type: 'final'; readonly height: number; readonly index: number; readonly proof: string }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'unknown' };

/** Sends a submission through a node and waits until it is final. */
export async function submit(network: ChaosNetwork, seat: number, wire: Uint8Array): Promise<Sent> {
  const answer = await ask(`${network.nodes[seat]!.url}/v1/submissions?wait=final`, {
    method: 'POST',
    headers: { 'content-type': 'application/cbor' },
    body: new Uint8Array(wire),
  });
  if (answer?.status === 200) {
    const { height, receipts } = answer.body as {
      height: number;
      receipts: readonly [{ index: number; proof: string }];
    };
    return { type: 'final', height, ...receipts[0] };
  }
  if (answer === null || answer.status >= 500 || answer.status === 429) return { type: 'unknown' };
  return { type: 'refused', code: String(answer.body['code']) };
}

/** A subject's standing at a node and the height it is of; null if there was no answer or no such subject yet. */
export async function readSubject(
  network: ChaosNetwork,
  seat: number,
  subject: string,
): Promise<{ readonly height: number; readonly value: Value } | null> {
  const answer = await ask(`${network.nodes[seat]!.url}/v1/subjects/policy/${subject}`);
  if (answer?.status !== 200) return null;
  const { standing, asOf } = answer.body as { standing: Value; asOf: { height: number } };
  const { head, version, state } = standing;
  return { height: asOf.height, value: { head, version, state } };
}
