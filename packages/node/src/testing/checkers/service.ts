import type { Block } from '../../consensus/messages.ts';
import { Violation } from './violation.ts';

/** Where the network is sound, no batch waits longer than the rules against poor leaders allow. */
export class ServiceChecker {
  readonly #limit: number;
  /** Time of arrival of what is not ordered yet, oldest first. */
  readonly #waiting = new Map<string, number>();
  longest = 0;

  /** `limit` in ms; infinite where no such promise is given. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  sent(batch: string, now: number): void {
    this.#waiting.set(batch, now);
  }

  executed(block: Block, now: number): void {
    for (const batch of block.batches) {
      const since = this.#waiting.get(batch);
      if (since === undefined) continue;
      this.longest = Math.max(this.longest, now - since);
      this.#waiting.delete(batch);
    }
  }

  passed(now: number): void {
    for (const [batch, since] of this.#waiting) {
      if (now - since > this.#limit)
        throw new Violation('service', `${batch} waits for ${now - since} ms, at most ${this.#limit}`);
      return;
    }
  }
}
