import { randomBytes } from 'node:crypto';
import {
  type Chain,
  type Digest,
  type Entry,
  type Signer,
  type Suite,
  signSubmission,
  toHex,
  toUtf8,
  verifyReceipt,
} from '@qifeng/core';
import type { RefusedSubmission } from '../sdk/answers.ts';
import { NodeClient } from '../sdk/client.ts';
import { NodeError } from '../sdk/node-error.ts';
import { submitUntilFinal } from '../sdk/wait-final.ts';
import { closedLoop, type LoadOf } from './closed-loop.ts';

/** What a load is made of. */
export interface LoadPlan {
  readonly nodes: readonly string[];
  readonly chain: Chain;
  readonly suite: Suite;
  readonly publisher: string;
  readonly signer: Signer;
  /** Submissions under way at a time. */
  readonly clients: number;
  /** Records in a submission. */
  readonly entries: number;
  /** How long it counts, ms. */
  readonly ms: number;
  /** How long one submission may take to be final, ms. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** What a load did to a network, and what its receipts are worth. Answers other than final are counted by code. */
export interface NetworkLoad extends LoadOf<string> {
  /** The last receipt of each client, verified with the genesis: how many, and what was wrong with the first that was false. */
  readonly checked: number;
  readonly falseReceipt: string | null;
}

/** How long a submission may take to be recorded, ms. */
const LIFE_MS = 600_000;

/**
 * Publishes documents that nobody has, each client its next when the last is final, and takes the time from sending to the
 * receipt. One goes ahead: if the ledger refuses it, that is the answer, and nothing else is sent.
 */
export async function loadNetwork(plan: LoadPlan): Promise<NetworkLoad | RefusedSubmission> {
  const { nodes, chain, suite, clients, ms, patienceMs, signal } = plan;
  const last = new Map<number, { readonly proof: string; readonly digest: Digest }>();
  // Every client has another node that it asks first, so that the load is on all of them.
  const sdk = Array.from({ length: clients }, (_, i) => {
    const first = i % nodes.length;
    return new NodeClient({ nodes: [...nodes.slice(first), ...nodes.slice(0, first)], signal });
  });
  const send = async (i: number) => {
    const { bytes, digest } = submissionOf(plan);
    const answer = await submitUntilFinal(sdk[i]!, bytes, { totalMs: patienceMs, signal });
    if (answer.type === 'refused') return answer;
    const proof = answer.proofs.get(answer.indexes[0]!);
    if (proof !== undefined) last.set(i, { proof, digest });
    return null;
  };
  const refused = await send(0);
  if (refused !== null) return refused;
  const senders = sdk.map((_, i) => async () => {
    try {
      return (await send(i))?.code ?? null;
    } catch (error) {
      if (error instanceof NodeError) return error.code;
      throw error;
    }
  });
  const load = await closedLoop<string>(senders, Math.min(1_000, ms / 4), ms);
  const verdicts = [...last.values()].map(({ proof, digest }) =>
    verifyReceipt(toUtf8(proof), { chain, suite, digests: [digest] }),
  );
  const wrong = verdicts.find(({ ok }) => !ok);
  return { ...load, checked: verdicts.length, falseReceipt: wrong?.ok === false ? wrong.fault.code : null };
}

/** A submission of new documents, and the digest of the first. */
function submissionOf({ chain, suite, publisher, signer, entries }: LoadPlan) {
  const issuedAt = Date.now();
  const draft = {
    genesis: chain.hash,
    publisher,
    nonce: new Uint8Array(randomBytes(16)),
    issuedAt,
    expires: issuedAt + LIFE_MS,
    entries: Array.from({ length: entries }, () => freshEntry(publisher)),
  };
  return { bytes: signSubmission(draft, signer, suite.hasher), digest: draft.entries[0]!.digest };
}

function freshEntry(publisher: string): Entry & { readonly digest: Digest } {
  const hash = new Uint8Array(randomBytes(32));
  return {
    profile: 'policy',
    action: 'publish',
    subject: { issuer: publisher, id: toHex(hash) },
    digest: { alg: 'sha256', hash },
    prev: null,
    links: [],
    meta: new Map([['title', '压力测试']]),
    origin: null,
  };
}
