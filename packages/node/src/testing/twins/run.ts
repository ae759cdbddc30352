import { DEFAULT_TIMING } from '../../consensus/config.ts';
import type { Own } from '../../engine/epochs.ts';
import { UNWATCHED } from '../byzantine/wrapper.ts';
import { Clock } from '../simulator/clock.ts';
import { zeroCounts } from '../simulator/counts.ts';
import { SimulatedLedger } from '../simulator/ledger.ts';
import type { Packet, Protocol } from '../simulator/packets.ts';
import { Random } from '../simulator/random.ts';
import { Replica } from '../simulator/replica.ts';
import { batchSaying, CLIENT, Symbols } from '../simulator/symbolic.ts';
import { Checkers } from '../simulator/watch.ts';
import type { World } from '../simulator/world.ts';
import { drawScenario, type Round, type Scenario } from './scenario.ts';

const TICK = 100;
/** Bytes of the bodies of a block. */
const MAX_BYTES = 1_000;
/** Ms between batches of clients, who speak to one instance each. */
const LOAD = 60;

/** What a scenario did. */
export interface TwinsReport {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly blocks: number;
  readonly viewChanges: number;
  /** How often an honest replica named a doubled identity. */
  readonly accused: number;
  readonly trace: string;
}

/** How a scenario is watched. */
export interface TwinsOptions {
  readonly deaf?: readonly string[];
  readonly n?: number;
}

/**
 * Runs one Twins scenario: copies of honest replicas that share a key but neither memory nor network. Safety alone is
 * checked, at the identities that run once. Throws `Violation`.
 */
export function runTwins(
  protocol: Protocol,
  seed: number,
  { deaf = [], n = 4 }: TwinsOptions = {},
): TwinsReport {
  return new TwinsRun(protocol, seed, n, new Set(deaf)).run();
}

class TwinsRun {
  readonly #protocol: Protocol;
  readonly #seed: number;
  readonly #random: Random;
  readonly #scenario: Scenario;
  readonly #clock = new Clock();
  readonly #symbols = new Symbols();
  readonly #ledger: SimulatedLedger;
  readonly #counts = zeroCounts();
  readonly #watch: Checkers;
  readonly #sent = new Set<string>();
  readonly #instances: readonly Replica[];
  #round: Round;

  constructor(protocol: Protocol, seed: number, n: number, deaf: ReadonlySet<string>) {
    this.#protocol = protocol;
    this.#seed = seed;
    this.#random = new Random(seed);
    this.#scenario = drawScenario(this.#random, n);
    this.#ledger = new SimulatedLedger(n, n);
    this.#round = this.#scenario.rounds[0]!;
    const guilty = new Set(this.#scenario.twins);
    this.#watch = new Checkers({
      symbols: this.#symbols,
      n,
      members: n,
      maxBytes: MAX_BYTES,
      sent: this.#sent,
      guilty,
      counts: this.#counts,
      deaf,
      patience: Number.POSITIVE_INFINITY,
      sound: () => this.#instances.filter(({ id }) => !guilty.has(id)),
    });
    this.#watch.now = () => this.#clock.now;
    this.#instances = this.#scenario.instances.map(
      (me, place) => new Replica(this.#worldOf(place, guilty.has(me)), me, this.#settings),
    );
  }

  get #settings(): Own['settings'] {
    const { term } = this.#scenario;
    return {
      window: 8,
      depth: 8,
      term,
      maxBatches: 100,
      maxBytes: MAX_BYTES,
      fill: MAX_BYTES,
      timing: DEFAULT_TIMING,
    };
  }

  /** The world of one instance: messages for an identity reach each of its instances in the sender's group. */
  #worldOf(place: number, double: boolean): World {
    return {
      protocol: this.#protocol,
      symbols: this.#symbols,
      ledger: this.#ledger,
      members: this.#scenario.n,
      watch: double ? UNWATCHED : this.#watch,
      compaction: false,
      clock: () => ({ now: this.#clock.now, wall: this.#clock.now }),
      verify: () => true,
      offers: () => true,
      isExpired: () => false,
      later: (delay, run) => this.#clock.after(delay, run),
      crashPoint: () => null,
      compacted: () => {},
      died: () => {},
      send: (from, to, packet) => this.#send(place, from, to, packet),
    };
  }

  #send(place: number, from: number, to: number, packet: Packet): void {
    const { groups, lost } = this.#round;
    const kind = packet.type === 'vote' ? packet.vote.kind : packet.type;
    if (kind === lost) return;
    this.#instances.forEach((instance, other) => {
      if (instance.id !== to || groups[other] !== groups[place]) return;
      this.#clock.after(this.#random.between(1, 15), () => instance.receive(from, packet));
    });
  }

  run(): TwinsReport {
    for (const instance of this.#instances) {
      instance.start();
      this.#clock.after(this.#random.between(0, TICK), () => this.#tick(instance));
    }
    this.#client();
    for (const round of this.#scenario.rounds) this.#play(round);
    return {
      seed: this.#seed,
      scenario: this.#scenario,
      blocks: this.#watch.chain.height,
      viewChanges: this.#counts.viewChanges,
      accused: this.#counts.accused,
      trace: (this.#watch.trace >>> 0).toString(16),
    };
  }

  #play(round: Round): void {
    this.#round = round;
    const views = this.#instances.map(({ state }) => state!.view);
    const end = this.#clock.now + round.most;
    const left = (): boolean => this.#instances.every(({ state }, i) => state!.view > views[i]!);
    while (this.#clock.now < end && !left()) this.#clock.advance();
  }

  #tick(instance: Replica): void {
    this.#clock.after(TICK, () => this.#tick(instance));
    instance.tick();
  }

  /** Each batch goes to one instance first, so that two instances of a leader propose different blocks. */
  #client(): void {
    this.#clock.after(LOAD, () => this.#client());
    const instance = this.#random.pick(this.#instances);
    const digest = `batch ${this.#sent.size}`;
    this.#sent.add(digest);
    const signature = this.#symbols.sign(CLIENT, batchSaying(digest));
    instance.addBatch(digest, signature);
    const place = this.#instances.indexOf(instance);
    for (let to = 0; to < this.#scenario.n; to++)
      if (to !== instance.id) this.#send(place, instance.id, to, { type: 'batch', digest, signature });
  }
}
