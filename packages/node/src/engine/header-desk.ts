import { type Hasher, isObserverCode } from '@qifeng/core';
import { MAX_HEADERS } from '../consensus/chain.ts';
import type { Block } from '../consensus/messages.ts';
import { TokenBucket } from '../limits/token-bucket.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import { headersFrom } from './from-store.ts';

/** Headers that all observers together are sent: what one member has by the cost of its requests, ten full answers a second. */
const RATE = { perSecond: 10 * MAX_HEADERS, burst: 20 * MAX_HEADERS };

/**
 * Gives headers to members that ask for them, and to observers no more than they may have together: what is left out is asked
 * of others. A member's requests are read no faster than that, so that it is never left out.
 */
export class HeaderDesk {
  readonly #store: LedgerReader;
  readonly #hasher: Hasher;
  readonly #observers = new TokenBucket(RATE, performance.now());

  constructor(store: LedgerReader, hasher: Hasher) {
    this.#store = store;
    this.#hasher = hasher;
  }

  /** The headers of an answer: those still `held`, newest first, then their ancestors in the store, above `above`. */
  answer(member: string, held: readonly Block[], next: string, above: number): readonly Block[] {
    const now = performance.now();
    const shares = isObserverCode(member);
    if (shares && this.#observers.wait(now) > 0) return [];

    const blocks = headersFrom(this.#store, this.#hasher, held, next, above);
    // Looking for headers that are not here takes its time, too.
    if (shares) this.#observers.take(Math.max(1, blocks.length), now);
    return blocks;
  }
}
