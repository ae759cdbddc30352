import { type Config, DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Clock as LocalClock } from '../../consensus/input.ts';
import type { Message } from '../../consensus/messages.ts';
import { ByzantineWorld } from '../byzantine/wrapper.ts';
import { Violation } from '../checkers/violation.ts';
import { Clock } from './clock.ts';
import { zeroCounts } from './counts.ts';
import { SimulatedLedger } from './ledger.ts';
import { Mishaps } from './mishaps.ts';
import { Network } from './network.ts';
import { QUIET } from './phases.ts';
import { Random } from './random.ts';
import { type CrashPoint, type Death, type Packet, type Protocol, Replica, type World } from './replica.ts';
import type { Options, Report } from './report.ts';
import { drawShape, type Shape } from './shape.ts';
import { batchSaying, CLIENT, RealSymbols, Symbols } from './symbolic.ts';
import { SymbolicVerifier } from './verifier.ts';
import { WallClocks } from './wall-clocks.ts';
import { Checkers } from './watch.ts';
import { Weather } from './weather.ts';

const GENESIS = 'genesis';
const TICK = 100;
/** Clients pause no longer than this, ms. */
const LONGEST_PAUSE = 5_000;
/** Clients wait while this many of their batches are not ordered yet; where they watch, they never stop asking. */
const MOST_WAITING = { service: 1_000, other: 40 };
/** Overdue batches are sent to all again this often, ms. */
const PUSH = 2_000;
/** Ms without a block after which faults cease, until so many blocks are final again. */
const STILL = 60_000;
const LULL = 4;
/** Ms that a batch may wait under a slow leader, and under a censor: the rules that replace them, and a view change. */
const PATIENCE = { slow: 16_000, censor: 36_000 };

