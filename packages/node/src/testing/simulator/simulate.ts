import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Clock as LocalClock } from '../../consensus/input.ts';
import { epochOf, type Message } from '../../consensus/messages.ts';
import type { Own } from '../../engine/epochs.ts';
import { ByzantineWorld } from '../byzantine/wrapper.ts';
import { Clients } from './clients.ts';
import { Clock } from './clock.ts';
import { Council } from './council.ts';
import { zeroCounts } from './counts.ts';
import { Course } from './course.ts';
import { Expiry } from './expiry.ts';
import { GENESIS, SimulatedLedger } from './ledger.ts';
import { Mishaps } from './mishaps.ts';
import { Network } from './network.ts';
import type { Packet, Protocol } from './packets.ts';
import { Random } from './random.ts';
import { Replica } from './replica.ts';
import type { Options, Report } from './report.ts';
import { drawShape, membersOf, type Shape } from './shape.ts';
import { Snapshots } from './snapshots.ts';
import { RealSymbols, Symbols } from './symbolic.ts';
import { SymbolicVerifier } from './verifier.ts';
import { WallClocks } from './wall-clocks.ts';
import { Checkers } from './watch.ts';
import { Weather } from './weather.ts';
import type { CrashPoint, Death, Seen, World } from './world.ts';

const TICK = 100;
/** Overdue batches are sent to all again this often, ms. */
const PUSH = 2_000;
/** What has expired is given up this often, ms. */
const TEND = 1_000;
/** Parts the draws about expiry and snapshots from all others: a schedule without them stays what it was. */
const EXPIRY = 0x5eed;
const SNAPSHOTS = 0x57a7e;
/** Ms that a batch may wait under a slow leader, and under a censor: the rules that replace them, and a view change. */
const PATIENCE = { slow: 16_000, censor: 36_000 };
/** In one schedule of so many each replica has a ledger of its own. */
const APART = 6;
/** Blocks of an epoch that still count as its beginning. */
const EARLY = 3;

