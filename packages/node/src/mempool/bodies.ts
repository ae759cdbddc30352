import { bytesOfHex, type Hasher, toHex } from '@qifeng/core';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { type Batch, hasSoundSignatures, readBatch } from './batch.ts';

/** Bytes of batches that are kept parsed, which takes some five times as much (measured): those in flight and a little more. */
export const KEPT_BYTES = 16 * 1024 * 1024;
/**
 * Batches from peers under verification at once at most; more are dropped and pulled when a block names them. The transport
 * hands over 8 of a member before it waits: so many that liars cannot take all places.
 */
const MOST_UNDER_WAY = 1024;

/** Batches that are persisted here and well-formed. */
export class Bodies {
  readonly #store: LedgerStore;
  readonly #pool: VerificationPool;
  readonly #hasher: Hasher;
  readonly #parsed = new Map<string, Batch>();
  #parsedBytes = 0;
  readonly #underWay = new Set<string>();

  constructor(store: LedgerStore, pool: VerificationPool, hasher: Hasher) {
    this.#store = store;
    this.#pool = pool;
    this.#hasher = hasher;
  }

  /** True iff the batch is persisted: only well-formed ones ever are. */
  has(digest: string): boolean {
    return this.sizeOf(digest) !== null;
  }

  /** Bytes of a persisted batch; null if it is not here. */
  sizeOf(digest: string): number | null {
    return this.#parsed.get(digest)?.size ?? this.#store.batch(bytesOfHex(digest))?.length ?? null;
  }

  /** A persisted batch, parsed; null if it is not here. */
  get(digest: string): Batch | null {
    const kept = this.#parsed.get(digest);
    if (kept !== undefined) return kept;
    const bytes = this.#store.batch(bytesOfHex(digest));
    if (bytes === null) return null;
    const batch = readBatch(bytes, this.#hasher);
    if (!batch.ok) throw new Error(`stored batch ${digest} is damaged: ${batch.fault.detail}`);
    this.#keep(batch.value);
    return batch.value;
  }

  /** Persists a batch of this node's own making; its submissions were verified when they came in. */
  async put(batch: Batch): Promise<void> {
    this.#underWay.add(batch.digest);
    try {
      await this.#store.putBatch(bytesOfHex(batch.digest), batch.bytes);
      this.#keep(batch);
    } finally {
      this.#underWay.delete(batch.digest);
    }
  }

  /** Takes a batch from a peer; null if it is known, not well-formed, not wanted, or there is no room. */
  async receive(bytes: Uint8Array, wants: (batch: Batch) => boolean = () => true): Promise<Batch | null> {
    const digest = toHex(this.#hasher.digest(bytes));
    if (this.#underWay.has(digest) || this.#underWay.size >= MOST_UNDER_WAY || this.has(digest)) return null;
    this.#underWay.add(digest);
    try {
      // The frame's buffer is the transport's; what is kept must be ours.
      const batch = readBatch(bytes.slice(), this.#hasher);
      if (
        !batch.ok ||
        !wants(batch.value) ||
        !(await hasSoundSignatures(batch.value.submissions, this.#pool))
      )
        return null;
      await this.put(batch.value);
      return batch.value;
    } finally {
      this.#underWay.delete(digest);
    }
  }

  /**
   * Forgets batches that nothing will execute. Gives those of them that stay because a block names them: `named` is asked
   * when they go, as a block may come until then, and from then on they are not here for any block.
   */
  async drop(digests: readonly string[], named: () => ReadonlySet<string>): Promise<readonly string[]> {
    const now = named();
    const stay = digests.filter(digest => now.has(digest));
    const going = digests.filter(digest => !now.has(digest));
    if (going.length === 0) return stay;
    let then: ReadonlySet<string> | null = null;
    await this.#store.dropBatches(going.map(bytesOfHex), bytes => {
      const digest = toHex(bytes);
      then ??= named();
      const goes = !then.has(digest) && !this.#underWay.has(digest);
      if (goes) this.#unparse(digest);
      else stay.push(digest);
      return goes;
    });
    return stay;
  }

  #keep(batch: Batch): void {
    this.#unparse(batch.digest);
    this.#parsed.set(batch.digest, batch);
    this.#parsedBytes += batch.bytes.length;
    for (const oldest of this.#parsed.keys()) {
      if (this.#parsedBytes <= KEPT_BYTES || this.#parsed.size === 1) break;
      this.#unparse(oldest);
    }
  }

  #unparse(digest: string): void {
    this.#parsedBytes -= this.#parsed.get(digest)?.bytes.length ?? 0;
    this.#parsed.delete(digest);
  }
}
