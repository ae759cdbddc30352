import { type Lane, MAX_FRAME_BYTES } from '../ports/transport.ts';
import { answerAtHalfWindow } from './cheaper-libp2p.ts';
import type { TransportCounters } from './counters.ts';
import type { TransportEventCode } from './events.ts';
import { FrameReader, laneOf } from './framing.ts';
import type { Connection, Stream } from './host.ts';
import { Outbox, type QueueLimits } from './outbox.ts';

/** A half-received frame, or a stream without its first byte, may stand this long, ms. */
export const READ_DEADLINE = 10_000;
/** A member that is not heard of for this long, ms, is lost, though its connection may look open. */
const SILENCE = 15_000;
/** Without other frames we are heard of this often, ms. */
const KEEP_ALIVE_INTERVAL = 3000;

/** What a link is made of. */
export interface LinkInit {
  readonly connection: Connection;
  readonly protocol: string;
  readonly counters: TransportCounters;
  readonly limits: QueueLimits;
  /** The other side let us in: called once at most, before any frame. */
  readonly onReady: () => void;
  readonly onFrame: (frame: Uint8Array) => void;
  /** Called once, whoever closed it. */
  readonly onClosed: (code: TransportEventCode, detail: string) => void;
}

interface Inbound {
  reader: FrameReader | undefined;
  lane: Lane | undefined;
  /** When the first byte of what is incomplete came. */
  waitingSince: number | undefined;
}

/** One connection to one member: a stream out and one in for each lane. All of it lives or none. */
export class Link {
  readonly #init: LinkInit;
  readonly #outboxes: Readonly<Record<Lane, Outbox>>;
  readonly #inbound: Inbound[] = [];
  #heard = performance.now();
  #spoke = performance.now();
  #frames = 0;
  #ready = false;
  #closed = false;

  constructor(init: LinkInit) {
    this.#init = init;
    const outbox = (lane: Lane) =>
      new Outbox({
        lane,
        limit: init.limits[lane],
        counters: init.counters,
        onOverflow: () => this.close('votes-overflow', `more than ${init.limits[lane]} bytes of votes wait`),
        onFailure: error => this.close('stream-failed', text(error)),
      });
    this.#outboxes = { votes: outbox('votes'), bulk: outbox('bulk') };
    init.connection.addEventListener('close', () => this.close('peer-lost', 'the connection closed'));
    void this.#open('votes');
    void this.#open('bulk');
  }

  /** Whether frames can be sent. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Queues a frame. */
  send(frame: Uint8Array, lane: Lane): void {
    this.#spoke = performance.now();
    this.#outboxes[lane].push(frame);
  }

  /** Takes a stream that the other side opened. */
  accept(stream: Stream): void {
    const inbound: Inbound = { reader: undefined, lane: undefined, waitingSince: performance.now() };
    this.#inbound.push(inbound);
    answerAtHalfWindow(stream);
    stream.addEventListener('close', () => this.close('peer-lost', 'the other side closed a stream'));
    stream.addEventListener('remoteCloseWrite', () =>
      this.close('peer-lost', 'the other side ended a stream'),
    );
    stream.addEventListener('message', event => {
      // A list iterates over its parts, an array over its bytes.
      const parts = event.data instanceof Uint8Array ? [event.data] : event.data;
      for (const part of parts) if (!this.#closed) this.#take(inbound, part);
    });
  }

  /** Looks at the deadlines; called about once a second. */
  check(now: number): void {
    if (this.#inbound.some(({ waitingSince }) => now - (waitingSince ?? now) > READ_DEADLINE)) {
      this.#misbehaved('read-deadline', `a frame was not complete within ${READ_DEADLINE} ms`);
    } else if (now - this.#heard > SILENCE) {
      this.close('peer-silent', `nothing was heard for ${SILENCE} ms`);
    } else if (now - this.#spoke >= KEEP_ALIVE_INTERVAL) {
      this.#spoke = now;
      this.#outboxes.votes.keepAlive();
    }
  }

  /** Closes the connection at once; what waits is dropped. */
  close(code: TransportEventCode, detail: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#outboxes.votes.close();
    this.#outboxes.bulk.close();
    this.#init.connection.abort(new Error(detail));
    this.#init.onClosed(code, detail);
  }

  async #open(lane: Lane): Promise<void> {
    try {
      const stream = await this.#init.connection.newStream(this.#init.protocol);
      if (this.#closed) return;
      stream.addEventListener('close', () => this.close('peer-lost', 'a stream closed'));
      this.#outboxes[lane].attach(stream);
      this.#becomeReady();
    } catch (error) {
      this.close('stream-failed', text(error));
    }
  }

  /** A stream in either direction shows that the other side let us in: a handshake alone does not show it to a dialer. */
  #becomeReady(): void {
    if (this.#ready || this.#closed) return;
    this.#ready = true;
    this.#init.onReady();
  }

  #take(inbound: Inbound, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#heard = performance.now();
    let rest = bytes;
    if (inbound.reader === undefined) {
      inbound.reader = this.#announce(inbound, bytes[0] as number);
      if (inbound.reader === undefined) return;
      rest = bytes.subarray(1);
    }
    const reader = inbound.reader;
    const wasMidFrame = reader.midFrame;
    const framesBefore = this.#frames;
    const pushed = reader.push(rest);
    if (!pushed.ok) this.#misbehaved('frame-too-large', pushed.fault.detail);
    else if (!reader.midFrame) inbound.waitingSince = undefined;
    else if (!wasMidFrame || this.#frames !== framesBefore) inbound.waitingSince = this.#heard;
  }

  #announce(inbound: Inbound, byte: number): FrameReader | undefined {
    const named = laneOf(byte);
    if (!named.ok) {
      this.#misbehaved('lane-unknown', named.fault.detail);
      return undefined;
    }
    const lane = named.value;
    if (this.#inbound.some(other => other.lane === lane)) {
      this.#misbehaved('lane-repeated', `a second stream for ${lane}`);
      return undefined;
    }
    inbound.lane = lane;
    this.#becomeReady();
    const totals = this.#init.counters.lanes[lane];
    return new FrameReader(MAX_FRAME_BYTES[lane], frame => {
      if (this.#closed) return;
      this.#frames++;
      totals.framesIn++;
      totals.bytesIn += frame.length;
      this.#init.onFrame(frame);
    });
  }

  #misbehaved(code: TransportEventCode, detail: string): void {
    if (this.#closed) return;
    this.#init.counters.misbehaved++;
    this.close(code, detail);
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
