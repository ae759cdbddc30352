import { ancestorAt, isCommitted, learnBlock, pathAbove, wantBodies } from './chain.ts';
import { type BlockRef, proposerOf } from './config.ts';
import type { Block, Proposal } from './messages.ts';
import { type Arrived, abstains, emit, persist, type State, topAccepted } from './state.ts';
import { isTimely } from './timely.ts';

/** A proposal arrives: it takes the one slot of its view and height, and is accepted as soon as all conditions hold. */
export function onProposal(state: State, proposal: Proposal): void {
  const { view, block, signer } = proposal;
  const slots = state.slots.get(view);
  if (slots === undefined || block.epoch !== state.config.epoch) return;
  if (block.height <= state.low || block.height > state.low + 2 * state.config.window) return;
  if (view === state.view && signer !== proposerOf(state.config, view, block.height, state.tip.height))
    return;
  if (state.config.validators[signer] !== block.proposer) return;
  const bySigner = slots.proposals.get(block.height) ?? new Map<number, Arrived>();
  if (bySigner.has(signer)) return;
  bySigner.set(signer, { proposal, wall: state.wall });
  slots.proposals.set(block.height, bySigner);
  // A proposal of the next view waits unseen: anybody may send one, nobody need fetch its bodies.
  if (view !== state.view) return;
  wantBodies(state, learnBlock(state, block));
  acceptWaiting(state);
}

/** Accepts, lowest first, every waiting proposal of the current view whose conditions now hold. */
export function acceptWaiting(state: State): void {
  if (abstains(state)) return;
  prepareTip(state);
  const waiting = state.slots.get(state.view)!.proposals;
  for (const height of [...waiting.keys()].sort((a, b) => a - b)) {
    if (state.accepted.has(height)) continue;
    const arrived = waiting.get(height)!.get(proposerOf(state.config, state.view, height, state.tip.height));
    if (arrived === undefined) continue;
    const { block } = arrived.proposal;
    // It may have come before its view, and its header been forgotten when the view began.
    wantBodies(state, learnBlock(state, block));
    if (acceptable(state, block, arrived.wall)) accept(state, block);
  }
}

/** Rule 2 of the normal case, for a block by the right proposer. A block known committed has been found sound by others. */
function acceptable(state: State, block: Block, arrived: number): boolean {
  if (block.height <= state.low || block.height > state.low + state.config.window) return false;
  const parent: BlockRef = { height: block.height - 1, hash: block.parent };
  if (!extendsAccepted(state, parent) || !available(state, block)) return false;
  return block.height <= state.committed.height
    ? isCommitted(state, block)
    : sound(state, block) && isTimely(state, block, arrived);
}

/**
 * What the next block of the view stands on: the highest accepted block, or a committed one above it; null: on none, as where it
 * accepted one of two blocks of a leader and the other was committed.
 */
export function standsOn(state: State): BlockRef | null {
  const { committed } = state;
  const top = topAccepted(state);
  if (top.height >= committed.height)
    return ancestorAt(state, top, committed.height) === committed.hash ? top : null;
  return extendsAccepted(state, committed) ? committed : null;
}

/**
 * What the bodies of a block are good for: `committed`: execution waits for them; `next`: acceptance does, of this block or
 * of the tip; `later`: others come first; `none`: a later view or another block has left it behind.
 */
export type Use = 'committed' | 'next' | 'later' | 'none';

/** What a block's bodies are good for, as far as is known here. */
export function useOf(state: State, block: Block): Use {
  const { blocks, tip, committed } = state;
  if (!blocks.has(block.hash)) return 'none';
  if (isCommitted(state, block)) return 'committed';
  const next = Math.max(topAccepted(state).height, committed.height) + 1;
  return block.height <= tip.height || block.height === next ? 'next' : 'later';
}

/** The parent is accepted here at h-1, or the tip, or committed; everything accepted in the view is on that chain. */
function extendsAccepted(state: State, parent: BlockRef): boolean {
  const onTop = topAccepted(state);
  if (onTop.height === parent.height && onTop.hash === parent.hash) return true;
  if (!isCommitted(state, parent) || onTop.height > parent.height) return false;
  if (ancestorAt(state, parent, state.tip.height) !== state.tip.hash && state.tip.height >= state.low)
    return false;
  return [...state.accepted].every(
    ([height, hash]) =>
      (height <= state.low && !state.chain.has(height)) || isCommitted(state, { height, hash }),
  );
}

/** Header and bodies of the block and of every ancestor above the last executed one are here. */
function available(state: State, ref: BlockRef): boolean {
  const path = pathAbove(state, state.executed.height, ref);
  if (path === null) return false;
  for (const known of path) wantBodies(state, known);
  if (path.length > 0 && path[0]!.block.parent !== state.executed.hash) return false;
  return path.every(known => known.bodies !== null);
}

/** What a block must satisfy against its ancestors. */
function sound(state: State, block: Block): boolean {
  const path = pathAbove(state, state.executed.height, block)!;
  const ancestors = path.slice(0, -1).map(known => known.block);
  // A barrier block may end the epoch, which its execution tells.
  if (state.closed || ancestors.some(ancestor => ancestor.barrier)) return false;
  const parent = ancestors.at(-1) ?? state.blocks.get(state.executed.hash)?.block ?? state.config.base;
  if (block.timestamp <= parent.timestamp) return false;
  const seen = new Set(ancestors.flatMap(ancestor => ancestor.batches));
  for (const digest of block.batches) {
    if (seen.has(digest)) return false;
    seen.add(digest);
  }
  const { barrier, size } = state.blocks.get(block.hash)!.bodies!;
  return barrier === block.barrier && size <= state.config.maxBytes;
}

/** Persists the acceptance, then PREPAREs. */
export function accept(state: State, block: Block): void {
  state.accepted.set(block.height, block.hash);
  learnBlock(state, block).heldIn = state.view;
  persist(state, { type: 'accept', view: state.view, block });
  signVote(state, 'prepare', block);
}

/**
 * Tip first: accepting a NEW-VIEW is the pre-prepare of its tip, even of one that is final, and forgotten here. It waits
 * for the tip's chain, and for a replica that is far behind to catch up.
 */
function prepareTip(state: State): void {
  if (state.tipPrepared) return;
  const { tip } = state;
  if (tip.height > state.low + state.config.window) return;
  if (tip.height > state.executed.height) {
    if (!available(state, tip)) return;
  } else if ((state.chain.get(tip.height) ?? tip.hash) !== tip.hash) return;
  state.tipPrepared = true;
  signVote(state, 'prepare', tip);
}

/** Puts out a vote of the current view to be signed. */
export function signVote(state: State, kind: 'prepare' | 'commit', ref: BlockRef): void {
  const { view, config } = state;
  emit(state, {
    type: 'sign',
    what: { type: 'vote', vote: { kind, epoch: config.epoch, view, height: ref.height, hash: ref.hash } },
  });
}
