import { decodeSubmission, type Hasher, peekSubmission, type Submission, toHex } from '@qifeng/core';
import type { Refusal } from '../ports/node-service.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { type Batch, hasSoundSignatures, makeBatch } from './batch.ts';
import { DEFAULT_MEMPOOL_LIMITS, type MempoolLimits, weightOf } from './limits.ts';
import { type OpenBatch, openBatch } from './open-batch.ts';
import { Quotas } from './quotas.ts';
import { NOBODY, type Origin, type Waiting, Weights, waitingOf } from './waiting.ts';

/** Weight of submissions after which a batch goes out at once: a part of what a leader fills a block with. */
const FULL_BATCH = 256 * 1024;
/** Ms a submission waits for company while batches of this node are in flight: at least, at most. */
const GATHER_MS = [5, 50] as const;
/** The share of a round that it waits between the two: what arrives during one round can only go into the next. */
const GATHER_SHARE = 0.25;
/** Ms after which a batch that was not ordered is pushed to all again. */
const OVERDUE_MS = 10_000;
/** What is pushed again at one look at what is overdue: a full mempool would be more than the queues to the others hold. */
const PUSHED_AGAIN = 4 * 1024 * 1024;
/** Submissions of a pushed batch that are looked at before it is kept. */
const LOOKED_AT = 16;
/** Refusals that no block on its way is likely to undo, unlike a `prev` that is one block ahead of this node. */
const HOPELESS: readonly string[] = ['expired', 'wrong-chain', 'unknown-publisher', 'wrong-key'];

/** What the mempool needs around it. */
export interface MempoolHost {
  readonly hasher: Hasher;
  readonly pool: VerificationPool;
  /** Default: `DEFAULT_MEMPOOL_LIMITS`. */
  readonly limits?: MempoolLimits;
  now(): number;
  /** True iff a submission was executed already: sent again it gets its first outcome. */
  isExecuted(id: Uint8Array): boolean;
  /** Why execution would refuse this now, or null. */
  wouldRefuse(submission: Submission, now: number): Refusal | null;
  /** Persists a batch, sends it to all and offers it for ordering. */
  publish(batch: Batch): Promise<void>;
  /** Sends a batch to all again. */
  push(digest: string): void;
  /** These expired: they are forgotten here, but for those it gives back, which a block names that may become final. */
  expired(digests: readonly string[]): Promise<readonly string[]>;
}

/** Submissions between taking them in and their execution. */
export class Mempool {
  readonly #host: MempoolHost;
  readonly #weights: Weights;
  readonly #quotas: Quotas;
  /** Batches persisted here and not executed, by digest. */
  readonly #waiting = new Map<string, Waiting>();
  /** Submission id → digest of its batch; empty while it gathers. */
  readonly #ids = new Map<string, string>();
  #open = openBatch();
  #timer: NodeJS.Timeout | null = null;
  #publishing = 0;
  #gatherMs: number = GATHER_MS[0];

  constructor(host: MempoolHost) {
    this.#host = host;
    const limits = host.limits ?? DEFAULT_MEMPOOL_LIMITS;
    this.#weights = new Weights(limits);
    this.#quotas = new Quotas(limits.publisher);
  }

  /** Submissions taken in and not executed. */
  get size(): number {
    return this.#ids.size;
  }

  /** What they weigh, and those whose signatures are being checked. */
  get weight(): number {
    return this.#weights.all;
  }

