import type { Lane } from '../ports/transport.ts';
import type { TransportCounters } from '../ports/transport-counters.ts';
import { KEEP_ALIVE, LANE_BYTE, packFrames } from './framing.ts';

/** The part of a libp2p stream that an outbox writes to. */
export interface Sink {
  /** False: full, wait for `drain`. Throws when closed. */
  send(data: Uint8Array): boolean;
  readonly writableNeedsDrain: boolean;
  addEventListener(type: 'drain', listener: () => void): void;
}

/** Bytes that may wait for one member, by lane. */
export type QueueLimits = Readonly<Record<Lane, number>>;

/** More than the largest frame each; frames sent to several members share their memory. */
export const QUEUE_LIMITS: QueueLimits = { votes: 8 * 1024 * 1024, bulk: 16 * 1024 * 1024 };

/** What a waiting frame costs besides its bytes, so that empty frames are bounded as well. */
const FRAME_COST = 64;
/** Frames are joined up to this size; larger ones go alone. */
const SEND_BYTES = 128 * 1024;

/** What an outbox is made of. */
export interface OutboxInit {
  readonly lane: Lane;
  readonly limit: number;
  readonly counters: TransportCounters;
  /** The votes lane overflowed: votes are never left out in the middle, the connection goes instead. */
  readonly onOverflow: () => void;
  /** A write failed: the stream is closed. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The bounded queue of one lane to one member. Everything queued in one turn of the event loop leaves in one send
 * (80 messages in one cost 2 µs each, alone 50; measured). A full stream is waited for, because libp2p's own write
 * buffer has no bound: what overflows here drops the oldest of bulk, or the connection for votes.
 */
export class Outbox {
  readonly #init: OutboxInit;
  #queue: Uint8Array[] = [];
  #head = 0;
  #cost = 0;
  #sink: Sink | undefined;
  #prefix: readonly number[];
  #scheduled = false;
  #closed = false;

  constructor(init: OutboxInit) {
    this.#init = init;
    this.#prefix = [LANE_BYTE[init.lane]];
  }

  /** Queues a frame; it is sent when this turn of the event loop ends and the stream is open. */
  push(frame: Uint8Array): void {
    if (this.#closed) return;
    this.#queue.push(frame);
    this.#account(frame.length + FRAME_COST);
    if (this.#cost > this.#init.limit) this.#overflow();
    this.#schedule();
  }

  /** Gives the stream; what waits is sent. The lane is announced at once, with or without frames. */
  attach(sink: Sink): void {
    this.#sink = sink;
    // libp2p goes on with its own buffer in a microtask that it queues first: only then ask whether it is still full.
    sink.addEventListener('drain', () => queueMicrotask(() => this.#pump()));
    if (this.#length === 0) this.#write(sink, []);
    this.#pump();
  }

  /** Says that we are alive, unless there is something to send or the stream is full. */
  keepAlive(): void {
    const sink = this.#sink;
    if (sink === undefined || this.#closed || this.#length > 0 || sink.writableNeedsDrain) return;
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, KEEP_ALIVE);
    this.#send(sink, header);
  }

  /** Drops what waits. */
  close(): void {
    this.#closed = true;
    this.#sink = undefined;
    while (this.#length > 0) this.#drop();
  }

  get #length(): number {
    return this.#queue.length - this.#head;
  }

  #schedule(): void {
    if (this.#scheduled || this.#sink === undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    while (!this.#closed && this.#length > 0 && !sink.writableNeedsDrain) {
      const frames = [this.#shift()];
      let bytes = frames[0]!.length;
      while (this.#length > 0 && bytes + this.#queue[this.#head]!.length <= SEND_BYTES) {
        bytes += this.#queue[this.#head]!.length;
        frames.push(this.#shift());
      }
      const totals = this.#init.counters.lanes[this.#init.lane];
      totals.framesOut += frames.length;
      totals.bytesOut += bytes;
      if (!this.#write(sink, frames)) return;
    }
  }

  #write(sink: Sink, frames: readonly Uint8Array[]): boolean {
    const packed = packFrames(this.#prefix, frames);
    this.#prefix = [];
    this.#init.counters.lanes[this.#init.lane].sends++;
    return this.#send(sink, packed);
  }

  #send(sink: Sink, bytes: Uint8Array): boolean {
    try {
      return sink.send(bytes);
    } catch (error) {
      this.#init.onFailure(error);
      return false;
    }
  }

  #overflow(): void {
    if (this.#init.lane === 'votes') this.#init.onOverflow();
    else while (this.#cost > this.#init.limit && this.#length > 1) this.#drop();
  }

  #drop(): void {
    const totals = this.#init.counters.lanes[this.#init.lane];
    totals.framesDropped++;
    totals.bytesDropped += this.#shift().length;
  }

  #shift(): Uint8Array {
    const frame = this.#queue[this.#head] as Uint8Array;
    this.#queue[this.#head++] = EMPTY;
    this.#account(-frame.length - FRAME_COST);
    if (this.#head >= 1024 || this.#head === this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return frame;
  }

  #account(cost: number): void {
    this.#cost += cost;
    this.#init.counters.queuedBytes += cost;
  }
}

const EMPTY = new Uint8Array(0);
