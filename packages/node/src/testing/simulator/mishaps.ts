import { hasSigned } from '../../consensus/guard.ts';
import type { Clock } from './clock.ts';
import type { Counts } from './counts.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Replica } from './replica.ts';
import { type Faulty, membersOf, type Shape } from './shape.ts';
import type { WallClocks } from './wall-clocks.ts';
import type { Checkers } from './watch.ts';

/** What a run offers to those who do it harm. */
export interface Target {
  readonly clock: Clock;
  readonly random: Random;
  readonly shape: Shape;
  readonly counts: Counts;
  readonly network: Network;
  readonly walls: WallClocks;
  readonly watch: Checkers;
  readonly replicas: readonly Replica[];
  /** Replicas whose memory is lost or that never come back. */
  readonly gone: Set<number>;
  /** Replicas that ever lost their memory. */
  readonly struck: Set<number>;
  restart(replica: Replica): void;
}

const EACH = 100;
/** Records that a disk loses at most, of those it said were synced. */
const MOST_UNSYNCED = 8;

/** What happens to replicas, their disks and their clocks, beside crashes in the middle of a write. */
export class Mishaps {
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
    for (const faulty of target.shape.faulty)
      if (faulty.kind !== 'byzantine') target.clock.after(faulty.at, () => this.strike(faulty));
    this.#tick();
  }

  #tick(): void {
    const { clock, random, network, shape } = this.#target;
    clock.after(EACH, () => this.#tick());
    if (network.healed) return;
    const { pause, storm, reset, fullDisk, staleRead, clockJump } = shape.mishaps;
    if (random.chance(pause)) this.#pause();
    if (random.chance(storm)) this.#storm();
    if (random.chance(reset)) this.#reset();
    if (random.chance(fullDisk)) this.#fullDisk();
    if (random.chance(staleRead)) this.#staleRead();
    if (random.chance(clockJump)) this.#jump();
  }

  #any(): Replica {
    const { random, replicas } = this.#target;
    return random.pick(replicas);
  }

  /** Longer than the progress timer: the others go on without it. */
  #pause(): void {
    const { random, counts } = this.#target;
    if (this.#any().pause(random.between(1_200, 6_000))) counts.pauses++;
  }

  /** Replicas that die again as soon as they are up, as under a supervisor. */
  #storm(): void {
    const { random, clock, counts, replicas, network } = this.#target;
    let bites = false;
    const victims = random.sample(replicas, random.between(1, replicas.length));
    for (const victim of victims) {
      let at = 0;
      for (let times = random.between(2, 6); times > 0; times--) {
        at += random.between(20, 400);
        clock.after(at, () => {
          if (network.healed) return;
          if (!bites) counts.storms++;
          bites = true;
          victim.crash();
        });
      }
    }
  }

  #reset(): void {
    const { random, network, shape } = this.#target;
    const [a, b] = random.sample(
      Array.from({ length: membersOf(shape) }, (_, i) => i),
      2,
    );
    network.reset(a!, b!);
  }

  #fullDisk(): void {
    const { random, clock } = this.#target;
    const { disk } = this.#any();
    disk.full = true;
    clock.after(random.between(500, 3_000), () => {
      disk.full = false;
    });
  }

  #staleRead(): void {
    const { random, clock, counts } = this.#target;
    const { disk } = this.#any();
    disk.stale = true;
    clock.after(random.between(500, 3_000), () => {
      disk.stale = false;
      counts.staleReads += disk.hidden;
      disk.hidden = 0;
    });
  }

  /** Seconds forth or back, until somebody sets the clock right; never more than f dates are wrong at once. */
  #jump(): void {
    const { random, clock, counts, walls, shape } = this.#target;
    const byzantine = shape.faulty.filter(({ kind }) => kind === 'byzantine').length;
    if (walls.off + byzantine >= Math.floor((shape.n - 1) / 3)) return;
    const { id } = this.#any();
    counts.clockJumps++;
    walls.jump(id, random.between(1_000, 20_000) * (random.chance(0.5) ? 1 : -1), clock.now);
    clock.after(random.between(1_000, 10_000), () => walls.jump(id, 0, clock.now));
  }

  /** The fate of a faulty replica: it comes back without a memory, or not at all. */
  strike({ id, kind }: Pick<Faulty, 'id' | 'kind'>): void {
    const { replicas, counts, watch, gone, struck, clock, random, restart } = this.#target;
    const replica = replicas[id]!;
    const { guard, log } = replica.disk;
    const unsynced = kind === 'unsynced' ? this.#unsynced(replica) : 0;
    // A key that signed nothing has nothing to forget: without its log, or that of the key before, it is as good as new.
    const forgets = kind === 'dead' || kind === 'wiped' || (guard !== null && hasSigned(guard));
    if (unsynced === null || !forgets || (kind === 'damaged' && log.length < 2)) {
      clock.after(EACH, () => this.strike({ id, kind }));
      return;
    }
    replica.crash();
    gone.add(id);
    struck.add(id);
    if (kind === 'dead') {
      counts.dead++;
      replica.dead = true;
      return;
    }
    if (kind === 'damaged') {
      counts.bitFlips++;
      replica.disk.flipBit(random.next());
    } else if (kind === 'unsynced') {
      counts.lostSyncs++;
      replica.disk.log.splice(-unsynced);
    } else {
      counts.wipedDisks++;
      replica.disk.wipe();
    }
    counts.amnesiacs++;
    watch.silenced(replica, kind === 'wiped');
    restart(replica);
  }

  /** How many records a power cut takes although they were synced; null: none now, as nothing was signed upon them. */
  #unsynced({ id, disk }: Replica): number | null {
    const { random, network, watch } = this.#target;
    const count = random.between(1, MOST_UNSYNCED);
    return !network.healed && watch.durability.isSignedUpon(id, disk.log, count) ? count : null;
  }
}
