import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What a link does to the bytes of one direction. */
export interface Condition {
  /** Bytes wait and none is lost, as with packets that are sent again until somebody answers. */
  readonly stalled: boolean;
  /** Ms by which every byte is late. */
  readonly delay: number;
  /** Bytes a second at most. */
  readonly rate: number;
}

/** A link as good as the loopback. */
export const GOOD: Condition = { stalled: false, delay: 0, rate: Number.POSITIVE_INFINITY };
/** What a proxy did to those who speak through it: connections ended and refused, bytes held back and bytes that were late. */
export interface Harm {
  readonly ended: number;
  readonly refused: number;
  readonly stalled: number;
  readonly late: number;
}

/** The two directions of a link: from who dials, and to who dials. */
export type Direction = 'forth' | 'back';
/** Bytes on their way in one direction above which the sender has to wait. */
const MOST_QUEUED = 256 * 1024;

interface Late {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** One direction of one connection. */
class Pipe {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #condition: () => Condition;
  readonly #harmed: (how: 'stalled' | 'late', bytes: number) => void;
  readonly #queue: Late[] = [];
  #queued = 0;
  /** When the line has carried everything that was given to it. */
  #idleAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    source: Socket,
    sink: Socket,
    condition: () => Condition,
    harmed: (how: 'stalled' | 'late', bytes: number) => void,
  ) {
    this.#harmed = harmed;
    this.#source = source;
    this.#sink = sink;
    this.#condition = condition;
    source.on('data', bytes => this.#take(new Uint8Array(bytes as Buffer)));
    source.on('close', () => {
      clearTimeout(this.#timer);
      sink.destroy();
    });
    source.on('error', () => {});
    sink.on('drain', () => this.flow());
  }

  /** Passes on what is due. */
  flow(): void {
    clearTimeout(this.#timer);
    const { stalled } = this.#condition();
    while (!stalled && this.#queue.length > 0 && this.#sink.writableLength < MOST_QUEUED) {
      const wait = this.#queue[0]!.at - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.flow(), Math.ceil(wait));
        break;
      }
      const { bytes } = this.#queue.shift()!;
      this.#queued -= bytes.length;
      if (!this.#sink.destroyed) this.#sink.write(bytes);
    }
    if (this.#queued < MOST_QUEUED) this.#source.resume();
  }

  #take(bytes: Uint8Array): void {
    const { delay, rate, stalled } = this.#condition();
    const now = performance.now();
    if (stalled) this.#harmed('stalled', bytes.length);
    else if (delay > 0 || Number.isFinite(rate)) this.#harmed('late', bytes.length);
    this.#idleAt = Math.max(this.#idleAt, now) + (bytes.length * 1000) / rate;
    // What is late keeps its order, though the link has become better meanwhile.
    const at = Math.max(this.#queue.at(-1)?.at ?? 0, this.#idleAt + delay);
    this.#queue.push({ bytes, at });
    this.#queued += bytes.length;
    if (this.#queued >= MOST_QUEUED) this.#source.pause();
    this.flow();
  }
}

/** A TCP proxy in front of one port that can be told to behave badly. */
export class LinkProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #conditions: Record<Direction, Condition> = { forth: GOOD, back: GOOD };
  readonly #sockets = new Set<Socket>();
  readonly #pipes = new Set<Pipe>();
  readonly #harm = { ended: 0, refused: 0, stalled: 0, late: 0 };
  #cut = false;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on('connection', socket => this.#open(socket));
  }

  /** A proxy that listens on a free port of the loopback. */
  static async to(target: number): Promise<LinkProxy> {
    const server = createServer();
    const proxy = new LinkProxy(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections through it now. */
  get connections(): number {
    return this.#pipes.size / 2;
  }

  /** What it has done so far. */
  get harm(): Harm {
    return { ...this.#harm };
  }

  /** From now on, one direction is like this, for connections old and new. */
  set(direction: Direction, condition: Partial<Condition>): void {
    this.#conditions[direction] = { ...this.#conditions[direction], ...condition };
    for (const pipe of this.#pipes) pipe.flow();
  }

  /** Ends all connections and lets none through until `heal`. */
  cut(): void {
    this.#cut = true;
    this.reset();
  }

  /** Ends all connections; new ones may be made at once. */
  reset(): void {
    this.#harm.ended += this.connections;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** As good as new. Connections made through a stalled link go on. */
  heal(): void {
    this.#cut = false;
    this.set('forth', GOOD);
    this.set('back', GOOD);
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #open(near: Socket): void {
    if (this.#cut) {
      this.#harm.refused++;
      near.on('error', () => {});
      near.destroy();
      return;
    }
    const far = connect({ port: this.#target, host: '127.0.0.1' });
    const harmed = (how: 'stalled' | 'late', bytes: number): void => {
      this.#harm[how] += bytes;
    };
    const pipes = [
      new Pipe(near, far, () => this.#conditions.forth, harmed),
      new Pipe(far, near, () => this.#conditions.back, harmed),
    ];
    for (const pipe of pipes) this.#pipes.add(pipe);
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const pipe of pipes) this.#pipes.delete(pipe);
      });
    }
  }
}
