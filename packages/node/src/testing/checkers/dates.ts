import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Block, Message } from '../../consensus/messages.ts';
import type { State } from '../../consensus/state.ts';
import { Violation } from './violation.ts';

/**
 * A fresh block is accepted only if it was dated no longer ago than its header may have been on its way, by the clock of
 * who accepts it, or if f+1 others can have PREPAREd it in its view: those who may do anything, and those who were seen to
 * accept it. What is committed may be of any age, and what a view carries over is not accepted anew.
 */
export class DateChecker {
  readonly #liars: (epoch: number) => number;
  /** Earliest local time at which a replica had a block's header in a view: clocks jump, and what came may be lost. */
  readonly #arrived = new Map<string, number>();
  readonly #accepted = new Map<string, Set<number>>();
  /** Progress timeouts after the step before: the step under way may have set its own back. */
  readonly #timeouts: number[] = [];

  /** `liars`: how many of an epoch's set may do anything. */
  constructor(liars: (epoch: number) => number) {
    this.#liars = liars;
  }

  /** A message is about to be handled. */
  received(replica: number, { wall }: State, message: Message): void {
    if (message.type !== 'proposal') return;
    const header = `${replica} ${slotOf(message.proposal.view, message.proposal.block)}`;
    this.#arrived.set(header, Math.min(wall, this.#arrived.get(header) ?? wall));
  }

  accepted(replica: number, state: State, view: number, block: Block): void {
    const slot = slotOf(view, block);
    const before = this.#accepted.get(slot) ?? new Set();
    this.#accepted.set(slot, before);
    const { config, committed, timer } = state;
    const others = this.#liars(block.epoch) + (before.has(replica) ? before.size - 1 : before.size);
    before.add(replica);
    if (block.proposer === config.validators[config.me] || block.height <= committed.height) return;
    if (others > Math.floor((config.validators.length - 1) / 3)) return;
    const { delay, precision, baseTimeout } = DEFAULT_TIMING;
    const failed = Math.max(timer.timeout, this.#timeouts[replica] ?? 0) / baseTimeout;
    const age = this.#arrived.get(`${replica} ${slot}`)! - block.timestamp;
    if (age > delay * failed + precision)
      throw new Violation(
        'time',
        `${replica} accepts ${block.hash}, which was dated ${age} ms before it came`,
      );
  }

  stepped(replica: number, { timer }: State): void {
    this.#timeouts[replica] = timer.timeout;
  }
}

function slotOf(view: number, { epoch, hash }: Block): string {
  return `${epoch} ${view} ${hash}`;
}
