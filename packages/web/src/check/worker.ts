import { type Chain, MAX_PROOF_BYTES, portableSuite, readGenesis } from '@qifeng/core';
import { hashFile } from './hash-file.ts';
import { chainFacts, judge } from './judge.ts';
import type { Question, Reply } from './messages.ts';

// Hashing and verifying stand in a worker so that the page answers keys and clicks meanwhile.

const chains = new Map<string, Chain>();
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
  chains.set(facts.hash, chain.value);
  say({ kind: 'genesis', id, facts, fault: null });
}

async function verify({ id, genesis, file, receipt }: Extract<Question, { kind: 'verify' }>): Promise<void> {
  current.abort();
  const mine = new AbortController();
  current = mine;
  const total = file.size;
  const digestOf = () => hashFile(file, done => say({ kind: 'progress', id, done, total }), mine.signal);
  try {
    const bytes = receipt.size > MAX_PROOF_BYTES ? null : new Uint8Array(await receipt.arrayBuffer());
    const outcome = await judge(bytes, chains.get(genesis)!, digestOf);
    if (!mine.signal.aborted) say({ kind: 'outcome', id, outcome });
  } catch (error) {
    // A file that changed or went away after it was chosen cannot be read any more.
    if (!mine.signal.aborted) say({ kind: 'unreadable', id, detail: String(error) });
  }
}

self.onmessage = ({ data }: MessageEvent<Question>) => {
  if (data.kind === 'genesis') learn(data.id, data.bytes);
  else void verify(data);
};
