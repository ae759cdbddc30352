import type { Block } from '../../consensus/messages.ts';
import type { ToSign } from '../../consensus/output.ts';
import { Violation } from './violation.ts';

/** What a governance batch asks for: who joins, or comes back, with the key of this number, or leaves (null). */
export interface Announced {
  readonly epoch: number;
  readonly moves: ReadonlyMap<number, number | null>;
  /** How many of the set approve. */
  readonly approvals: number;
}

/** An epoch as the changes so far say it is. */
interface Epoch {
  /** Height of its first block, and key numbers by member. */
  readonly start: number;
  readonly keys: ReadonlyMap<number, number>;
}

/**
 * Sets change as a plain model of the rules says, at the same block for all; every block is of the epoch of its height, and
 * nothing stands on the last one of an epoch in it; a key signs only in epochs that it is of; and an epoch is
 * opened only upon a final block whose certificate is kept.
 */
export class EpochChecker {
  readonly #epochs: Epoch[];
  readonly #used: Set<number>;
  readonly #announced = new Map<string, Announced>();
  /** Blocks that ended an epoch, and parents of what honest replicas accepted, each with the epoch. */
  readonly #ends = new Map<string, number>();
  readonly #accepted = new Map<string, number>();
  readonly #barriers = new Set<string>();

  /** The first set: members 0 to n-1 with their first keys. */
  constructor(n: number) {
    const first = Array.from({ length: n }, (_, id) => [id, id] as const);
    this.#epochs = [{ start: 1, keys: new Map(first) }];
    this.#used = new Set(first.map(([, key]) => key));
  }

  /** A governance batch was sent. */
  announced(batch: string, change: Announced): void {
    this.#announced.set(batch, change);
  }

  /** The newest epoch. */
  get newest(): number {
    return this.#epochs.length - 1;
  }

  /** Key numbers of an epoch's set by position; null if nothing began it. */
  keys(epoch: number): readonly number[] | null {
    const set = this.#epochs[epoch]?.keys;
    return set === undefined ? null : [...set].sort(([a], [b]) => a - b).map(([, key]) => key);
  }

  /** The epoch of the block at a height. */
  at(height: number): number {
    return this.#epochs.findLastIndex(({ start }) => start <= height);
  }

  /** A block is executed for the first time, lowest first. */
  extended(block: Block): void {
    if (block.epoch !== this.newest)
      throw new Violation('epochs', `${block.hash} is of epoch ${block.epoch}, not of ${this.newest}`);
    for (const batch of block.batches) {
      const change = this.#announced.get(batch);
      if (change === undefined || !this.#isSound(change, block.epoch)) continue;
      this.#begin(change, block);
      return;
    }
  }

  /** A replica has executed a block: does it say that this ended an epoch? */
  executed(replica: number, { height, hash, epoch }: Block, closes: boolean): void {
    if (closes !== this.at(height + 1) > epoch)
      throw new Violation(
        'epochs',
        `${replica} says that ${hash} ${closes ? 'ends' : 'does not end'} epoch ${epoch}`,
      );
  }

  /** A replica accepted a block; `free`: what it stands on is executed here, or it is committed itself. */
  accepted(replica: number, { hash, parent, epoch, barrier }: Block, free = true): void {
    if (barrier) this.#barriers.add(hash);
    if (!free && this.#barriers.has(parent))
      throw new Violation('epochs', `${replica} accepts ${hash} upon a barrier that it has not executed`);
    if (this.#accepted.get(parent) === undefined) this.#accepted.set(parent, epoch);
    if (this.#ends.get(parent) === epoch)
      throw new Violation('epochs', `${replica} accepts ${hash} upon the last block of epoch ${epoch}`);
  }

  /** A replica begins an epoch upon the block at `base`, whose certificate it has (`final`) and keeps for others (`kept`). */
  opened(replica: number, epoch: number, base: number, final: boolean, kept: boolean): void {
    if (this.#epochs[epoch]?.start !== base + 1)
      throw new Violation('epochs', `${replica} opens epoch ${epoch} upon block ${base}`);
    if (!final) throw new Violation('epochs', `${replica} opens epoch ${epoch}, and ${base} is not final`);
    if (!kept)
      throw new Violation('epochs', `${replica} opens epoch ${epoch} and has not kept the end of the last`);
  }

  /** An honest key signs. */
  signed(key: number, what: ToSign): void {
    const epoch = what.type === 'cosignature' ? this.at(what.height) : epochOf(what);
    if (this.keys(epoch)?.includes(key) !== true)
      throw new Violation('epochs', `key ${key} signs a ${what.type} in epoch ${epoch}, and is not of it`);
    const height = heightOf(what);
    if (height !== null && height < this.#epochs[epoch]!.start)
      throw new Violation('epochs', `key ${key} signs height ${height} in epoch ${epoch}`);
  }

  /** At most f at once of either set, by q of the old one, with keys that nobody ever used. */
  #isSound({ epoch, moves, approvals }: Announced, now: number): boolean {
    if (epoch !== now) return false;
    const { keys } = this.#epochs[now]!;
    const next = this.#after(moves);
    for (const [id, key] of moves) {
      if (key === null && !keys.has(id)) return false;
      if (key !== null && this.#used.has(key)) return false;
    }
    const faults = (n: number): number => Math.floor((n - 1) / 3);
    const quorum = Math.floor((keys.size + faults(keys.size)) / 2) + 1;
    const most = Math.min(faults(keys.size), faults(next.size));
    return moves.size > 0 && moves.size <= most && approvals >= quorum;
  }

  #after(moves: Announced['moves']): Map<number, number> {
    const next = new Map(this.#epochs.at(-1)!.keys);
    for (const [id, key] of moves) {
      if (key === null) next.delete(id);
      else next.set(id, key);
    }
    return next;
  }

  #begin({ moves }: Announced, { hash, height, epoch }: Block): void {
    this.#epochs.push({ start: height + 1, keys: this.#after(moves) });
    for (const key of moves.values()) if (key !== null) this.#used.add(key);
    this.#ends.set(hash, epoch);
    if (this.#accepted.get(hash) === epoch)
      throw new Violation('epochs', `something was accepted upon ${hash}, the last block of epoch ${epoch}`);
  }
}

function epochOf(what: Exclude<ToSign, { type: 'cosignature' }>): number {
  if (what.type === 'vote') return what.vote.epoch;
  return what.type === 'proposal' ? what.block.epoch : what.body.epoch;
}

function heightOf(what: ToSign): number | null {
  if (what.type === 'vote') return what.vote.height;
  return what.type === 'proposal' ? what.block.height : null;
}
