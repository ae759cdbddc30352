import { Connection, type Reply } from '../../bench/load/connection.ts';

/** Addresses of this machine that the clients come from: the limits of one address are not what is tried here. */
const ADDRESSES = 8;
/** Ms between two looks at what is due. */
const TURN_MS = 2;
const PATH = '/v1/submissions';

/** An answer that took nothing in. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter: number | null;
  /** From the sending of the request to its answer. */
  readonly ms: number;
}

/** One client, and how it comes to a connection; null: it has sent nothing yet. */
interface Client {
  readonly open: () => Promise<Connection>;
  connection: Connection | null;
}

/**
 * An open loop of many clients on kept connections: so many submissions a second are sent whether or not others were
 * answered. What a node refuses is sent again when its turn comes, so that far fewer have to be signed than are offered.
 */
export class Flood {
  readonly refusals: Refusal[] = [];
  /** Submissions sent, those that a node took in, and those that were due while every client waited for an answer. */
  offered = 0;
  taken = 0;
  late = 0;
  /** Connections that ended while a request was under way. */
  broken = 0;
  /** Times that no bytes were left that no node had taken in. */
  dry = 0;
  /** Seconds over which they were sent. */
  seconds = 0;
  readonly #free: Client[];
  readonly #wires: Uint8Array[];

  /** So many clients of nodes in turn, with these submissions to offer. */
  constructor(urls: readonly string[], clients: number, wires: readonly Uint8Array[]) {
    this.#free = Array.from({ length: clients }, (_, i) => {
      const url = urls[i % urls.length]!;
      const address = `127.0.0.${1 + (Math.floor(i / urls.length) % ADDRESSES)}`;
      return { open: () => Connection.open(url, address), connection: null };
    });
    this.#wires = [...wires];
  }

  /** Offers `rate` submissions a second for `ms`, and waits for the last answers. */
  async run(rate: number, ms: number): Promise<void> {
    const begin = performance.now();
    const under = new Set<Promise<void>>();
    for (let due = 0; performance.now() - begin < ms; ) {
      const now = Math.floor(((performance.now() - begin) * rate) / 1000);
      for (; due < now; due++) {
        const client = this.#free.shift();
        if (client === undefined) this.late++;
        else {
          const sent: Promise<void> = this.#send(client).finally(() => under.delete(sent));
          under.add(sent);
        }
      }
      await new Promise(resolve => setTimeout(resolve, TURN_MS));
    }
    this.seconds = (performance.now() - begin) / 1000;
    await Promise.all(under);
    for (const { connection } of this.#free) connection?.close();
  }

  async #send(client: Client): Promise<void> {
    const wire = this.#wires.shift();
    if (wire === undefined) {
      this.dry++;
      this.#free.push(client);
      return;
    }
    this.offered++;
    let start = 0;
    let reply: Reply;
    try {
      // A node closes a connection that stood still for long, or on which nothing is asked.
      if (client.connection?.open !== true) client.connection = await client.open();
      start = performance.now();
      reply = await client.connection.post(PATH, wire);
    } catch {
      this.broken++;
      return;
    }
    this.#free.push(client);
    if (reply.status === 202 || reply.status === 200) this.taken++;
    else {
      this.#wires.push(wire);
      const { status, retryAfter } = reply;
      this.refusals.push({ status, retryAfter, ms: performance.now() - start });
    }
  }
}
