/** How much may be used: `burst`, 1 or more, at once, `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * A token bucket that may go into debt: whoever has one token left may take what he needs, and then waits until the debt is
 * paid. So one thing may be larger than the burst, and what it costs need not be known before. Times are milliseconds of
 * a clock that never goes back.
 */
export class TokenBucket {
  readonly #rate: Rate;
  #level: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#level = rate.burst;
    this.#at = now;
  }

  /** Ms until something may be taken; 0: at once. */
  wait(now: number): number {
    this.#fill(now);
    return this.#level >= 1 ? 0 : Math.ceil(((1 - this.#level) / this.#rate.perSecond) * 1000);
  }

  take(amount: number, now: number): void {
    this.#fill(now);
    this.#level -= amount;
  }

  /** Whether it is as if nothing had ever been taken. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#level >= this.#rate.burst;
  }

  #fill(now: number): void {
    const filled = this.#level + (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond;
    this.#level = Math.min(this.#rate.burst, filled);
    this.#at = Math.max(this.#at, now);
  }
}
