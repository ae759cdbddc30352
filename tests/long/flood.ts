import { Connection, type Reply } from '../../bench/load/connection.ts';

/** Addresses of this machine that the clients come from: the limits of one address are not what is tried here. */
const ADDRESSES = 8;
/** Ms between two looks at what is due. */
const TURN_MS = 2;
/** Clients that connect at once before the flood: a node accepts one connection in a turn of its event loop, as Node does. */
const CONNECTING = 4;
/** Ms between two that come only during the flood. */
const NEWCOMER_MS = 250;
const PATH = '/v1/submissions';

/** An answer that took nothing in. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter: number | null;
  /** From the sending of the request to its answer. */
  readonly ms: number;
}

/** One client, and how it comes to a connection; null: it has none yet. */
interface Client {
  readonly open: () => Promise<Connection>;
  connection: Connection | null;
}

/**
 * An open loop of many clients on kept connections: so many submissions a second are sent whether or not others were
 * answered. What a node refuses is sent again when its turn comes, so that far fewer have to be signed than are offered.
 * Beside them a newcomer now and then opens a connection of its own.
 */
export class Flood {
  readonly refusals: Refusal[] = [];
  /** Ms from a newcomer's first try to connect to its answer, whatever that was. */
  readonly newcomers: number[] = [];
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
  readonly #urls: readonly string[];

  /** So many clients of nodes in turn, with these submissions to offer. */
  constructor(urls: readonly string[], clients: number, wires: readonly Uint8Array[]) {
    this.#free = Array.from({ length: clients }, (_, i) => {
      const url = urls[i % urls.length]!;
      const address = `127.0.0.${1 + (Math.floor(i / urls.length) % ADDRESSES)}`;
      return { open: () => Connection.open(url, address), connection: null };
    });
    this.#wires = [...wires];
    this.#urls = urls;
  }

  /** Has every client connected and known to its node. */
  async connect(): Promise<void> {
    const clients = [...this.#free];
    const some = async (): Promise<void> => {
      for (let client = clients.shift(); client !== undefined; client = clients.shift()) {
        client.connection = await client.open();
        await client.connection.get('/healthz');
      }
    };
    await Promise.all(Array.from({ length: CONNECTING }, some));
  }

  /** Offers `rate` submissions a second for `ms`, and waits for the last answers. */
  async run(rate: number, ms: number): Promise<void> {
    const begin = performance.now();
    const under = new Set<Promise<void>>();
    const send = (client: Client, after: () => void): void => {
      const sent: Promise<void> = this.#send(client)
        .then(after)
        .finally(() => under.delete(sent));
      under.add(sent);
    };
    let came = 0;
    const newcomers = setInterval(() => {
      const url = this.#urls[came++ % this.#urls.length]!;
      const start = performance.now();
      const client: Client = { open: () => Connection.open(url), connection: null };
      send(client, () => {
        this.newcomers.push(performance.now() - start);
        client.connection?.close();
      });
    }, NEWCOMER_MS);
    for (let due = 0; performance.now() - begin < ms; ) {
      const now = Math.floor(((performance.now() - begin) * rate) / 1000);
      for (; due < now; due++) {
        const client = this.#free.shift();
        if (client === undefined) this.late++;
        else send(client, () => this.#free.push(client));
      }
      await new Promise(resolve => setTimeout(resolve, TURN_MS));
    }
    clearInterval(newcomers);
    this.seconds = (performance.now() - begin) / 1000;
    await Promise.all(under);
    for (const { connection } of this.#free) connection?.close();
  }

  async #send(client: Client): Promise<void> {
    const wire = this.#wires.shift();
    if (wire === undefined) {
      this.dry++;
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
      client.connection = null;
      return;
    }
    if (reply.status === 202 || reply.status === 200) this.taken++;
    else {
      this.#wires.push(wire);
      const { status, retryAfter } = reply;
      this.refusals.push({ status, retryAfter, ms: performance.now() - start });
    }
  }
}
