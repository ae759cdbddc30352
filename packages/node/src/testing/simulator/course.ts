import { DEFAULT_TIMING } from '../../consensus/config.ts';
import { Violation } from '../checkers/violation.ts';
import { Calm } from './calm.ts';
import type { Clients } from './clients.ts';
import type { Council } from './council.ts';
import { ownerOf } from './genesis.ts';
import type { SimulatedLedger } from './ledger.ts';
import type { Target } from './mishaps.ts';
import { QUIET } from './phases.ts';
import type { Replica } from './replica.ts';

/** Ms without a block after which faults cease, until so many blocks are final again. */
const STILL = 60_000;
const LULL = 4;
/** Ms after which nothing is under way that was sent before the network healed. */
const UNDER_WAY = 4_000;

/** What a schedule runs on. */
export interface Stage extends Target {
  readonly ledger: SimulatedLedger;
  readonly clients: Clients;
  readonly council: Council;
  /** Members that are Byzantine for ever. */
  readonly byzantine: ReadonlySet<number>;
  /** Batches that anybody sent. */
  readonly sent: ReadonlySet<string>;
}

/** What happens in a schedule, one thing after the other; each has to come to its end. */
export class Course {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** All of it. */
  run(): void {
    const { clients } = this.#stage;
    this.#order();
    clients.closed = true;
    this.#heal();
    this.#converge();
    new Calm(
      this.#stage,
      (done, limit) => this.#until(done, limit),
      replica => this.#isUpToDate(replica),
    ).run();
    this.#handOver();
    // The calm stretch waits for the voters alone.
    this.#until(() => this.#living().every(replica => this.#isUpToDate(replica)), this.#grace);
    this.#recheck();
    this.#restartAll();
  }

