import { isChange } from './batches.ts';
import type { Random } from './random.ts';
import type { Profile } from './shape.ts';

/** One in so many schedules has batches that expire. */
const CHANCE = 0.5;
/** How long they live, virtual ms: shorter than what a block waits for under faults, and about as long. */
const LIVES = [1_000, 3_000, 8_000] as const;

/** How long the batches of a schedule live: changes of members, and all where no batch may wait for long anyway, for ever. */
export class Expiry {
  /** Virtual ms; may be infinite. */
  readonly life: number;
  readonly #born = new Map<string, number>();
  #now = 0;

  /** `random`: null if nothing expires. */
  constructor(random: Random | null, profile: Profile) {
    const expires = random?.chance(CHANCE) && profile !== 'service';
    this.life = expires ? random!.pick(LIVES) : Number.POSITIVE_INFINITY;
  }

  /** False if they live for ever, and nobody has to look for what expired. */
  get happens(): boolean {
    return this.life < Number.POSITIVE_INFINITY;
  }

  /**
   * Whether a batch has lived so long by now; its life begins when it is first asked for. Nobody grows older while the
   * network is sound: whatever waits then has to be ordered.
   */
  isExpired(digest: string, now: number, sound: boolean): boolean {
    if (!this.happens || isChange(digest)) return false;
    if (!sound) this.#now = now;
    const born = this.#born.get(digest) ?? now;
    this.#born.set(digest, born);
    return this.#now - born > this.life;
  }
}
