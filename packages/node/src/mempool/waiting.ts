import { toHex } from '@qifeng/core';
import type { Batch } from './batch.ts';
import type { MempoolLimits } from './limits.ts';

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
  const { digest, barrier, size, weight, submissions } = batch;
  return {
    digest,
    barrier,
    size,
    weight,
    origin,
    ids: submissions.map(({ id }) => toHex(id)),
    expires: Math.max(...submissions.map(({ header }) => header.expires)),
    publishers,
    since,
  };
}

/** Ms for which what was ordered makes room for as much again. */
const LATELY_MS = 3_000;
/** Weight that may wait at a node where nothing was ordered lately: some thousand small submissions. */
const AT_FIRST = 2 * 1024 * 1024;

/** How much waits, and whose it is. */
export class Weights {
  readonly #limits: MempoolLimits;
  readonly #members = new Map<string, number>();
  /** What was ordered of this node's own within `LATELY_MS`, oldest first, and all of it. */
  readonly #ordered: { readonly weight: number; readonly at: number }[] = [];
  #lately = 0;
  #own = 0;
  #all = 0;

  constructor(limits: MempoolLimits) {
    this.#limits = limits;
  }

  /** All that waits. */
  get all(): number {
    return this.#all;
  }

  /** Whether this node may take in that much more from its clients; one submission at a time in any case. */
  roomForOwn(weight: number, now: number): boolean {
    const most = this.#own === 0 ? this.#limits.own : this.#mostOwn(now);
    return this.#own + weight <= most && this.#all + weight <= this.#limits.all;
  }

  /** What may wait of one publisher of what this node took in: the same part of that as it may have of all. */
  mostOfOne(now: number): number {
    const { own, publisher } = this.#limits;
    const part = publisher.pending / own;
    return Math.min(publisher.pending, Math.max(AT_FIRST / 2, this.#mostOwn(now) * part));
  }

  /**
   * What may wait of what this node took in: as much as was ordered of it lately, and some to begin with. So what waits is
   * a matter of seconds, however long a submission takes to execute.
   */
  #mostOwn(now: number): number {
    while (this.#ordered.length > 0 && this.#ordered[0]!.at <= now - LATELY_MS)
      this.#lately -= this.#ordered.shift()!.weight;
    return Math.min(this.#limits.own, AT_FIRST + this.#lately);
  }

  /** So much of what this node took in was ordered. */
  ordered(weight: number, at: number): void {
    this.#ordered.push({ weight, at });
    this.#lately += weight;
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
