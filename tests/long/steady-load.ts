import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { nativeSuite } from '@qifeng/core/native';
import { Connection } from '../../bench/load/connection.ts';
import type { Write } from '../chaos/load/operations.ts';
import type { Network } from '../end-to-end/network.ts';
import { Publisher } from '../end-to-end/publisher.ts';

/** Ms before the same bytes are sent again. */
const AGAIN_MS = 100;
/** Ms that a load may be late; what it did not send by then it does not make up for. */
const MOST_DEBT_MS = 1_000;
/** Ms after which a record that no node made final is given up: a promise is broken. */
const GIVE_UP_MS = 180_000;
/** Ms that a submission lives beyond that: few enough that many expire while a load lasts. */
const LIFE_BEYOND_MS = 120_000;
const PATH = '/v1/submissions?wait=final';

/** How a load is made. */
export interface LoadPlan {
  /** Submissions a second; infinity: each worker sends its next when the last is final. */
  readonly rate: number;
  /** Submissions under way at most. */
  readonly workers: number;
  /** Records under one signature; 1 if left out. */
  readonly entries?: number;
  /** One receipt in so many is kept. */
  readonly keepEvery: number;
  /** Ms after which a submission that is not final is given up; 180,000 if left out. */
  readonly giveUpMs?: number;
}

interface Answered {
  readonly height: number;
  readonly receipts: readonly { readonly index: number; readonly proof: string }[];
}

/**
 * Publishes documents at a steady rate through any of the nodes given, and sends the same bytes until they are final,
 * through other nodes too: what it counts was acknowledged with a receipt.
 */
export class SteadyLoad {
  /** Receipts that were kept, and what they are of. */
  readonly kept: Write[] = [];
  /** Records that were never final, and refusals that say that trying again is vain. */
  readonly problems: string[] = [];
  /** Records acknowledged. */
  done = 0;
  /** Times that bytes were sent again, because a node had no answer to them yet, or none at all. */
  again = 0;
  /** When the first receipt of each block came, in ms, by its height. */
  readonly blocks = new Map<number, number>();
  /** Submissions a second, as `LoadPlan` says; may be changed. */
  rate: number;
  readonly #urls: () => readonly string[];
  readonly #plan: LoadPlan;
  readonly #publisher: Publisher;
  readonly #workers: readonly Promise<void>[];
  #latencies: number[] = [];
  #due = performance.now();
  #stopped = false;

  constructor(network: Network, urls: () => readonly string[], plan: LoadPlan) {
    this.#urls = urls;
    this.#plan = plan;
    this.rate = plan.rate;
    this.#publisher = new Publisher(network);
    this.#workers = Array.from({ length: plan.workers }, (_, i) => this.#work(i));
  }

  get workers(): number {
    return this.#workers.length;
  }

  get publisher(): string {
    return this.#publisher.id;
  }

  /** Ms from sending to the receipts of every submission since the last call. */
  takeLatencies(): readonly number[] {
    const taken = this.#latencies;
    this.#latencies = [];
    return taken;
  }

  /** Lets every worker finish what it has begun. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#workers);
  }

  async #work(home: number): Promise<void> {
    let connection: Connection | null = null;
    for (await this.#turn(); !this.#stopped; await this.#turn())
      connection = await this.#untilFinal(this.#documents(), home, connection);
    connection?.close();
  }

  #documents(): readonly Uint8Array[] {
    return Array.from({ length: this.#plan.entries ?? 1 }, () => new Uint8Array(randomBytes(64)));
  }

  /** Waits until the next submission is due. */
  #turn(): Promise<unknown> {
    const now = performance.now();
    const due = Math.max(this.#due, now - MOST_DEBT_MS);
    this.#due = due + 1000 / this.rate;
    return due > now ? pause(due - now) : Promise.resolve();
  }

  /**
   * Sends documents until they are final: to the worker's own node, over the connection it has, then to the next ones. Gives
   * back the connection to its own node, so that each node has as many as ever.
   */
  async #untilFinal(
    documents: readonly Uint8Array[],
    home: number,
    held: Connection | null,
  ): Promise<Connection | null> {
    const giveUpMs = this.#plan.giveUpMs ?? GIVE_UP_MS;
    const expires = Date.now() + giveUpMs + LIFE_BEYOND_MS;
    const entries = documents.map(document => this.#publisher.entry(document));
    const wire = this.#publisher.signAll(entries, { expires });
    const invoked = performance.now();
    let connection = held;
    for (let attempt = 0; performance.now() - invoked < giveUpMs; attempt++) {
      const urls = this.#urls();
      try {
        connection ??= await Connection.open(urls[(home + attempt) % urls.length]!);
        const { status, body } = await connection.post(PATH, wire);
        const done = status === 200;
        if (done) this.#acknowledge(documents, invoked, JSON.parse(body.toString()) as Answered);
        if (!done && status !== 429 && status < 500) this.problems.push(`refused with ${status}: ${body}`);
        else if (!done) throw new Error(`not now: ${status}`);
        if (attempt === 0) return connection;
        connection.close();
        return null;
      } catch {
        // The node is down, or has no quorum or no room now.
        connection?.close();
        connection = null;
        this.again++;
        await pause(AGAIN_MS);
      }
    }
    this.problems.push(`a submission was not final after ${giveUpMs} ms`);
    return null;
  }

  #acknowledge(documents: readonly Uint8Array[], invoked: number, { height, receipts }: Answered): void {
    const ended = performance.now();
    this.#latencies.push(ended - invoked);
    if (!this.blocks.has(height)) this.blocks.set(height, ended);
    for (const [i, document] of documents.entries()) {
      if (this.done++ % this.#plan.keepEvery !== 0) continue;
      const digest = Buffer.from(nativeSuite.hasher.digest(document)).toString('hex');
      this.kept.push({
        type: 'write',
        subject: `${this.publisher}/${digest}`,
        digest,
        invoked,
        ended,
        acknowledged: { seat: 0, disk: 0, height, ...receipts[i]! },
      });
    }
  }
}
