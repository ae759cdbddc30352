import { signVote } from './accept.ts';
import { decide, pathAbove } from './chain.ts';
import { type BlockRef, proposerOf, quorumOf } from './config.ts';
import { accuse, showProposed } from './evidence.ts';
import type { SignedVote, VoteCertificate, VoteKind } from './messages.ts';
import { abstains, persist, type State } from './state.ts';

/** A PREPARE or COMMIT arrives: one slot per signer, kind and height, in the current and the next view. */
export function onVote(state: State, vote: SignedVote): void {
  const slots = state.slots.get(vote.view);
  if (slots === undefined || vote.epoch !== state.config.epoch) return;
  if (!inReach(state, vote)) return;
  const byHeight = slots.votes[vote.kind];
  const signers = byHeight.get(vote.height) ?? new Map<number, SignedVote>();
  const held = signers.get(vote.signer);
  if (held !== undefined) {
    if (held.hash !== vote.hash) accuse(state, { type: 'votes', first: held, second: vote });
    return;
  }
  signers.set(vote.signer, vote);
  byHeight.set(vote.height, signers);
  if (vote.kind === 'commit') {
    checkCommitted(state, vote.view, vote.height);
    return;
  }
  const readers = isLeaders(state, vote) ? signers.values() : [vote];
  if (vote.view === state.view) showProposed(state, vote.height, readers);
  checkPrepared(state, vote.height);
}

function isLeaders({ config, view, tip }: State, { signer, height }: SignedVote): boolean {
  return signer === proposerOf(config, view, height, tip.height);
}

/** Votes outside (low, low+2W] are dropped, never buffered; those for the tip of a view are exempt below. */
export function inReach(state: State, vote: SignedVote): boolean {
  if (vote.height > state.low + 2 * state.config.window) return false;
  if (vote.height > state.low) return true;
  if (vote.view === state.view) return vote.height === state.tip.height;
  return vote.height > state.low - 2 * state.config.window;
}

/** Looks through the votes of the current view again, after it changed. */
export function recount(state: State): void {
  const { prepare, commit } = state.slots.get(state.view)!.votes;
  for (const height of [...prepare.keys()].sort((a, b) => a - b)) {
    showProposed(state, height, prepare.get(height)!.values());
    checkPrepared(state, height);
  }
  for (const height of [...commit.keys()].sort((a, b) => a - b)) checkCommitted(state, state.view, height);
}

function checkPrepared(state: State, height: number): void {
  const certificate = certify(state, 'prepare', state.view, height);
  if (certificate === null) return;
  if (higher(certificate, state.high)) {
    state.high = certificate;
    persist(state, { type: 'prepared', certificate });
  }
  commitChain(state);
}

function checkCommitted(state: State, view: number, height: number): void {
  const certificate = certify(state, 'commit', view, height);
  if (certificate !== null) decide(state, certificate, certificate);
}

/** The order of PREPARED certificates: by view first, then height. A higher view's proof outranks any height. */
export function higher(a: VoteCertificate, b: VoteCertificate | null): boolean {
  return b === null || a.view > b.view || (a.view === b.view && a.height > b.height);
}

/** Rule 3: PREPARED in the current view lets COMMIT go out for it and for every ancestor above the last final block. */
export function commitChain(state: State): void {
  const { high } = state;
  if (abstains(state) || high === null || high.view !== state.view) return;
  const path = pathAbove(state, Math.min(Math.max(state.low, state.executed.height), high.height), high);
  if (path === null || contradicts(state, path[0]?.block.parent, high)) return;
  for (let height = Math.min(state.low + 1, high.height); height < high.height; height++) {
    const hash = path.find(known => known.block.height === height)?.block.hash ?? state.chain.get(height);
    if (hash !== undefined) sendCommit(state, height, hash);
  }
  sendCommit(state, high.height, high.hash);
}

/** A later view may have committed another block below this one: then it is never committed, and COMMIT is vain. */
function contradicts(state: State, parent: string | undefined, high: BlockRef): boolean {
  const { executed, low, checkpoint } = state;
  if (parent === undefined) return (state.chain.get(high.height) ?? high.hash) !== high.hash;
  return parent !== (executed.height >= low ? executed.hash : checkpoint!.hash);
}

function sendCommit(state: State, height: number, hash: string): void {
  if (state.commitSent.has(height)) return;
  state.commitSent.set(height, hash);
  signVote(state, 'commit', { height, hash });
}

/** A certificate from the votes held for (view, height), or null. All matching signatures are in it, signers in order. */
function certify(state: State, kind: VoteKind, view: number, height: number): VoteCertificate | null {
  const signers = state.slots.get(view)?.votes[kind].get(height);
  if (signers === undefined) return null;
  const byHash = new Map<string, SignedVote[]>();
  for (const vote of signers.values()) byHash.set(vote.hash, [...(byHash.get(vote.hash) ?? []), vote]);
  for (const [hash, votes] of byHash) {
    if (votes.length < quorumOf(state.config)) continue;
    const signatures = votes
      .map(({ signer, signature }) => ({ signer, signature }))
      .sort((a, b) => a.signer - b.signer);
    return { kind, epoch: state.config.epoch, view, height, hash, signatures };
  }
  return null;
}
