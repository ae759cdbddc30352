import { NodeClient, NodeError, Register } from '@qifeng/client';
import {
  bytesOfHex,
  type Chain,
  type Digest,
  MAX_PROOF_BYTES,
  MAX_STATUS_BYTES,
  portableSuite,
  readGenesis,
} from '@qifeng/core';
import { askNode } from './ask-node.ts';
import { hashFile } from './hash-file.ts';
import { judge, trustIn } from './judge.ts';
import type { Question, Reply } from './messages.ts';
import type { Outcome } from './outcome.ts';
import { chainFacts } from './record-facts.ts';

// Hashing and verifying stand in a worker so that the page answers keys and clicks meanwhile.

/** Ms that a verdict waits for the names of profiles at most. */
const PATIENCE_MS = 2_000;

/** A chain that was read: what is called how on it. */
class Known {
  readonly names: Register;
  #learnt: Promise<void> | null = null;

  constructor(chain: Chain) {
    this.names = new Register(chain, portableSuite, null);
  }

  /**
   * Asks the node once for all profiles that came after the genesis: the question is the same whatever is to be verified. Names are no
   * part of a verdict, so that nothing that goes wrong is in its way.
   */
  learnProfiles(): Promise<void> {
    this.#learnt ??= this.names.learnProfiles(patientClient()).catch(() => {});
    return this.#learnt;
  }
}
const chains = new Map<string, Known>();

function patientClient(): NodeClient {
  return new NodeClient({ nodes: [self.location.origin], signal: AbortSignal.timeout(PATIENCE_MS) });
}
let current = new AbortController();

function say(reply: Reply): void {
  self.postMessage(reply);
}

function learn(id: number, bytes: Uint8Array): void {
  const chain = readGenesis(bytes, portableSuite);
  if (!chain.ok) {
    say({ kind: 'genesis', id, facts: null, fault: chain.fault });
    return;
  }
  const facts = chainFacts(chain.value);
  chains.set(facts.hash, new Known(chain.value));
  say({ kind: 'genesis', id, facts, fault: null });
}

async function answer(question: Exclude<Question, { kind: 'genesis' }>): Promise<void> {
  current.abort();
  const mine = new AbortController();
  current = mine;
  const { id } = question;
  try {
    const outcome = await outcomeOf(question, mine.signal);
    if (!mine.signal.aborted) say({ kind: 'outcome', id, outcome });
  } catch (error) {
    if (mine.signal.aborted) return;
    if (error instanceof NodeError) say({ kind: 'no-answer', id, detail: error.message });
    // A file that changed or went away after it was chosen cannot be read any more.
    else say({ kind: 'unreadable', id, detail: String(error) });
  }
}

async function outcomeOf(
  question: Exclude<Question, { kind: 'genesis' }>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { id, genesis, document, now, maxAgeMs } = question;
  const known = chains.get(genesis)!;
  await known.learnProfiles();
  const trust = trustIn(known.names, { now, maxAgeMs });
  const total = document?.size ?? 0;
  const digestOf =
    document && (() => hashFile(document, done => say({ kind: 'progress', id, done, total }), signal));
  if (question.kind === 'node')
    return askNode(digestIn(question.digest), self.location.origin, digestOf, trust, signal);
  const receipts = await Promise.all(question.receipts.map(receipt => bytesOf(receipt, MAX_PROOF_BYTES)));
  const status = question.status === null ? undefined : await bytesOf(question.status, MAX_STATUS_BYTES);
  return judge({ digestOf, receipts, status }, trust);
}

function digestIn(text: string): Digest {
  const [alg, hex = ''] = text.split(':');
  return { alg: alg === 'sm3' ? alg : 'sha256', hash: bytesOfHex(hex) };
}

/** The bytes of a file; null for one too big to be read. */
async function bytesOf(file: Blob, most: number): Promise<Uint8Array | null> {
  return file.size > most ? null : new Uint8Array(await file.arrayBuffer());
}

self.onmessage = ({ data }: MessageEvent<Question>) => {
  if (data.kind === 'genesis') learn(data.id, data.bytes);
  else void answer(data);
};
