import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Block, VoteCertificate } from '../../consensus/messages.ts';
import type { State } from '../../consensus/state.ts';
import { sizeOf } from '../simulator/batches.ts';
import { Violation } from './violation.ts';

/** Committed blocks that have to be executed before more are proposed. */
const AHEAD = 3;

/**
 * An honest replica proposes only at heights it leads; above another's block only once that is PREPARED or committed; nothing
 * without work unless its chain stood still for a heartbeat; above `depth` uncommitted blocks only full ones; and nothing
 * above three committed blocks that it has not executed. Works from its acceptances, which are logged before a proposal
 * leaves.
 */
export class ProposalChecker {
  /** By replica, epoch and view: the highest block it logged as PREPARED. */
  readonly #prepared = new Map<string, number>();
  /** By replica: how far its chain was, and when, by its own clock, that changed last. */
  readonly #reached: { committed: number; low: number; at: number }[] = [];

  /** A replica starts, or begins an epoch: it waits for a heartbeat anew. */
  began(replica: number, { committed, low, now }: State): void {
    this.#reached[replica] = { committed: committed.height, low, at: now };
  }

  stepped(replica: number, state: State): void {
    const last = this.#reached[replica];
    if (last === undefined || state.committed.height > last.committed || state.low > last.low)
      this.began(replica, state);
  }

  prepared(replica: number, { epoch, view, height }: VoteCertificate): void {
    const slot = `${replica} ${epoch} ${view}`;
    this.#prepared.set(slot, Math.max(height, this.#prepared.get(slot) ?? 0));
  }

  /** A replica accepted a block in a view: if it is its own, it is about to propose it. */
  accepted(replica: number, state: State, view: number, block: Block): void {
    const { validators, me } = state.config;
    if (block.proposer !== validators[me]) return;
    const wrong = (why: string): never => {
      throw new Violation('proposals', `${replica} proposes ${block.hash} in view ${view} ${why}`);
    };
    if (leaderOf(state, view, block.height) !== me) wrong(`and does not lead ${block.height}`);
    if (!this.#handedOver(replica, state, view, block)) wrong('upon what is not PREPARED of another leader');
    if (block.batches.length === 0 && state.now - this.#reached[replica]!.at < DEFAULT_TIMING.heartbeat)
      wrong('with nothing in it before a heartbeat is due');
    if (state.committed.height - state.executed.height >= AHEAD)
      wrong(`above ${state.committed.height}, and has executed ${state.executed.height}`);
    if (block.height - 1 - state.committed.height >= state.config.depth && !isFull(state, block))
      wrong(`that is not full, above ${state.committed.height}`);
  }

  #handedOver(replica: number, state: State, view: number, { epoch, height }: Block): boolean {
    const { tip, committed, config } = state;
    const below = height - 1;
    if (below <= tip.height || below <= committed.height) return true;
    if (leaderOf(state, view, below) === config.me) return true;
    return (this.#prepared.get(`${replica} ${epoch} ${view}`) ?? 0) >= below;
  }
}

/** Position of the leader of a height, by the definition. */
function leaderOf({ config, tip }: State, view: number, height: number): number {
  return (view + Math.floor((height - 1 - tip.height) / config.term)) % config.validators.length;
}

/** It holds as many batches as it may, or one that waits would make it too large. */
function isFull({ pool, config }: State, { batches }: Block): boolean {
  if (batches.length >= config.maxBatches) return true;
  const bytes = batches.reduce((sum, digest) => sum + sizeOf(digest), 0);
  return [...pool].some(([digest, { size }]) => !batches.includes(digest) && bytes + size > config.maxBytes);
}