  /** The refusal of any submission of so many bytes for want of room; null: there is some. */
  full(bytes = 0): Refusal | null {
    if (this.#weights.roomForOwn(weightOf(bytes, 1), this.#host.now())) return null;
    return refusal('overloaded', 'too many submissions wait to be ordered', 1);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Takes a submission in; a refusal says why not. Resolves once it is persisted and on its way to all. */
  async take(wire: Uint8Array): Promise<{ readonly id: Uint8Array } | Refusal> {
    const { hasher, pool, now, isExecuted, wouldRefuse } = this.#host;
    const full = this.full(wire.length);
    if (full !== null) return full;
    const peeked = peekSubmission(wire, hasher);
    if (!peeked.ok) return refusal(peeked.fault.code, peeked.fault.detail);
    const { publisher, count } = peeked.value.header;
    const id = toHex(peeked.value.id);
    const weight = weightOf(wire.length, count);
    const isKnown = this.#ids.has(id) || isExecuted(peeked.value.id);
    const wait = isKnown ? 0 : this.#quotas.wait(publisher, weight, this.#weights.mostOfOne(now()), now());
    if (wait > 0)
      return refusal('over-quota', `${publisher} hands in more than one publisher may here`, wait);
    const decoded = decodeSubmission(wire, hasher);
    if (!decoded.ok) return refusal(decoded.fault.code, decoded.fault.detail);
    const submission = decoded.value;
    if (isKnown) return { id: submission.id };
    const early = wouldRefuse(submission, now());
    if (early !== null) return early;
    // From here on it takes room, though nobody knows yet whose it is.
    this.#weights.add('own', weight);
    const sound = await hasSoundSignatures([submission], pool).finally(() =>
      this.#weights.remove('own', weight),
    );
    if (!sound)
      return refusal('bad-signature', 'the signature is not by the key in the header over these bytes');
    if (this.#ids.has(id)) return { id: submission.id };
    this.#quotas.take(publisher, wire.length, weight, now());
    this.#ids.set(id, '');
    await this.#gather(wire, submission, weight);
    return { id: submission.id };
  }

  /**
   * Whether a batch that a member sent unasked is worth its place: there is room, and it is not all submissions that no
   * block will record. What a block names is kept whatever this says.
   */
  keeps(batch: Batch, member: string, members: number): boolean {
    const { weight, submissions } = batch;
    if (!this.#weights.roomFor(member, weight, members)) return false;
    const now = this.#host.now();
    return submissions
      .slice(0, LOOKED_AT)
      .some(submission => !HOPELESS.includes(this.#host.wouldRefuse(submission, now)?.code ?? ''));
  }

  /** Remembers a batch that waits to be ordered, from a member or from before a restart. */
  add(batch: Batch, origin: Exclude<Origin, 'own'> = 'unknown'): void {
    this.#remember(waitingOf(batch, origin, this.#host.now()));
  }

  /** Batches that wait to be ordered, in order of arrival. */
  waiting(): readonly Pick<Waiting, 'digest' | 'barrier' | 'size' | 'weight'>[] {
    return [...this.#waiting.values()];
  }

  /** A block was executed: its batches wait no more. */
  executed(digests: readonly string[]): void {
    for (const digest of digests) {
      const waiting = this.#waiting.get(digest);
      if (waiting?.origin === 'own') {
        const now = this.#host.now();
        this.#gatherMs = gatherMs(now - waiting.since);
        this.#weights.ordered(waiting.weight, now);
      }
      this.#forget(digest);
    }
  }

  /** Pushes overdue batches again and gives up those in which every submission has expired; resolves when they are gone. */
  async tend(): Promise<void> {
    const now = this.#host.now();
    const expired = new Map<string, Waiting>();
    let pushed = 0;
    for (const [digest, waiting] of [...this.#waiting]) {
      if (waiting.expires + OVERDUE_MS < now) {
        this.#forget(digest);
        expired.set(digest, waiting);
      } else if (now - waiting.since >= OVERDUE_MS && pushed < PUSHED_AGAIN) {
        waiting.since = now;
        pushed += waiting.weight;
        this.#host.push(digest);
      }
    }
    if (expired.size === 0) return;
    for (const digest of await this.#host.expired([...expired.keys()]))
      this.#remember({ ...expired.get(digest)!, publishers: NOBODY });
  }

  #remember(waiting: Waiting): void {
    if (this.#waiting.has(waiting.digest)) return;
    this.#waiting.set(waiting.digest, waiting);
    this.#weights.add(waiting.origin, waiting.weight);
    for (const id of waiting.ids) this.#ids.set(id, waiting.digest);
  }

  #forget(digest: string): void {
    const waiting = this.#waiting.get(digest);
    if (waiting === undefined) return;
    this.#waiting.delete(digest);
    this.#weights.remove(waiting.origin, waiting.weight);
    for (const [publisher, weight] of waiting.publishers) this.#quotas.settle(publisher, weight);
    for (const id of waiting.ids) if (this.#ids.get(id) === digest) this.#ids.delete(id);
  }

  /** At once when idle, with company while batches are in flight; resolves once the batch is out. */
  #gather(wire: Uint8Array, submission: Submission, weight: number): Promise<void> {
    const open = this.#open;
    this.#weights.add('own', weight);
    open.add(wire, submission, weight);
    if (open.weight >= FULL_BATCH || (this.#publishing === 0 && this.#waiting.size === 0)) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#gatherMs);
    return open.out;
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const open: OpenBatch = this.#open;
    if (open.wires.length === 0) return;
    this.#open = openBatch();
    const batch = makeBatch(open.wires, open.submissions, this.#host.hasher);
    this.#publishing++;
    this.#weights.remove('own', open.weight);
    this.#remember(waitingOf(batch, 'own', this.#host.now(), open.publishers));
    this.#host
      .publish(batch)
      .then(open.done, open.failed)
      .finally(() => {
        this.#publishing--;
      });
  }
}

/** How long to gather after a round, from a batch's publication to its execution, that took `round` ms. */
export function gatherMs(round: number): number {
  const [least, most] = GATHER_MS;
  return Math.min(most, Math.max(least, GATHER_SHARE * round));
}

/** A refusal by the mempool itself. */
export function refusal(code: string, detail: string, retryAfter: number | null = null): Refusal {
  return { code, detail, entry: null, retryAfter };
}
