import { advance, decide, diverge, progress } from './chain.ts';
import { type BlockRef, quorumOf } from './config.ts';
import { accuse } from './evidence.ts';
import type { CheckpointCertificate, CheckpointVote } from './messages.ts';
import { emit, persist, type State, topAccepted } from './state.ts';
import { isCheckpointCertificate } from './validate.ts';

/** A block was executed and synced: cosign its checkpoint unless that would say again what is final or older. */
export function onExecuted(state: State, block: BlockRef, text: string, closes: boolean): void {
  state.executed = block;
  state.closed = closes;
  const known = state.blocks.get(block.hash);
  for (const digest of known?.block.batches ?? []) state.pool.delete(digest);
  const certificate = state.checkpoint;
  if (certificate?.height === block.height && certificate.text !== text) {
    divergeFrom(state, certificate, text);
    return;
  }
  if (block.height > state.low) {
    state.texts.set(block.height, text);
    cosign(state, block, text);
    checkFinal(state, block.height);
  }
  forgetBelow(state);
  advance(state);
}

/**
 * One signer's cosigned heights strictly increase and its times never decrease (C2SP: a statement of freshness). A
 * replica that catches up leaves out what must be final already: q accepted the newest committed block, and each of
 * them then knew a final one at most W below it.
 */
export function cosign(state: State, block: BlockRef, text: string): void {
  const last = state.cosigned;
  if (!state.config.votes) return;
  if (block.height <= (state.commitCertificate?.height ?? 0) - state.config.window) return;
  if (last !== null && block.height <= last.height) return;
  const time = Math.max(last?.time ?? 0, Math.floor(state.wall / 1000));
  state.cosigned = { ...block, text, time };
  persist(state, { type: 'cosign', ...block, text, time });
  emit(state, { type: 'sign', what: { type: 'cosignature', ...block, text, time } });
}

/** A cosignature arrives: one slot per signer and height within (low, low+2W]. */
export function onCheckpointVote(state: State, vote: CheckpointVote): void {
  if (vote.epoch !== state.config.epoch) return;
  if (vote.height <= state.low || vote.height > state.low + 2 * state.config.window) return;
  const signers = state.checkpointVotes.get(vote.height) ?? new Map<number, CheckpointVote>();
  const held = signers.get(vote.signer);
  if (held !== undefined) {
    if (held.text !== vote.text) accuse(state, { type: 'checkpoints', first: held, second: vote });
    return;
  }
  signers.set(vote.signer, vote);
  state.checkpointVotes.set(vote.height, signers);
  checkFinal(state, vote.height);
}

function checkFinal(state: State, height: number): void {
  const signers = state.checkpointVotes.get(height);
  if (signers === undefined || signers.size < quorumOf(state.config)) return;
  const byText = new Map<string, CheckpointVote[]>();
  for (const vote of signers.values()) {
    const key = `${vote.hash} ${vote.text}`;
    byText.set(key, [...(byText.get(key) ?? []), vote]);
  }
  for (const votes of byText.values()) {
    if (votes.length < quorumOf(state.config)) continue;
    const { epoch, hash, text } = votes[0]!;
    const signatures = votes
      .map(({ signer, time, signature }) => ({ signer, time, signature }))
      .sort((a, b) => a.signer - b.signer);
    learnCheckpoint(state, { epoch, height, hash, text, signatures });
    return;
  }
}

/** A checkpoint certificate makes its block and all below it final, executed here or not. */
export function learnCheckpoint(state: State, certificate: CheckpointCertificate): void {
  if (certificate.height <= state.low || !isCheckpointCertificate(state.config, certificate)) return;
  const mine = state.texts.get(certificate.height);
  if (mine !== undefined && mine !== certificate.text) {
    divergeFrom(state, certificate, mine);
    return;
  }
  state.checkpoint = certificate;
  state.low = certificate.height;
  persist(state, { type: 'checkpoint', certificate });
  emit(state, { type: 'final', certificate });
  progress(state, 0);
  decide(state, { height: certificate.height, hash: certificate.hash }, null);
  forgetBelow(state);
}

/** Drops what nothing can need any more: votes at or below the last final block, headers below the last executed one. */
export function forgetBelow(state: State): void {
  const { low, executed } = state;
  for (const { votes, proposals } of state.slots.values()) {
    for (const byHeight of [votes.prepare, votes.commit]) dropUpTo(byHeight, low, state.tip.height);
    dropUpTo(proposals, low);
  }
  dropUpTo(state.commitSent, low, state.high?.height);
  dropUpTo(state.checkpointVotes, low);
  dropUpTo(state.texts, low);
  forgetAccepted(state);
  for (const height of state.chain.keys()) {
    if (height < Math.min(low, executed.height) && !state.accepted.has(height)) state.chain.delete(height);
  }
  for (const [hash, { block }] of state.blocks) {
    if (block.height <= executed.height && block.height <= low && hash !== executed.hash)
      state.blocks.delete(hash);
  }
}

/** The highest acceptance stays, and what contradicts the committed chain: nothing may be accepted beside it. */
function forgetAccepted(state: State): void {
  const top = topAccepted(state).height;
  const last = Math.min(state.low, state.executed.height);
  for (const [height, hash] of state.accepted) {
    if (height <= last && height < top && (state.chain.get(height) ?? hash) === hash)
      state.accepted.delete(height);
  }
}

function dropUpTo(map: Map<number, unknown>, height: number, except?: number): void {
  for (const key of map.keys()) if (key <= height && key !== except) map.delete(key);
}

/** The lines of a checkpoint. */
const LINES = ['origin', 'log size', 'log root', 'block', 'state root', 'epoch'];

/** What was worked out here is not what a quorum says: tells which lines differ, as that says where to look. */
function divergeFrom(state: State, { height, text }: CheckpointCertificate, mine: string): void {
  const [theirs, own] = [text, mine].map(one => one.split('\n'));
  const differ = LINES.filter((_, i) => theirs![i] !== own![i]).join(', ');
  diverge(state, `my checkpoint at ${height} is not the certified one in ${differ || 'its end'}`);
}
