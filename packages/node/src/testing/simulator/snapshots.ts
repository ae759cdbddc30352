import type { Target } from './mishaps.ts';
import type { Random } from './random.ts';
import type { Replica } from './replica.ts';

/** How often those who are far behind look for a snapshot, virtual ms, and the chance that one is there for them. */
const EACH = 500;
const CHANCE = 0.2;
/** Blocks behind from which on it is looked for. */
const FAR = 8;

/**
 * Replicas that are far behind, or whose next block nobody holds any more, come to the certified state of another, with
 * the log and the guard that they have. What is fetched is proven, so that only sound replicas have any to give.
 */
export class Snapshots {
  readonly #target: Target;
  readonly #random: Random;
  readonly #byzantine: ReadonlySet<number>;

  constructor(target: Target, random: Random, byzantine: ReadonlySet<number>) {
    this.#target = target;
    this.#random = random;
    this.#byzantine = byzantine;
    this.#tick();
  }

  #tick(): void {
    const { clock, replicas, counts, restart } = this.#target;
    clock.after(EACH, () => this.#tick());
    for (const replica of replicas) {
      const donor = this.#donorOf(replica);
      if (donor === undefined) continue;
      const skips = donor.disk.executed!.block.epoch > replica.config.epoch;
      if (!replica.adopt(donor.disk)) continue;
      counts.snapshots++;
      if (skips) counts.skippedEpochs++;
      restart(replica);
    }
  }

  #donorOf(replica: Replica): Replica | undefined {
    if (!this.#isSound(replica) || replica.disk.full) return;
    const next = replica.disk.height + 1;
    const isLost = !this.#target.replicas.some(
      one => !one.dead && one.disk.base < next && one.disk.height >= next,
    );
    if (!isLost && !this.#random.chance(CHANCE)) return;
    const far = isLost ? 1 : FAR;
    const donors = this.#target.replicas.filter(one => {
      const height = one.disk.height;
      return this.#isSound(one) && height >= next - 1 + far && one.disk.certificates.has(height);
    });
    return donors.length === 0 ? undefined : this.#random.pick(donors);
  }

  #isSound({ id, state }: Replica): boolean {
    return state !== null && !this.#byzantine.has(id);
  }
}
