import type { Clock } from './clock.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Replica } from './replica.ts';
import type { Shape } from './shape.ts';
import { batchSaying, CLIENT, type Symbols } from './symbolic.ts';
import type { Checkers } from './watch.ts';

/** Clients pause no longer than this, ms. */
const LONGEST_PAUSE = 5_000;
/** Clients wait while this many of their batches are not ordered yet; where they watch, they never stop asking. */
const MOST_WAITING = { service: 1_000, other: 40 };

/** What clients have to do with. */
export interface Counter {
  readonly clock: Clock;
  readonly random: Random;
  readonly shape: Shape;
  readonly symbols: Symbols;
  readonly network: Network;
  readonly watch: Checkers;
  readonly replicas: readonly Replica[];
  /** Batches that anybody sent. */
  readonly sent: Set<string>;
  /** Ms after which a batch is given up. */
  readonly life: number;
}

/** Clients that bring batches to one replica each, at the pace of the shape. */
export class Clients {
  readonly #counter: Counter;
  /** True once the last batch was sent. */
  closed = false;
  /** Batches that lived so long and were not ordered by then. */
  #expired = 0;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  /** Virtual ms that a batch lives; may be infinite. */
  get life(): number {
    return this.#counter.life;
  }

  /** Begins to ask, and goes on until it is closed. */
  run(): void {
    if (this.closed) return;
    const { clock, random, shape, network, watch, sent } = this.#counter;
    const [low, high] = shape.load;
    const pause = Math.ceil(random.between(low, high) * (network.phase.slower ?? 1));
    clock.after(Math.min(pause, LONGEST_PAUSE), () => this.run());
    const most = shape.profile === 'service' ? MOST_WAITING.service : MOST_WAITING.other;
    const replica = random.pick(this.#counter.replicas);
    if (replica.state !== null && sent.size - watch.chain.batches - this.#expired <= most) this.send(replica);
  }

  /** One batch for one replica, which tells the others; gives its digest. */
  send(replica: Replica, digest = `batch ${this.#counter.sent.size}`): string {
    const { clock, symbols, network, watch, sent, replicas, life } = this.#counter;
    sent.add(digest);
    if (life < Number.POSITIVE_INFINITY)
      clock.after(life, () => {
        if (!watch.chain.has(digest)) this.#expired++;
      });
    watch.service.sent(digest, clock.now);
    const signature = symbols.sign(CLIENT, batchSaying(digest));
    replica.addBatch(digest, signature);
    for (const { id } of replicas)
      if (id !== replica.id) network.send(replica.id, id, { type: 'batch', digest, signature });
    return digest;
  }
}
