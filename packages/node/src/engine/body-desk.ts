import { MAX_VALIDATORS } from '@qifeng/core';
import { KeyedBuckets } from '../limits/keyed-buckets.ts';
import { sharerOf } from '../limits/sharer.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';

/** Bytes of bodies that one member is sent for the asking: a request of 16 KiB could have half a GiB for an answer. */
const RATE = { perSecond: 32 * 1024 * 1024, burst: 32 * 1024 * 1024 };

/** Gives bodies to members that ask for them, no more than they may have, observers together as much as one member: what is left out is asked of others. */
export class BodyDesk {
  readonly #store: Pick<LedgerStore, 'batch'>;
  readonly #given = new KeyedBuckets(RATE, MAX_VALIDATORS);

  constructor(store: Pick<LedgerStore, 'batch'>) {
    this.#store = store;
  }

  *answer(member: string, digests: readonly Uint8Array[]): Generator<Uint8Array> {
    const sharer = sharerOf(member);
    for (const digest of digests) {
      const now = performance.now();
      if (this.#given.wait(sharer, now) > 0) return;
      const bytes = this.#store.batch(digest);
      if (bytes === null) continue;
      this.#given.take(sharer, bytes.length, now);
      yield bytes;
    }
  }
}
