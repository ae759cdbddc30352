import { connect, type Socket } from 'node:net';

/** What came back; the body is left as bytes, as reading it is not what a load generator is for. */
export interface Reply {
  readonly status: number;
  /** Seconds of Retry-After; null: none. */
  readonly retryAfter: number | null;
  readonly body: Buffer;
}

/**
 * One kept-alive HTTP/1.1 connection for one request at a time. `fetch` costs the generator as much as a node needs for
 * the whole record; this costs a tenth of it.
 */
export class Connection {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #have = 0;
  #need = -1;
  #settle: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', chunk => this.#take(chunk));
    const broken = (error?: Error) => {
      this.#settle?.reject(error ?? new Error('the node closed the connection'));
      this.#settle = null;
    };
    socket.on('error', broken);
    socket.on('close', () => broken());
  }

  /** A connection to a node, from one address of this machine if it is given. */
  static open(url: string, localAddress?: string): Promise<Connection> {
    const { hostname: host, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ port: Number(port), host, ...(localAddress && { localAddress }) });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Connection(socket)));
    });
  }

  get open(): boolean {
    return !this.#socket.destroyed;
  }

  get(path: string): Promise<Reply> {
    return this.#ask(`GET ${path} HTTP/1.1\r\nhost: bench\r\n\r\n`);
  }

  post(path: string, body: Uint8Array): Promise<Reply> {
    return this.#ask(
      `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/cbor\r\ncontent-length: ${body.length}\r\n\r\n`,
      body,
    );
  }

  #ask(head: string, body: Uint8Array = new Uint8Array(0)): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#settle !== null || !this.open) return reject(new Error('the connection is busy or closed'));
      this.#settle = { resolve, reject };
      this.#socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    if (this.#need < 0) {
      const all = Buffer.concat(this.#chunks);
      this.#chunks = [all];
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(all.toString('latin1', 0, end));
      if (length === null) {
        this.#socket.destroy(new Error('an answer without content-length'));
        return;
      }
      this.#need = end + 4 + Number(length[1]);
    }
    if (this.#have < this.#need) return;
    const all = Buffer.concat(this.#chunks);
    const end = all.indexOf('\r\n\r\n');
    const status = Number(all.toString('latin1', 9, 12));
    const later = status < 400 ? null : /\r\nretry-after: (\d+)/i.exec(all.toString('latin1', 0, end));
    const reply = {
      status,
      retryAfter: later === null ? null : Number(later[1]),
      body: all.subarray(end + 4),
    };
    this.#chunks = [];
    this.#have = 0;
    this.#need = -1;
    const settle = this.#settle;
    this.#settle = null;
    settle?.resolve(reply);
  }
}