/**
 * Runs one schedule: real replicas on virtual time under the faults its seed draws, until enough blocks are final; then
 * the network heals, and everybody must converge; then the members change once more, all stop, f are lost, and the rest
 * must have everything. Throws `Violation` when a checker finds something.
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
  readonly ledger: SimulatedLedger;
  readonly members: number;
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
  /** Replicas dead for ever, or without memory; and those that ever were. */
  readonly #gone = new Set<number>();
  readonly #struck = new Set<number>();
  readonly #sent = new Set<string>();
  readonly #expiry: Expiry;
  readonly #snapshots: Random | null;

  constructor(protocol: Protocol, seed: number, n: number, commits: number, options: Options) {
    this.protocol = protocol;
    this.#options = options;
    this.#seed = seed;
    this.#random = new Random(seed);
    this.symbols = options.realSignatures ? new RealSymbols() : new Symbols();
    this.#shape = drawShape(this.#random, new Random(~seed), n, commits, options.profile);
    this.members = membersOf(this.#shape);
    this.#expiry = new Expiry(options.expiry ? new Random(seed ^ EXPIRY) : null, this.#shape.profile);
    this.#snapshots = options.snapshots ? new Random(seed ^ SNAPSHOTS) : null;
    const apart = seed % APART === 0;
    this.ledger = new SimulatedLedger(n, this.members, apart);
    if (apart) this.#counts.ownStates++;
    this.walls = new WallClocks(this.#random, this.members, this.#shape.drift);
    if (this.#shape.drift) this.#counts.drifts++;
    const keysOf = (epoch: number) => this.ledger.set(epoch)?.keys ?? null;
    this.#verifier = new SymbolicVerifier(this.symbols, this.ledger, keysOf);
    const guilty = new Set(this.#shape.faulty.flatMap(({ id, kind }) => (kind === 'byzantine' ? [id] : [])));
    this.watch = new Checkers({
      symbols: this.symbols,
      n,
      members: this.members,
      maxBytes: this.#shape.maxBytes,
      sent: this.#sent,
      guilty,
      counts: this.#counts,
      deaf: new Set(options.deaf),
      patience: this.#patience(),
      sound: () => this.#replicas.filter(({ id }) => !this.#struck.has(id) && !guilty.has(id)),
    });
    this.watch.onEvent = options.onEvent ?? null;
    const { window, term } = this.#shape;
    this.watch.observer = options.observe?.({ genesis: GENESIS, window, term, guilty, keysOf }) ?? null;
    this.watch.now = () => this.#clock.now;
    const most = Math.floor((n - 1) / 3) - guilty.size;
    this.watch.latestDate = () => this.walls.latestDate(this.#clock.now, most);
    this.#replicas = Array.from(
      { length: this.members },
      (_, id) => new Replica(this.#worldOf(id), id, this.#settings),
    );
    this.network = new Network(this.#clock, this.#random, this.#shape, this.#counts, this.#replicas);
  }

  #patience(): number {
    const { profile, faulty } = this.#shape;
    if (profile !== 'service') return Number.POSITIVE_INFINITY;
    return faulty[0]!.behaviours.includes('slow') ? PATIENCE.slow : PATIENCE.censor;
  }

  get #settings(): Own['settings'] {
    const { window, term, depth, maxBatches, maxBytes } = this.#shape;
    return { window, term, depth, maxBatches, maxBytes, fill: maxBytes, timing: DEFAULT_TIMING };
  }

  /** The world as one replica sees it: a Byzantine one has its behaviours in between. */
  #worldOf(id: number): World {
    const faulty = this.#shape.faulty.find(one => one.id === id && one.kind === 'byzantine');
    if (faulty === undefined) return this;
    const simulation = this;
    const world = new ByzantineWorld(this, faulty.behaviours, {
      id,
      members: this.members,
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
      publish: digest => this.#sent.add(digest),
    });
    this.#byzantine.set(id, world);
    return world;
  }

  get compaction(): boolean {
    return this.#shape.compaction;
  }

  clock(id: number): LocalClock {
    const { now } = this.#clock;
    return { now, wall: this.walls.read(id, now) };
  }

  later(delay: number, run: () => void): void {
    this.#clock.after(delay, run);
  }

  isExpired(digest: string): boolean {
    return this.#expiry.isExpired(digest, this.#clock.now, this.network.healed);
  }

  offers(): boolean {
    return true;
  }

  verify(from: number, message: Message, { seat, disk }: Seen): boolean {
    const epoch = epochOf(message);
    if (epoch !== null && epoch !== seat.config.epoch) {
      this.#counts.foreignEpochs++;
      const start = this.ledger.set(epoch)?.value.start ?? Number.POSITIVE_INFINITY;
      if (start > disk.height + 1) return false;
    }
    // What an honest replica says was checked when it heard it.
    if (!this.#options.realSignatures && !this.#byzantine.has(from)) return true;
    const sound = this.#verifier.verify(message);
    if (sound) return true;
    this.#counts.refused++;
    if (!this.ledger.set(this.ledger.newest)!.keys.includes(from)) this.#counts.strangers++;
    return false;
  }

  run(): Report {
    for (const replica of this.#replicas) {
      replica.start();
      this.later(this.#random.between(0, TICK), () => this.#tick(replica));
    }
    const [clock, random, shape, counts] = [this.#clock, this.#random, this.#shape, this.#counts];
    const common = { clock, random, shape, counts, network: this.network, replicas: this.#replicas };
    const { watch, walls, ledger, symbols } = this;
    const sent = this.#sent;
    const clients = new Clients({ ...common, symbols, watch, sent, life: this.#expiry.life });
    clients.run();
    const weather = new Weather(common);
    const restart = (replica: Replica) => this.#restart(replica);
    const target = { ...common, walls, watch, gone: this.#gone, struck: this.#struck, restart };
    const mishaps = new Mishaps(target);
    const byzantine = new Set(this.#byzantine.keys());
    if (this.#snapshots !== null) new Snapshots(target, this.#snapshots, byzantine);
    const council = new Council({ ...target, ledger, clients, weather, mishaps, byzantine });
    new Course({ ...target, ledger, clients, council, byzantine, sent }).run();
    this.#counts.refusedChanges += council.refused;
    this.#counts.repeatedBatches += this.watch.chain.repeated;
    return {
      seed: this.#seed,
      shape: this.#shape,
      counts: this.#counts,
      blocks: this.watch.chain.height,
      batches: this.watch.chain.batches,
      records: this.ledger.size,
      epochs: this.ledger.newest,
      time: this.#clock.now,
      trace: (this.watch.trace >>> 0).toString(16),
    };
  }

  #restart(replica: Replica): void {
    if (replica.state !== null || replica.dead) return;
    this.#counts.restarts++;
    replica.start();
    if (this.#isEarly(replica)) this.#counts.earlyRestarts++;
    for (const { id } of this.#replicas) if (id !== replica.id) replica.connected(id);
  }

  compacted(replica: Seen): void {
    this.#counts.compactions++;
    this.watch.rewritten(replica);
  }

  died({ id, disk }: Seen, why: Death): void {
    this.watch.note(`${id} crashes`);
    if (why === 'for ever') return;
    this.#counts.crashes++;
    if (why === 'torn') this.#counts.tornWrites++;
    if (why === 'disk full') this.#counts.fullDisks++;
    if (this.#options.lostFsync) disk.log.splice(-3);
    const [low, high] = this.#shape.down;
    const replica = this.#replicas[id]!;
    this.later(this.#random.between(low, high), () => {
      if (disk.full) this.died(replica, 'disk full');
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
    if (this.#clock.now % TEND >= TICK || !this.#expiry.happens) return;
    const { gone, kept } = replica.expire();
    this.#counts.expired += gone;
    this.#counts.keptInFlight += kept;
  }

  crashPoint(replica: Seen, records: number, rest: number): CrashPoint | null {
    const { crashes } = this.#options;
    if (crashes !== undefined)
      return this.network.healed || crashes.replica !== replica.id ? null : crashes.step(records, rest);
    const { crash, changeCrash } = this.#shape;
    const chance = this.#isEarly(replica) || replica.state?.closed ? Math.max(crash, changeCrash) : crash;
    if (this.network.healed || !this.#random.chance(chance)) return null;
    if (records > 0 && this.#random.chance(0.5))
      return { records: this.#random.between(0, records - 1), rest: 0 };
    return { records, rest: this.#random.between(0, rest) };
  }

  /** In an epoch that has just begun. */
  #isEarly({ state }: Seen): boolean {
    return state !== null && state.config.epoch > 0 && state.low < state.config.base.height + EARLY;
  }

  send(from: number, to: number, packet: Packet): void {
    this.network.send(from, to, packet);
  }
}
