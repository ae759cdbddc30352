import { type Config, DEFAULT_TIMING } from '../../consensus/config.ts';
import { Violation } from '../checkers/violation.ts';
import { Clock } from './clock.ts';
import {
  type Counts,
  drawPlan,
  drawShape,
  type Phase,
  type Profile,
  QUIET,
  type Shape,
  type Standing,
  type Step,
  zeroCounts,
} from './faults.ts';
import { SimulatedLedger } from './ledger.ts';
import { Random } from './random.ts';
import { type CrashPoint, type Packet, type Protocol, Replica, type World } from './replica.ts';
import { Symbols } from './symbolic.ts';
import { Checkers } from './watch.ts';

const GENESIS = 'genesis';
const TICK = 100;
/** Clients pause no longer than this, ms. */
const LONGEST_PAUSE = 5_000;
/** Clients wait while this many of their batches are not ordered yet. */
const MOST_WAITING = 40;

/** How a schedule is watched. */
export interface Options {
  /** Checkers that keep silent, so that a mutant must be caught by the others. */
  readonly deaf?: readonly string[];
  /** Draws a shape of this profile rather than of any. */
  readonly profile?: Profile;
}

/** What a schedule did. The same seed and protocol give the same report. */
export interface Report {
  readonly seed: number;
  readonly shape: Shape;
  readonly counts: Counts;
  /** Blocks executed, and batches in them. */
  readonly blocks: number;
  readonly batches: number;
  /** Leaves of the log. */
  readonly records: number;
  /** Virtual ms. */
  readonly time: number;
  readonly trace: string;
}

/**
 * Runs one schedule: real replicas on virtual time under the faults its seed draws, until enough blocks are final; then
 * the network heals, and everybody must converge. Throws `Violation` when a checker finds something.
 */
export function simulate(
  protocol: Protocol,
  seed: number,
  n: number,
  commits: number,
  options: Options = {},
): Report {
  return new Simulation(protocol, seed, n, commits, options).run();
}

class Simulation implements World {
  readonly protocol: Protocol;
  readonly symbols = new Symbols();
  readonly ledger = new SimulatedLedger();
  readonly watch: Checkers;
  readonly #seed: number;
  readonly #random: Random;
  readonly #clock = new Clock();
  readonly #shape: Shape;
  readonly #counts = zeroCounts();
  readonly #replicas: readonly Replica[];
  readonly #sent = new Set<string>();
  readonly #lastArrival = new Map<string, number>();
  #phase: Phase = QUIET;
  readonly #plan: Step[] = [];
  #healed = false;

  constructor(protocol: Protocol, seed: number, n: number, commits: number, { deaf = [], profile }: Options) {
    this.protocol = protocol;
    this.#seed = seed;
    this.#random = new Random(seed);
    this.#shape = drawShape(this.#random, n, commits, profile);
    this.watch = new Checkers(this.symbols, n, GENESIS, this.#sent, this.#counts, new Set(deaf));
    const validators = Array.from({ length: n }, (_, i) => `${110000 + 10000 * i}`);
    this.#replicas = validators.map((_, me) => new Replica(this, this.#config(validators, me)));
  }

  #config(validators: readonly string[], me: number): Config {
    return {
      epoch: 0,
      validators,
      me,
      base: { height: 0, hash: GENESIS, timestamp: 0 },
      window: this.#shape.window,
      term: this.#shape.term,
      depth: this.#shape.depth,
      maxBatches: this.#shape.maxBatches,
      timing: DEFAULT_TIMING,
    };
  }

  get compaction(): boolean {
    return this.#shape.compaction;
  }

  now(): number {
    return this.#clock.now;
  }

  later(delay: number, run: () => void): void {
    this.#clock.after(delay, run);
  }

  run(): Report {
    for (const replica of this.#replicas) {
      this.#start(replica);
      this.later(this.#random.between(0, TICK), () => this.#tick(replica));
    }
    this.#client();
    this.#changePhase();
    this.#until(() => this.#blocks() >= this.#shape.commits, 3_600_000);
    this.#heal();
    this.#converge();
    this.#recheck();
    return {
      seed: this.#seed,
      shape: this.#shape,
      counts: this.#counts,
      blocks: this.#blocks(),
      batches: this.#sent.size,
      records: this.ledger.size,
      time: this.now(),
      trace: (this.watch.trace >>> 0).toString(16),
    };
  }

  #blocks(): number {
    return this.watch.chain.height;
  }

  #until(done: () => boolean, limit: number): void {
    const end = this.now() + limit;
    while (!done()) {
      if (this.now() > end)
        throw new Violation(
          'progress',
          `${this.#blocks()} blocks after ${this.now()} ms: ${this.#standing()}`,
        );
      if (!this.#clock.advance()) throw new Violation('progress', 'nothing left to happen');
    }
  }

