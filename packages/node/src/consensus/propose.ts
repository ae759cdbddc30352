import { standsOn } from './accept.ts';
import { type Amount, NOTHING, together } from './amount.ts';
import { pathAbove } from './chain.ts';
import { proposerOf } from './config.ts';
import type { Block } from './messages.ts';
import { abstains, emit, type State } from './state.ts';

/**
 * Committed blocks that wait for their execution here, above which a leader proposes no more: ordering ahead of execution
 * makes nothing final sooner, and the others are through with it at different times, each waiting for the last.
 */
const AHEAD = 2;

/** A block before its hash is known: the host hashes the header it stands for. */
export type Draft = Omit<Block, 'hash'>;

/** Hashes a header; given to `step` because the protocol itself computes no hashes. */
export type HashBlock = (draft: Draft) => string;

/**
 * Proposes the next block if this replica is its leader and there is work, or a heartbeat is due. Full blocks follow each
 * other without waiting, up to W above the last final one; others while fewer than `depth` are uncommitted, so that work
 * gathers into larger ones.
 */
export function propose(state: State, hashBlock: HashBlock): Block | null {
  const { config } = state;
  if (abstains(state) || state.closed) return null;
  const top = standsOn(state);
  if (top === null) return null;
  const height = top.height + 1;
  if (proposerOf(config, state.view, height, state.tip.height) !== config.me) return null;
  if (height <= state.low || height > state.low + config.window) return null;
  if (state.committed.height - state.executed.height > AHEAD) return null;
  if (!handedOver(state, height)) return null;
  const path = pathAbove(state, state.executed.height, top);
  if (path === null || (path.length > 0 && path[0]!.block.parent !== state.executed.hash)) return null;
  // A barrier block may end the epoch, which its execution tells.
  if (path.some(known => known.bodies === null || known.block.barrier)) return null;
  const parent = path.at(-1)?.block ?? state.blocks.get(state.executed.hash)?.block ?? config.base;
  const taken = new Set(path.flatMap(known => known.block.batches));
  const { batches, full } = choose(state, taken);
  if (batches.length === 0 && !heartbeatDue(state, path.length)) return null;
  if (top.height - state.committed.height >= config.depth && !full) return null;
  const draft: Draft = {
    height,
    parent: top.hash,
    proposer: config.validators[config.me]!,
    epoch: config.epoch,
    timestamp: Math.max(state.wall, parent.timestamp + 1),
    batches,
    barrier: batches.some(digest => state.pool.get(digest)?.barrier === true),
  };
  return { ...draft, hash: hashBlock(draft) };
}

/** What goes into the next block, in order of arrival, and whether more waits than it can hold. */
function choose({ pool, config }: State, taken: ReadonlySet<string>) {
  const batches: string[] = [];
  let all = NOTHING;
  for (const [digest, one] of pool) {
    if (taken.has(digest)) continue;
    all = together(all, one);
    if (all.size > config.maxBytes) return { batches, full: true };
    if (all.weight > config.fill && batches.length > 0) return { batches, full: true };
    batches.push(digest);
    if (batches.length === config.maxBatches) return { batches, full: true };
  }
  return { batches, full: false };
}

/** How much batches are that wait here. */
export function amountOf({ pool }: State, batches: readonly string[]): Amount {
  return batches.reduce((sum, digest) => together(sum, pool.get(digest) ?? NOTHING), NOTHING);
}

/** The next term's leader waits until its predecessor's last block is PREPARED. */
function handedOver(state: State, height: number): boolean {
  const { config, tip, view, high } = state;
  if (height - 1 === tip.height || height - 1 <= state.committed.height) return true;
  if (proposerOf(config, view, height - 1, tip.height) === config.me) return true;
  return high !== null && high.view === view && high.height >= height - 1;
}

function heartbeatDue(state: State, inFlight: number): boolean {
  return inFlight === 0 && state.now - state.timer.progressAt >= state.config.timing.heartbeat;
}

/** Puts the proposal out to be signed; its acceptance was persisted in the same step. */
export function emitProposal(state: State, block: Block): void {
  emit(state, { type: 'sign', what: { type: 'proposal', view: state.view, block } });
}