  /** Until enough blocks are final, with a lull whenever faults have kept everybody still for too long. */
  #order(): void {
    const { shape, watch, clock, counts, network } = this.#stage;
    const { commits, lasts } = shape;
    const enough = (): boolean => watch.chain.height >= commits && clock.now >= lasts;
    while (!enough()) {
      let height = watch.chain.height;
      let since = clock.now;
      const still = (): boolean => {
        if (watch.chain.height > height) {
          height = watch.chain.height;
          since = clock.now;
        }
        return clock.now - since > STILL;
      };
      this.#until(() => still() || enough(), Number.POSITIVE_INFINITY);
      if (enough()) return;
      counts.lulls++;
      this.#heal();
      const target = Math.min(height + LULL, Math.max(commits, height + 1));
      this.#until(() => watch.chain.height >= target, this.#grace);
      network.healed = false;
    }
  }

  #until(done: () => boolean, limit: number): void {
    const { clock, watch } = this.#stage;
    const end = clock.now + limit;
    while (!done()) {
      if (clock.now > end)
        throw new Violation(
          'progress',
          `${watch.chain.height} blocks after ${clock.now} ms: ${this.#standing()}`,
        );
      if (!clock.advance()) throw new Violation('progress', 'nothing left to happen');
    }
  }

  /** For a person who has to find out why nothing moves. */
  #standing(): string {
    return this.#stage.replicas
      .map(({ id, state }) => {
        if (state === null) return `${id} down`;
        const { config, view, asked, tip, executed, committed, target, low } = state;
        const { epoch, votes } = config;
        return `${id}${votes ? '' : ' without a vote'} epoch ${epoch} view ${view}/${asked} tip ${tip.height} executed ${executed.height} committed ${committed.height} target ${target.height} final ${low}`;
      })
      .join('; ');
  }

  #heal(): void {
    const { clock, network, replicas, walls, restart } = this.#stage;
    network.healed = true;
    network.phase = QUIET;
    for (const replica of replicas) {
      replica.disk.full = false;
      replica.disk.stale = false;
      walls.jump(replica.id, 0, clock.now);
      restart(replica);
    }
  }

  /** Those who must come through: up, and not Byzantine. */
  #living(): readonly Replica[] {
    const { replicas, byzantine } = this.#stage;
    return replicas.filter(({ id, dead }) => !dead && !byzantine.has(id));
  }

  /** A view may be led by each faulty one in turn, and the timers of all are long by then. */
  get #grace(): number {
    const { gone, byzantine } = this.#stage;
    return (3 + gone.size + byzantine.size) * DEFAULT_TIMING.maxTimeout;
  }

  /** After healing everybody catches up and every batch that a living one has is ordered. */
  #converge(): void {
    const { watch, sent, clock, clients } = this.#stage;
    const arrived = clock.now + UNDER_WAY;
    this.#until(() => clock.now >= arrived, this.#grace);
    const living = this.#living();
    const { chain } = watch;
    // What expired is kept while a block names it, and is not offered any more.
    const owed = [...sent].filter(batch =>
      living.some(({ disk, state }) => disk.executedBatches.has(batch) || state?.pool.has(batch)),
    );
    // Whoever missed the moment gives it up a little later; where nothing expires nobody gives up anything.
    const expires = clients.life < Number.POSITIVE_INFINITY;
    const isHeld = (batch: string): boolean => !expires || living.some(({ state }) => state?.pool.has(batch));
    let ordered = 0;
    const isDone = (): boolean => {
      while (ordered < owed.length && (chain.has(owed[ordered]!) || !isHeld(owed[ordered]!))) ordered++;
      return ordered === owed.length && living.every(replica => this.#isUpToDate(replica));
    };
    // Where batches expire, clients send the more: a long queue has as long for each step.
    while (!isDone()) {
      const before = ordered;
      this.#until(() => isDone() || (expires && ordered > before), this.#grace);
    }
  }

  /** It has executed all that anybody has, knows it final, and is in the newest epoch. */
  #isUpToDate({ id, state }: Replica): boolean {
    const { chain, epochs } = this.#stage.watch;
    const { height } = chain;
    if (state === null || state.low !== height || chain.heights[id] !== height) return false;
    return state.config.epoch === epochs.newest;
  }

  /** In a sound network a change of members is a matter of a few views: all go over, and go on. */
  #handOver(): void {
    const { council, watch, ledger, random, clients } = this.#stage;
    const epoch = ledger.newest;
    if (!council.change(true)) return;
    const living = this.#living();
    this.#until(
      () => ledger.newest > epoch && living.every(replica => this.#isUpToDate(replica)),
      this.#grace,
    );
    if (random.chance(0.5)) return;
    const batch = clients.send(random.pick(living));
    this.#until(
      () => watch.chain.has(batch) && living.every(replica => this.#isUpToDate(replica)),
      this.#grace,
    );
  }

  /** Everything once more from the disks alone, as after a full stop: one chain, all of it on every disk. */
  #recheck(): void {
    const { watch, ledger } = this.#stage;
    const { blocks } = watch.chain;
    ledger.recheck();
    for (const { id, disk } of this.#living()) {
      for (const block of blocks) {
        if (block.height >= disk.base && disk.blocks.get(block.height)?.block.hash !== block.hash)
          throw new Violation('recheck', `${id} has lost block ${block.height}`);
        const decided = watch.certificates.decidedAt(block.height);
        if (decided !== undefined && decided !== block.hash) {
          throw new Violation(
            'agreement',
            `block ${block.height} is ${block.hash}, certificates say ${decided}`,
          );
        }
      }
    }
  }

  /** All stop, f of the set are lost for ever, the faulty ones among them; the rest must know all and go on. */
  #restartAll(): void {
    const { replicas, gone, counts, random, clients, council, watch, restart } = this.#stage;
    council.welcome();
    // What a Byzantine replica alone has executed is no set yet.
    const set = watch.epochs.keys(watch.epochs.newest)!.map(ownerOf);
    const living = this.#living();
    const sound = living.filter(({ id }) => !gone.has(id) && set.includes(id));
    const lost = random.sample(sound, Math.floor((set.length - 1) / 3) - (set.length - sound.length));
    const left = living.filter(replica => !lost.includes(replica));
    for (const replica of replicas) replica.dead = true;
    for (const replica of replicas) replica.crash('for ever');
    counts.fullRestarts++;
    for (const replica of left) replica.dead = false;
    for (const replica of left) restart(replica);
    const batch = clients.send(random.pick(left));
    const { chain, finality } = watch;
    const complete = (): boolean => chain.has(batch) && left.every(replica => this.#isUpToDate(replica));
    this.#until(complete, (3 + replicas.length - left.length) * DEFAULT_TIMING.maxTimeout);
    for (const { disk } of left) finality.recovered({ hashAt: height => disk.hashAt(height) });
  }
}