/**
 * Runs one schedule: real replicas on virtual time under the faults its seed draws, until enough blocks are final; then
 * the network heals, and everybody must converge; then all stop, f are lost, and the rest must have everything. Throws
 * `Violation` when a checker finds something.
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
  readonly symbols: Symbols;
  readonly ledger = new SimulatedLedger();
  readonly watch: Checkers;
  readonly walls: WallClocks;
  readonly network: Network;
  readonly #options: Options;
  readonly #verifier: SymbolicVerifier;
  readonly #seed: number;
  readonly #random: Random;
  readonly #clock = new Clock();
  readonly #shape: Shape;
  readonly #counts = zeroCounts();
  readonly #replicas: readonly Replica[];
  readonly #byzantine = new Map<number, ByzantineWorld>();
  /** Replicas dead for ever, or without memory. */
  readonly #gone = new Set<number>();
  readonly #sent = new Set<string>();
  /** True once the last batch was sent. */
  #closed = false;

  constructor(protocol: Protocol, seed: number, n: number, commits: number, options: Options) {
    this.protocol = protocol;
    this.#options = options;
    this.#seed = seed;
    this.#random = new Random(seed);
    this.symbols = options.realSignatures ? new RealSymbols() : new Symbols();
    this.#shape = drawShape(this.#random, n, commits, options.profile);
    this.walls = new WallClocks(this.#random, n, this.#shape.drift);
    if (this.#shape.drift) this.#counts.drifts++;
    const q = Math.floor((n + Math.floor((n - 1) / 3)) / 2) + 1;
    this.#verifier = new SymbolicVerifier(this.symbols, this.ledger, n, q);
    const guilty = new Set(this.#shape.faulty.flatMap(({ id, kind }) => (kind === 'byzantine' ? [id] : [])));
    this.watch = new Checkers({
      symbols: this.symbols,
      n,
      genesis: GENESIS,
      sent: this.#sent,
      guilty,
      counts: this.#counts,
      deaf: new Set(options.deaf),
      patience: this.#patience(),
      sound: () => this.#replicas.filter(({ id }) => !this.#gone.has(id) && !guilty.has(id)),
    });
    this.watch.onEvent = options.onEvent ?? null;
    this.watch.now = () => this.#clock.now;
    const validators = Array.from({ length: n }, (_, i) => `${110000 + 10000 * i}`);
    this.#replicas = validators.map(
      (_, me) => new Replica(this.#worldOf(me, q), this.#config(validators, me)),
    );
    this.network = new Network(this.#clock, this.#random, this.#shape, this.#counts, this.#replicas);
  }

  #patience(): number {
    const { profile, faulty } = this.#shape;
    if (profile !== 'service') return Number.POSITIVE_INFINITY;
    return faulty[0]!.behaviours.includes('slow') ? PATIENCE.slow : PATIENCE.censor;
  }

  /** The world as one replica sees it: a Byzantine one has its behaviours in between. */
  #worldOf(id: number, q: number): World {
    const faulty = this.#shape.faulty.find(one => one.id === id && one.kind === 'byzantine');
    if (faulty === undefined) return this;
    const simulation = this;
    const world = new ByzantineWorld(this, faulty.behaviours, {
      id,
      n: this.#shape.n,
      q,
      random: this.#random,
      symbols: this.symbols,
      get replica() {
        return simulation.#replicas[id]!;
      },
      now: () => this.#clock.now,
      send: (to, packet) => this.send(id, to, packet),
      count: what => {
        this.#counts[what]++;
      },
    });
    this.#byzantine.set(id, world);
    return world;
  }

  #config(validators: readonly string[], me: number): Config {
    const { window, term, depth, maxBatches } = this.#shape;
    const base = { height: 0, hash: GENESIS, timestamp: 0 };
    const timing = DEFAULT_TIMING;
    return { epoch: 0, validators, me, votes: true, base, window, term, depth, maxBatches, maxBytes: maxBatches, timing };
  }

  get compaction(): boolean {
    return this.#shape.compaction;
  }

  clock(replica: number): LocalClock {
    const { now } = this.#clock;
    return { now, wall: this.walls.read(replica, now) };
  }

  later(delay: number, run: () => void): void {
    this.#clock.after(delay, run);
  }

  offers(): boolean {
    return true;
  }

  verify(from: number, message: Message): boolean {
    // What an honest replica says was checked when it heard it.
    if (!this.#options.realSignatures && !this.#byzantine.has(from)) return true;
    const sound = this.#verifier.verify(message);
    if (!sound) this.#counts.refused++;
    return sound;
  }

  run(): Report {
    for (const replica of this.#replicas) {
      replica.start();
      this.later(this.#random.between(0, TICK), () => this.#tick(replica));
    }
    this.#client();
    const weather = { random: this.#random, clock: this.#clock, shape: this.#shape, counts: this.#counts };
    new Weather({ ...weather, network: this.network, replicas: this.#replicas });
    const mishaps = { clock: this.#clock, random: this.#random, shape: this.#shape, counts: this.#counts };
    const harmed = { network: this.network, walls: this.walls, watch: this.watch, replicas: this.#replicas };
    const restart = (replica: Replica) => this.#restart(replica);
    new Mishaps({ ...mishaps, ...harmed, gone: this.#gone, restart });
    this.#order();
    this.#closed = true;
    this.#heal();
    this.#converge();
    this.#recheck();
    this.#restartAll();
    return {
      seed: this.#seed,
      shape: this.#shape,
      counts: this.#counts,
      blocks: this.watch.chain.height,
      batches: this.watch.chain.batches,
      records: this.ledger.size,
      time: this.#clock.now,
      trace: (this.watch.trace >>> 0).toString(16),
    };
  }

  /** Until enough blocks are final, with a lull whenever faults have kept everybody still for too long. */
  #order(): void {
    const { commits, lasts } = this.#shape;
    const enough = (): boolean => this.watch.chain.height >= commits && this.#clock.now >= lasts;
    while (!enough()) {
      let height = this.watch.chain.height;
      let since = this.#clock.now;
      const still = (): boolean => {
        if (this.watch.chain.height > height) {
          height = this.watch.chain.height;
          since = this.#clock.now;
        }
        return this.#clock.now - since > STILL;
      };
      this.#until(() => still() || enough(), Number.POSITIVE_INFINITY);
      if (enough()) return;
      this.#counts.lulls++;
      this.#heal();
      const target = Math.min(height + LULL, Math.max(commits, height + 1));
      this.#until(() => this.watch.chain.height >= target, this.#grace);
      this.network.healed = false;
    }
  }

  #until(done: () => boolean, limit: number): void {
    const end = this.#clock.now + limit;
    while (!done()) {
      if (this.#clock.now > end)
        throw new Violation(
          'progress',
          `${this.watch.chain.height} blocks after ${this.#clock.now} ms: ${this.#standing()}`,
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
    this.network.healed = true;
    this.network.phase = QUIET;
    for (const replica of this.#replicas) {
      replica.disk.full = false;
      replica.disk.stale = false;
      this.walls.jump(replica.id, 0);
      this.#restart(replica);
    }
  }

  /** Those who must come through: up, and not Byzantine. */
  #living(): readonly Replica[] {
    return this.#replicas.filter(({ id, dead }) => !dead && !this.#byzantine.has(id));
  }

  /** A view may be led by each faulty one in turn, and the timers of all are long by then. */
  get #grace(): number {
    return (3 + this.#gone.size + this.#byzantine.size) * DEFAULT_TIMING.maxTimeout;
  }

  /** After healing everybody catches up and every batch that a living one has is ordered. */
  #converge(): void {
    const living = this.#living();
    const { chain } = this.watch;
    const owed = [...this.#sent].filter(batch => living.some(({ disk }) => disk.batches.has(batch)));
    let ordered = 0;
    this.#until(() => {
      while (ordered < owed.length && chain.has(owed[ordered]!)) ordered++;
      const { height } = chain;
      return (
        ordered === owed.length &&
        living.every(
          ({ state, id }) => state !== null && state.low === height && chain.heights[id] === height,
        )
      );
    }, this.#grace);
  }

  /** Everything once more from the disks alone, as after a full stop: one chain, all of it on every disk. */
  #recheck(): void {
    const { blocks } = this.watch.chain;
    this.ledger.recheck();
    for (const { id, disk } of this.#living()) {
      for (const block of blocks) {
        if (disk.blocks.get(block.height)?.block.hash !== block.hash)
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

  /** All stop, f disks are lost for ever, those of faulty replicas among them; the rest must know all and go on. */
  #restartAll(): void {
    const { n } = this.#shape;
    const sound = this.#living().filter(({ id }) => !this.#gone.has(id));
    const losses = Math.floor((n - 1) / 3) - (n - sound.length);
    for (const replica of this.#replicas) replica.dead = true;
    for (const replica of this.#replicas) replica.crash('for ever');
    this.#counts.fullRestarts++;
    const left = this.#random.sample(sound, sound.length - losses);
    for (const replica of left) replica.dead = false;
    for (const replica of left) this.#restart(replica);
    const batch = this.#newBatch();
    left[0]!.addBatch(batch, this.symbols.sign(CLIENT, batchSaying(batch)));
    const { chain, finality } = this.watch;
    const complete = (): boolean =>
      chain.has(batch) && left.every(({ state }) => state !== null && state.low === chain.height);
    this.#until(complete, (3 + n - left.length) * DEFAULT_TIMING.maxTimeout);
    for (const { disk } of left)
      finality.recovered({ hashAt: height => disk.blocks.get(height)?.block.hash });
  }

  #restart(replica: Replica): void {
    if (replica.state !== null || replica.dead) return;
    this.#counts.restarts++;
    replica.start();
    for (const { id } of this.#replicas)
      if (id !== replica.id) replica.handle({ type: 'connected', peer: id });
  }

  compacted(replica: Replica): void {
    this.#counts.compactions++;
    this.watch.rewritten(replica);
  }

  died(replica: Replica, why: Death): void {
    this.watch.note(`${replica.id} crashes`);
    if (why === 'for ever') return;
    this.#counts.crashes++;
    if (why === 'torn') this.#counts.tornWrites++;
    if (why === 'disk full') this.#counts.fullDisks++;
    if (this.#options.lostFsync) replica.disk.log.splice(-3);
    const [low, high] = this.#shape.down;
    this.later(this.#random.between(low, high), () => {
      if (replica.disk.full) this.died(replica, 'disk full');
      else this.#restart(replica);
    });
  }

  #tick(replica: Replica): void {
    this.later(TICK, () => this.#tick(replica));
    if (replica.state === null) return;
    this.watch.service.passed(this.#clock.now);
    this.#byzantine.get(replica.id)?.tick();
    replica.tick();
    if (this.#clock.now % PUSH < TICK) replica.pushOverdue();
  }

  #newBatch(): string {
    const digest = `batch ${this.#sent.size}`;
    this.#sent.add(digest);
    this.watch.service.sent(digest, this.#clock.now);
    return digest;
  }

  #client(): void {
    if (this.#closed) return;
    const [low, high] = this.#shape.load;
    const pause = Math.ceil(this.#random.between(low, high) * (this.network.phase.slower ?? 1));
    this.later(Math.min(pause, LONGEST_PAUSE), () => this.#client());
    const replica = this.#random.pick(this.#replicas);
    if (replica.state === null || this.#sent.size - this.watch.chain.batches > this.#mostWaiting) return;
    const digest = this.#newBatch();
    const signature = this.symbols.sign(CLIENT, batchSaying(digest));
    replica.addBatch(digest, signature);
    for (const { id } of this.#replicas)
      if (id !== replica.id) this.send(replica.id, id, { type: 'batch', digest, signature });
  }

  get #mostWaiting(): number {
    return this.#shape.profile === 'service' ? MOST_WAITING.service : MOST_WAITING.other;
  }

  crashPoint(records: number, rest: number): CrashPoint | null {
    if (this.network.healed || !this.#random.chance(this.#shape.crash)) return null;
    if (records > 0 && this.#random.chance(0.5))
      return { records: this.#random.between(0, records - 1), rest: 0 };
    return { records, rest: this.#random.between(0, rest) };
  }

  send(from: number, to: number, packet: Packet): void {
    this.network.send(from, to, packet);
  }
}
