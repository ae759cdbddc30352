import { accept, acceptWaiting, onProposal } from './accept.ts';
import { advance, learnBlock, onCommitCertificate } from './chain.ts';
import { learnCheckpoint, onCheckpointVote, onExecuted } from './checkpoint.ts';
import { accuse, convicted, onEvidence, tellEvidence } from './evidence.ts';
import type { Input } from './input.ts';
import { takeBatch } from './leader-watch.ts';
import { type Message, prepareOf } from './messages.ts';
import type { Output } from './output.ts';
import { amountOf, emitProposal, type HashBlock, propose } from './propose.ts';
import { onHeaders, onStatus, serveHeaders, statusOf } from './pull.ts';
import { drain, emit, type State } from './state.ts';
import { onTick } from './timer.ts';
import { onNewView, onViewChange } from './view-change.ts';
import { commitChain, onVote } from './votes.ts';

/**
 * The protocol: one input changes `state` and gives one ordered batch of outputs (see `Output` for what the host owes).
 * Synchronous, without I/O, clock, randomness, logging or cryptography: time is an input, what arrives is verified
 * before, what must be signed is an output, and `hashBlock` (a pure function) names a fresh block.
 */
export function step(state: State, input: Input, hashBlock: HashBlock): Output[] {
  switch (input.type) {
    case 'tick':
      onTick(state, input);
      break;
    case 'message':
      onMessage(state, input.from, input.message);
      break;
    case 'batch':
      takeBatch(state, input);
      break;
    case 'batch-dropped':
      state.pool.delete(input.digest);
      break;
    case 'bodies':
      onBodies(state, input);
      break;
    case 'executed':
      onExecuted(state, input.block, input.text, input.closes);
      break;
    case 'connected':
      emit(state, { type: 'send', to: input.peer, message: { type: 'status', status: statusOf(state) } });
      tellEvidence(state, input.peer);
      break;
  }
  settle(state, hashBlock);
  return drain(state);
}

/** What any input may have made possible: acceptances, COMMITs, the next proposal. */
function settle(state: State, hashBlock: HashBlock): void {
  acceptWaiting(state);
  commitChain(state);
  for (let block = propose(state, hashBlock); block !== null; block = propose(state, hashBlock)) {
    learnBlock(state, block).bodies = { barrier: block.barrier, ...amountOf(state, block.batches) };
    emitProposal(state, block);
    accept(state, block);
  }
}

function onBodies(state: State, { hash, barrier, size, weight }: Input & { type: 'bodies' }): void {
  const known = state.blocks.get(hash);
  if (known === undefined) return;
  known.bodies = { barrier, size, weight };
  advance(state);
}

function onMessage(state: State, from: number, message: Message): void {
  for (const evidence of convicted(state, message)) accuse(state, evidence);
  switch (message.type) {
    case 'proposal':
      onProposal(state, message.proposal);
      onVote(state, prepareOf(message.proposal));
      break;
    case 'vote':
      onVote(state, message.vote);
      break;
    case 'view-change':
      onViewChange(state, message.viewChange);
      break;
    case 'new-view':
      onNewView(state, message.newView);
      break;
    case 'checkpoint-vote':
      onCheckpointVote(state, message.vote);
      break;
    case 'commit-certificate':
      onCommitCertificate(state, message.certificate);
      break;
    case 'checkpoint-certificate':
      learnCheckpoint(state, message.certificate);
      break;
    case 'status':
      onStatus(state, from, message.status);
      break;
    case 'header-request':
      serveHeaders(state, from, message.request);
      break;
    case 'evidence':
      onEvidence(state, message.evidence);
      break;
    case 'headers':
      onHeaders(state, from, message.blocks);
      break;
  }
}
