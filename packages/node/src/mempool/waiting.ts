import { toHex } from '@qifeng/core';
import type { Batch } from './batch.ts';
import { type MempoolLimits, weightOf } from './limits.ts';

/** Whose batch it is: this node's own, that of the member with this code, or nobody's known, as after a restart. */
export type Origin = { readonly member: string } | 'own' | 'unknown';

/**
 * What has to be known of a batch that waits to be ordered; its body is in the store. A parsed submission takes 2.5 KB of
 * memory, its id 0.2 (measured).
 */
export interface Waiting {
  readonly digest: string;
  readonly barrier: boolean;
  /** Bytes. */
  readonly size: number;
  readonly weight: number;
  readonly origin: Origin;
  readonly ids: readonly string[];
  /** When the last of its submissions expires. */
  readonly expires: number;
  /** What each publisher has in it, if it is this node's own. */
  readonly publishers: ReadonlyMap<string, number>;
  since: number;
}

/** What is charged to no publisher. */
export const NOBODY: ReadonlyMap<string, number> = new Map();

/** What is remembered of a batch. */
export function waitingOf(batch: Batch, origin: Origin, since: number, publishers = NOBODY): Waiting {
  const { digest, barrier, size, submissions } = batch;
  return {
    digest,
    barrier,
    size,
    weight: weightOf(size, submissions.length),
    origin,
    ids: submissions.map(({ id }) => toHex(id)),
    expires: Math.max(...submissions.map(({ header }) => header.expires)),
    publishers,
    since,
  };
}

/** How much waits, and whose it is. */
export class Weights {
  readonly #limits: MempoolLimits;
  readonly #members = new Map<string, number>();
  #own = 0;
  #all = 0;

  constructor(limits: MempoolLimits) {
    this.#limits = limits;
  }

  /** All that waits. */
  get all(): number {
    return this.#all;
  }

  /** Whether this node may take in that much more from its clients. */
  roomForOwn(weight: number): boolean {
    return this.#own + weight <= this.#limits.own && this.#all + weight <= this.#limits.all;
  }

  /**
   * Whether a batch that a member sent of its own accord is kept: while there is room, and beyond that a share of each of
   * `members`, one batch at least, so that one who fills the room does not shut out the others.
   */
  roomFor(member: string, weight: number, members: number): boolean {
    if (this.#all + weight <= this.#limits.all) return true;
    const its = this.#members.get(member) ?? 0;
    return its === 0 || its + weight <= this.#limits.all / 2 / members;
  }

  add(origin: Origin, weight: number): void {
    this.#all += weight;
    if (origin === 'own') this.#own += weight;
    else if (origin !== 'unknown')
      this.#members.set(origin.member, (this.#members.get(origin.member) ?? 0) + weight);
  }

  remove(origin: Origin, weight: number): void {
    this.#all -= weight;
    if (origin === 'own') this.#own -= weight;
    else if (origin !== 'unknown') {
      const rest = this.#members.get(origin.member)! - weight;
      if (rest > 0) this.#members.set(origin.member, rest);
      else this.#members.delete(origin.member);
    }
  }
}