  /** For a person who has to find out why nothing moves. */
  #standing(): string {
    return this.#replicas
      .map(({ id, state }) =>
        state === null
          ? `${id} down`
          : `${id} view ${state.view}/${state.asked} tip ${state.tip.height} executed ${state.executed.height} committed ${state.committed.height} target ${state.target.height} final ${state.low}`,
      )
      .join('; ');
  }

  #heal(): void {
    this.#healed = true;
    this.#phase = QUIET;
    for (const replica of this.#replicas) if (replica.state === null) this.#restart(replica);
  }

  /** After healing everybody catches up and every batch is ordered, within three timeouts. */
  #converge(): void {
    const settled = (): boolean =>
      this.#replicas.every(
        ({ state, id }) =>
          state !== null && state.low === this.#blocks() && this.watch.chain.heights[id] === this.#blocks(),
      ) && [...this.#sent].every(batch => this.watch.chain.has(batch));
    this.#until(settled, 3 * DEFAULT_TIMING.maxTimeout);
  }

  /** Everything once more from the disks alone, as after a full stop: one chain, all of it on every disk. */
  #recheck(): void {
    const { blocks } = this.watch.chain;
    this.ledger.recheck();
    for (const { id, disk } of this.#replicas) {
      for (const block of blocks) {
        const stored = disk.blocks.get(block.height);
        if (stored?.block.hash !== block.hash)
          throw new Violation('recheck', `${id} has lost block ${block.height}`);
        const decided = this.watch.certificates.decidedAt(block.height);
        if (decided !== undefined && decided !== block.hash) {
          throw new Violation(
            'agreement',
            `block ${block.height} is ${block.hash}, certificates say ${decided}`,
          );
        }
      }
    }
  }

  #start(replica: Replica): void {
    replica.start();
  }

  #restart(replica: Replica): void {
    if (replica.state !== null) return;
    this.#counts.restarts++;
    this.#start(replica);
    for (const { id } of this.#replicas)
      if (id !== replica.id) replica.handle({ type: 'connected', peer: id });
  }

  compacted(): void {
    this.#counts.compactions++;
  }

  died(replica: Replica, torn: boolean): void {
    this.watch.note(`${replica.id} crashes`);
    this.#counts.crashes++;
    if (torn) this.#counts.tornWrites++;
    const [low, high] = this.#shape.down;
    this.later(this.#random.between(low, high), () => this.#restart(replica));
  }

  #tick(replica: Replica): void {
    this.later(TICK, () => this.#tick(replica));
    replica.handle({ type: 'tick', now: this.now() });
    if (this.now() % 2_000 < TICK) replica.pushOverdue();
  }

  #client(): void {
    if (this.#healed) return;
    const [low, high] = this.#shape.load;
    const pause = Math.ceil(this.#random.between(low, high) * (this.#phase.slower ?? 1));
    this.later(Math.min(pause, LONGEST_PAUSE), () => this.#client());
    const replica = this.#random.pick(this.#replicas);
    if (replica.state === null || this.#sent.size - this.watch.chain.batches > MOST_WAITING) return;
    const digest = `batch ${this.#sent.size}`;
    this.#sent.add(digest);
    replica.addBatch(digest);
    for (const { id } of this.#replicas)
      if (id !== replica.id) this.send(replica.id, id, { type: 'batch', digest });
  }

  #changePhase(): void {
    if (this.#healed) return;
    const step = this.#plan.shift();
    if (step !== undefined) {
      const start = this.#standings();
      this.#phase = step.begin(Math.max(...start.map(standing => standing?.view ?? 0)) % this.#shape.n);
      this.#counts.phases[this.#phase.name]++;
      this.#stay(step, start, this.now() + step.most);
      return;
    }
    this.#phase = QUIET;
    if (this.#random.chance(this.#shape.phases))
      this.#plan.push(...drawPlan(this.#random, this.#shape.n, this.#shape.ambush));
    this.later(TICK, () => this.#changePhase());
  }

  #stay(step: Step, start: readonly Standing[], end: number): void {
    if (this.now() >= end || step.over?.(start, this.#standings()) === true) this.#changePhase();
    else this.later(Math.min(20, end - this.now()), () => this.#stay(step, start, end));
  }

  #standings(): Standing[] {
    return this.#replicas.map(({ state }) =>
      state === null
        ? null
        : { view: state.view, prepared: state.high?.height ?? 0, committed: state.committed.height },
    );
  }

  crashPoint(records: number, rest: number): CrashPoint | null {
    if (this.#healed || !this.#random.chance(this.#shape.crash)) return null;
    // A client's batch must survive somewhere: no more than half of the replicas are down at once by chance.
    if (records > 0 && this.#random.chance(0.5))
      return { records: this.#random.between(0, records - 1), rest: 0 };
    return { records, rest: this.#random.between(0, rest) };
  }

  send(from: number, to: number, packet: Packet): void {
    const label = labelOf(packet);
    const { loss, duplication, delay } = this.#shape;
    if (!this.#healed && this.#random.chance(Math.max(this.#phase.loss(from, to, label), loss))) {
      this.#counts.lost++;
      return;
    }
    this.#deliver(from, to, packet, this.#random.between(delay[0], delay[1]));
    if (!this.#healed && this.#random.chance(duplication)) {
      this.#counts.duplicated++;
      this.#deliver(from, to, packet, this.#random.between(delay[0], delay[1] * 10));
    }
  }

  #deliver(from: number, to: number, packet: Packet, delay: number): void {
    const link = `${from} ${to}`;
    const arrival = this.now() + delay;
    if (arrival < (this.#lastArrival.get(link) ?? 0)) this.#counts.reordered++;
    this.#lastArrival.set(link, Math.max(arrival, this.#lastArrival.get(link) ?? 0));
    const replica = this.#replicas[to]!;
    const { life } = replica;
    this.later(delay, () => {
      // A packet for an earlier life is lost with its connection.
      if (replica.life === life) replica.receive(from, packet);
    });
  }
}

type Label = Parameters<Phase['loss']>[2];

function labelOf(packet: Packet): Label {
  if (packet.type === 'batch' || packet.type === 'batch-request') return 'host';
  return packet.type === 'vote' ? (packet.vote.kind as Label) : packet.type;
}
