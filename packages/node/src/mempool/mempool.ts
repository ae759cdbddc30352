import { decodeSubmission, type Hasher, type Submission, toHex } from '@qifeng/core';
import type { Refusal } from '../ports/node-service.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { type Batch, hasSoundSignatures, makeBatch } from './batch.ts';

/** Bytes of submissions after which a batch goes out at once. */
const FULL_BATCH = 256 * 1024;
/** Ms a submission waits for company while batches of this node are in flight: at least, at most. */
const GATHER_MS = [5, 50] as const;
/** The share of a round that it waits between the two: what arrives during one round can only go into the next. */
const GATHER_SHARE = 0.25;
/** Ms after which a batch that was not ordered is pushed to all again. */
const OVERDUE_MS = 10_000;
/** Bytes of unordered submissions a node takes in before it answers 429. */
const MOST_PENDING_BYTES = 64 * 1024 * 1024;

/** What the mempool needs around it. */
export interface MempoolHost {
  readonly hasher: Hasher;
  readonly pool: VerificationPool;
  now(): number;
  /** True iff a submission was executed already: sent again it gets its first outcome. */
  isExecuted(id: Uint8Array): boolean;
  /** Why execution would refuse this now, or null. */
  wouldRefuse(submission: Submission, now: number): Refusal | null;
  /** Persists a batch, sends it to all and offers it for ordering. */
  publish(batch: Batch): Promise<void>;
  /** Sends a batch to all again. */
  push(batch: Batch): void;
  /** A batch expired unordered. */
  expired(digest: string): void;
}

interface Waiting {
  readonly batch: Batch;
  /** Made here, not by a peer. */
  readonly own: boolean;
  since: number;
}

/** Submissions between taking them in and their execution. */
export class Mempool {
  readonly #host: MempoolHost;
  /** Batches persisted here and not executed, by digest. */
  readonly #waiting = new Map<string, Waiting>();
  /** Submission id → digest of its batch; empty while it gathers. */
  readonly #ids = new Map<string, string>();
  #open = openBatch();
  #timer: NodeJS.Timeout | null = null;
  #pendingBytes = 0;
  #publishing = 0;
  #gatherMs: number = GATHER_MS[0];

  constructor(host: MempoolHost) {
    this.#host = host;
  }

  /** Submissions taken in and not executed. */
  get size(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Takes a submission in; a refusal says why not. Resolves once it is persisted and on its way to all. */
  async take(wire: Uint8Array): Promise<{ readonly id: Uint8Array } | Refusal> {
    if (this.#pendingBytes + wire.length > MOST_PENDING_BYTES) {
      return refusal('overloaded', 'too many submissions wait to be ordered', 1);
    }
    const decoded = decodeSubmission(wire, this.#host.hasher);
    if (!decoded.ok) return refusal(decoded.fault.code, decoded.fault.detail);
    const submission = decoded.value;
    const id = toHex(submission.id);
    if (this.#ids.has(id) || this.#host.isExecuted(submission.id)) return { id: submission.id };
    const early = this.#host.wouldRefuse(submission, this.#host.now());
    if (early !== null) return early;
    if (!(await hasSoundSignatures([submission], this.#host.pool))) {
      return refusal('bad-signature', 'the signature is not by the key in the header over these bytes');
    }
    if (this.#ids.has(id)) return { id: submission.id };
    this.#ids.set(id, '');
    await this.#gather(wire, submission);
    return { id: submission.id };
  }

  /** Remembers a batch that waits to be ordered, from a peer or from before a restart. */
  add(batch: Batch, own = false): void {
    if (this.#waiting.has(batch.digest)) return;
    this.#waiting.set(batch.digest, { batch, own, since: this.#host.now() });
    this.#pendingBytes += batch.bytes.length;
    for (const { id } of batch.submissions) this.#ids.set(toHex(id), batch.digest);
  }

  /** A block was executed: its batches wait no more. */
  executed(digests: readonly string[]): void {
    for (const digest of digests) {
      const waiting = this.#waiting.get(digest);
      if (waiting?.own) this.#gatherMs = gatherMs(this.#host.now() - waiting.since);
      this.#forget(digest);
    }
  }

  /** Pushes overdue batches again and gives up those in which every submission has expired. */
  tend(): void {
    const now = this.#host.now();
    for (const [digest, waiting] of [...this.#waiting]) {
      if (waiting.batch.submissions.every(({ header }) => header.expires + OVERDUE_MS < now)) {
        this.#forget(digest);
        this.#host.expired(digest);
      } else if (now - waiting.since >= OVERDUE_MS) {
        waiting.since = now;
        this.#host.push(waiting.batch);
      }
    }
  }

  #forget(digest: string): void {
    const waiting = this.#waiting.get(digest);
    if (waiting === undefined) return;
    this.#waiting.delete(digest);
    this.#pendingBytes -= waiting.batch.bytes.length;
    for (const { id } of waiting.batch.submissions) {
      if (this.#ids.get(toHex(id)) === digest) this.#ids.delete(toHex(id));
    }
  }

  /** At once when idle, with company while batches are in flight; resolves once the batch is out. */
  #gather(wire: Uint8Array, submission: Submission): Promise<void> {
    const open = this.#open;
    open.wires.push(wire);
    open.submissions.push(submission);
    open.bytes += wire.length;
    if (open.bytes >= FULL_BATCH || (this.#publishing === 0 && this.#waiting.size === 0)) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#gatherMs);
    return open.out;
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const open = this.#open;
    if (open.wires.length === 0) return;
    this.#open = openBatch();
    const batch = makeBatch(open.wires, open.submissions, this.#host.hasher);
    this.#publishing++;
    this.add(batch, true);
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

interface OpenBatch {
  readonly wires: Uint8Array[];
  readonly submissions: Submission[];
  bytes: number;
  readonly out: Promise<void>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

function openBatch(): OpenBatch {
  let done = (): void => {};
  let failed = (_: unknown): void => {};
  const out = new Promise<void>((resolve, reject) => {
    done = resolve;
    failed = reject;
  });
  return { wires: [], submissions: [], bytes: 0, out, done, failed };
}

/** A refusal by the mempool itself. */
export function refusal(code: string, detail: string, retryAfter: number | null = null): Refusal {
  return { code, detail, entry: null, retryAfter };
}
