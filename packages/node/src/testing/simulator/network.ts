import type { Clock } from './clock.ts';
import type { Counts } from './counts.ts';
import type { Packet } from './packets.ts';
import { type Label, type Phase, QUIET } from './phases.ts';
import type { Random } from './random.ts';
import type { Replica } from './replica.ts';
import { membersOf, type Shape } from './shape.ts';

/** Links between replicas: they lose, delay, duplicate and reorder, each message by the seed's choice. */
export class Network {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #shape: Shape;
  readonly #counts: Counts;
  readonly #replicas: readonly Replica[];
  readonly #lastArrival: number[];
  /** How often each link was reset: what was under way then never arrives. */
  readonly #resets: number[];
  phase: Phase = QUIET;
  /** True once nothing is lost any more. */
  healed = false;

  constructor(clock: Clock, random: Random, shape: Shape, counts: Counts, replicas: readonly Replica[]) {
    this.#clock = clock;
    this.#random = random;
    this.#shape = shape;
    this.#counts = counts;
    this.#replicas = replicas;
    const links = membersOf(shape) ** 2;
    this.#lastArrival = Array.from({ length: links }, () => 0);
    this.#resets = Array.from({ length: links }, () => 0);
  }

  send(from: number, to: number, packet: Packet): void {
    const { loss, duplication, delay } = this.#shape;
    const random = this.#random;
    if (this.healed) {
      this.#deliver(from, to, packet, random.between(delay[0], delay[1]));
      return;
    }
    if (random.chance(Math.max(this.phase.loss(from, to, labelOf(packet)), loss))) {
      this.#counts.lost++;
      return;
    }
    const late = this.phase.late?.(from, to, labelOf(packet)) ?? 0;
    if (late > 0) this.#counts.slowed++;
    this.#deliver(from, to, packet, late + random.between(delay[0], delay[1]));
    if (random.chance(duplication)) {
      this.#counts.duplicated++;
      this.#deliver(from, to, packet, random.between(delay[0], delay[1] * 10));
    }
  }

  /** Streams between two replicas break: what is under way is lost, and both hear of the new connection. */
  reset(a: number, b: number): void {
    this.#counts.resets++;
    for (const link of [this.#link(a, b), this.#link(b, a)]) this.#resets[link]!++;
    this.#replicas[a]!.connected(b);
    this.#replicas[b]!.connected(a);
  }

  #link(from: number, to: number): number {
    return from * this.#replicas.length + to;
  }

  #deliver(from: number, to: number, packet: Packet, delay: number): void {
    const link = this.#link(from, to);
    const arrival = this.#clock.now + delay;
    if (arrival < this.#lastArrival[link]!) this.#counts.reordered++;
    else this.#lastArrival[link] = arrival;
    const replica = this.#replicas[to]!;
    const { life } = replica;
    const resets = this.#resets[link];
    this.#clock.after(delay, () => {
      // A packet for an earlier life is lost with its connection.
      if (replica.life === life && this.#resets[link] === resets) replica.receive(from, packet);
    });
  }
}

function labelOf(packet: Packet): Label {
  if (packet.type === 'batch' || packet.type === 'batch-request') return 'host';
  return packet.type === 'vote' ? packet.vote.kind : packet.type;
}
