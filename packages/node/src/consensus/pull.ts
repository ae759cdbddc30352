import { advance, learnBlock, MAX_HEADERS, missingHeader } from './chain.ts';
import { faultsOf, size } from './config.ts';
import type { Block, HeaderRequest, Message, Status } from './messages.ts';
import { emit, leaving, type State, topAccepted } from './state.ts';

/** Where this replica stands. */
export function statusOf(state: State): Status {
  return {
    epoch: state.config.epoch,
    view: state.view,
    asked: state.asked,
    accepted: topAccepted(state).height,
    committed: state.committed.height,
    final: state.low,
  };
}

/**
 * A peer says where it stands: send what it lacks. Certificates at once; NEW-VIEW with its first STATUS in the epoch, and
 * then by turns; votes and proposals with its first STATUS, as it took none before, and then only when it stood in the same
 * place one STATUS ago, so that a healthy network repeats nothing.
 */
export function onStatus(state: State, from: number, status: Status): void {
  if (status.epoch < state.config.epoch)
    emit(state, { type: 'send-handover', to: from, epoch: status.epoch });
  if (status.epoch !== state.config.epoch) return;
  const before = state.peers.get(from);
  const hasVote = from < size(state.config);
  if (hasVote) state.peers.set(from, status);
  const send = (message: Message): void => emit(state, { type: 'send', to: from, message });
  if (status.final < state.low && state.checkpoint !== null) {
    send({ type: 'checkpoint-certificate', certificate: state.checkpoint });
  }
  const { commitCertificate } = state;
  if (commitCertificate !== null && commitCertificate.height > status.committed) {
    send({ type: 'commit-certificate', certificate: commitCertificate });
  }
  const lacksView = status.view < state.view && status.asked <= state.view;
  if (lacksView && state.newView !== null && ((hasVote && before === undefined) || isTurn(state, from))) {
    send({ type: 'new-view', newView: state.newView });
  }
  if (!hasVote || (before !== undefined && !sameStanding(before, status))) return;
  const own = state.viewChanges.get(state.config.me);
  if (leaving(state) && own?.newView === state.asked) send({ type: 'view-change', viewChange: own });
  else if (status.view === state.view) repeatVotes(state, status, send);
  const cosigned = [...state.checkpointVotes.values()].flatMap(signers => signers.get(state.config.me) ?? []);
  for (const vote of cosigned) if (vote.height > status.final) send({ type: 'checkpoint-vote', vote });
}

/** Helpers that hold nobody up, however many of them are faulty. */
const FEW = 7;

/**
 * Whether this replica is one of the f+1, or few, whose turn it is to help a peer; other ones half a second later. A NEW-VIEW
 * of 31 members is 100 KB: from each of them at once it would hold up the one that is behind already.
 */
function isTurn({ config, now }: State, peer: number): boolean {
  const helpers = Math.max(FEW, faultsOf(config) + 1);
  const first = peer + 1 + helpers * Math.floor(now / config.timing.status);
  return (((config.me - first) % size(config)) + size(config)) % size(config) < helpers;
}

function sameStanding(before: Status, now: Status): boolean {
  return before.view === now.view && before.committed === now.committed && before.final === now.final;
}

/** Own votes and every proposal of the view, above what the peer has committed: any stream may have lost them. */
function repeatVotes(state: State, status: Status, send: (message: Message) => void): void {
  const { votes, proposals } = state.slots.get(state.view)!;
  for (const [height, bySigner] of proposals) {
    if (height <= status.committed) continue;
    for (const { proposal } of bySigner.values()) {
      if (state.accepted.get(height) === proposal.block.hash) send({ type: 'proposal', proposal });
    }
  }
  for (const byHeight of [votes.prepare, votes.commit]) {
    for (const [height, signers] of byHeight) {
      const own = signers.get(state.config.me);
      if (own !== undefined && height > Math.min(status.committed, state.tip.height - 1))
        send({ type: 'vote', vote: own });
    }
  }
}

/** Answers with headers still held here, newest first; the host goes on from its store. */
export function serveHeaders(state: State, to: number, { hash, above }: HeaderRequest): void {
  const blocks: Block[] = [];
  let next = hash;
  while (blocks.length < MAX_HEADERS) {
    const known = state.blocks.get(next);
    if (known === undefined || known.block.height <= above) break;
    blocks.push(known.block);
    next = known.block.parent;
  }
  emit(state, { type: 'send-headers', to, blocks, next, above });
}

/**
 * Headers arrive, newest first, each the parent of the one before: kept only as ancestors of what is wanted. Who gave some
 * is asked for the next at once; who gave none is not, and STATUS asks another.
 */
export function onHeaders(state: State, from: number, blocks: readonly Block[]): void {
  const wanted = missingHeader(state)?.hash ?? null;
  let expected = wanted;
  for (const block of blocks) {
    if (block.hash !== expected || block.height <= state.executed.height) break;
    learnBlock(state, block);
    expected = block.parent;
  }
  advance(state);
  const request = missingHeader(state);
  if (request !== null && expected !== wanted)
    emit(state, { type: 'send', to: from, message: { type: 'header-request', request } });
}
