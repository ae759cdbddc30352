import { NOTHING } from './amount.ts';
import type { BlockRef } from './config.ts';
import { noteCommitted } from './leader-watch.ts';
import { type Block, refOf, type VoteCertificate } from './messages.ts';
import { emit, type KnownBlock, leaving, type State } from './state.ts';
import { isVoteCertificate } from './validate.ts';

/** Headers in one answer at most. */
export const MAX_HEADERS = 128;

/** Remembers a header whose hash is right, and says whether it was new. */
export function learnBlock(state: State, block: Block): KnownBlock {
  const known = state.blocks.get(block.hash);
  if (known !== undefined) return known;
  const fresh: KnownBlock = { block, bodies: null, asked: false, heldIn: null };
  state.blocks.set(block.hash, fresh);
  if (block.batches.length === 0) fresh.bodies = { barrier: false, ...NOTHING };
  return fresh;
}

/**
 * Batches that a block names which is held here and not final: it may become so yet, by votes given long ago, and needs its
 * bodies then. A host forgets no body of these.
 */
export function namedBatches({ blocks }: State): ReadonlySet<string> {
  return new Set([...blocks.values()].flatMap(({ block }) => block.batches));
}

/** Asks the host for the bodies of a block, once. */
export function wantBodies(state: State, known: KnownBlock): void {
  if (known.bodies !== null || known.asked) return;
  known.asked = true;
  emit(state, { type: 'need-bodies', block: known.block });
}

/**
 * The blocks from just above `height` up to `ref`, lowest first; null if a header between is missing. `missing` is told
 * which.
 */
export function pathAbove(
  state: State,
  height: number,
  ref: BlockRef,
  missing?: (hash: string) => void,
): readonly KnownBlock[] | null {
  const path: KnownBlock[] = [];
  let hash = ref.hash;
  for (let at = ref.height; at > height; at--) {
    const known = state.blocks.get(hash);
    if (known === undefined || known.block.height !== at) {
      missing?.(hash);
      return null;
    }
    path.push(known);
    hash = known.block.parent;
  }
  return path.reverse();
}

/** Hash of the ancestor of `ref` at `height`, or null if unknown. */
export function ancestorAt(state: State, ref: BlockRef, height: number): string | null {
  if (height > ref.height) return null;
  let hash = ref.hash;
  for (let at = ref.height; at > height; at--) {
    if (at <= state.committed.height && state.chain.get(at) === hash) return state.chain.get(height) ?? null;
    const known = state.blocks.get(hash);
    if (known === undefined) return null;
    hash = known.block.parent;
  }
  return hash;
}

/** True iff the block at `height` is known committed and has this hash. */
export function isCommitted(state: State, ref: BlockRef): boolean {
  return ref.height <= state.committed.height && state.chain.get(ref.height) === ref.hash;
}

/** A certificate (commit or checkpoint) decides a block and all its ancestors. */
export function decide(state: State, ref: BlockRef, certificate: VoteCertificate | null): void {
  if (ref.height <= state.committed.height) {
    const mine = state.chain.get(ref.height);
    if (mine !== undefined && mine !== ref.hash)
      diverge(state, `a certificate for another block at ${ref.height}`);
    return;
  }
  if (certificate !== null && certificate.height > (state.commitCertificate?.height ?? -1)) {
    state.commitCertificate = certificate;
  }
  const { target } = state;
  if (target.height <= state.committed.height) state.target = refOf(ref);
  else if (ref.height !== target.height) link(state, ref);
  else if (ref.hash !== target.hash) diverge(state, `two certified blocks at ${ref.height}`);
  advance(state);
}

/** A commit certificate arrives from a peer: a PREPARED one, or one of another epoch, is none. */
export function onCommitCertificate(state: State, certificate: VoteCertificate): void {
  if (isVoteCertificate(state.config, certificate, 'commit')) decide(state, certificate, certificate);
}

/** Moves `committed` and execution as far as headers and bodies allow. */
export function advance(state: State): void {
  link(state, state.target);
  retarget(state);
  while (state.executing < state.committed.height && state.executing === state.executed.height) {
    const hash = state.chain.get(state.executing + 1);
    const known = hash === undefined ? undefined : state.blocks.get(hash);
    if (known === undefined) return;
    if (known.bodies === null) {
      wantBodies(state, known);
      return;
    }
    state.executing++;
    emit(state, { type: 'execute', block: known.block });
  }
}

/**
 * The target stays until it is linked, so that headers asked for below it are still wanted when they come, however fast
 * the others go on; then the newest certificate gives the next.
 */
function retarget(state: State): void {
  for (const certificate of [state.checkpoint, state.commitCertificate]) {
    if (state.target.height > state.committed.height) return;
    if (certificate === null || certificate.height <= state.committed.height) continue;
    state.target = refOf(certificate);
    link(state, state.target);
  }
}

/** Commits `ref` and its ancestors if every header between is here. */
function link(state: State, ref: BlockRef): void {
  const { committed } = state;
  if (ref.height <= committed.height) return;
  const path = pathAbove(state, committed.height, ref);
  if (path === null) return;
  if (path[0]!.block.parent !== committed.hash) {
    diverge(state, `the certified chain leaves mine above ${committed.height}`);
    return;
  }
  for (const known of path) {
    state.chain.set(known.block.height, known.block.hash);
    wantBodies(state, known);
    noteCommitted(state, known);
  }
  const { target } = state;
  if (target.height > committed.height && (state.chain.get(target.height) ?? target.hash) !== target.hash) {
    diverge(state, `a certificate for another block at ${target.height}`);
  }
  state.committed = refOf(ref);
  progress(state, path.length);
}

/**
 * Something committed or became final: the timer starts anew, and after W commits from its base, or after a term if that is
 * shorter: else it would never go back where a faulty leader comes round sooner. The timer of a view asked for runs on:
 * nothing would start it a second time.
 */
export function progress(state: State, commits: number): void {
  const { timer, config } = state;
  if (!leaving(state)) timer.deadline = null;
  timer.progressAt = state.now;
  timer.commits += commits;
  if (timer.commits >= Math.min(config.window, config.term)) timer.timeout = config.timing.baseTimeout;
}

/** First hash whose header is missing below a certified block or the tip, or null. */
export function missingHeader(state: State): { readonly hash: string; readonly above: number } | null {
  let missing: string | null = null;
  const note = (hash: string): void => {
    missing ??= hash;
  };
  pathAbove(state, state.committed.height, state.target, note);
  if (!state.tipPrepared) pathAbove(state, state.executed.height, state.tip, note);
  if (state.high !== null) pathAbove(state, Math.max(state.low, state.executed.height), state.high, note);
  return missing === null
    ? null
    : { hash: missing, above: Math.min(state.committed.height, state.executed.height) };
}

/** Stops on a contradiction with a certificate: no honest replica can go on from there. */
export function diverge(state: State, reason: string): void {
  emit(state, { type: 'diverged', reason });
}

/**
 * On a new view: drops headers that only unaccepted proposals brought. What was accepted stays until it is final, and
 * what was pulled below a certificate or the tip is not pulled twice.
 */
export function forgetUnheld(state: State): void {
  const wanted = new Set<string>();
  for (const ref of [state.target, state.tip, state.high]) {
    let hash = ref?.hash;
    while (hash !== undefined && !wanted.has(hash)) {
      wanted.add(hash);
      hash = state.blocks.get(hash)?.block.parent;
    }
  }
  for (const [hash, known] of state.blocks) {
    if (known.heldIn !== null || known.block.height <= state.committed.height || wanted.has(hash)) continue;
    state.blocks.delete(hash);
  }
}
