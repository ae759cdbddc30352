import { Readable } from 'node:stream';
import { streamText, toUtf8 } from '@qifeng/core';
import type { Later } from '../call.ts';
import type { Announced, EventFilter } from './announced.ts';

/** Why the node ends a stream: its reader does not read, or the node stops or begins again on another store. */
export type EndReason = 'slow' | 'closing';

/** What the streams of one node share. */
export interface StreamSource {
  readonly announced: Announced;
  /** Records that are final. */
  size(): number;
  readonly stallMs: number;
}

/** What one reader asked for. */
export interface StreamRequest {
  /** The log index after which it begins. */
  readonly after: number;
  readonly filter: EventFilter;
  /** Runs work on the reader's account. */
  readonly later: Later;
}

/** Bytes made before they are read, beside what the connection holds: less than two pieces. */
const READ_AHEAD = 16 * 1024;
/** Ms that a reader has for what was made before the end. */
const LINGER_MS = 1000;
/** Ms after which whoever lost the connection shall come again. */
const RETRY_MS = 2000;

/**
 * The events of one reader: a place in the log and nothing else, so that one who is years behind takes no more memory
 * than one who is live. It reads on when it is read, and waits for `wake` at the last final record.
 */
export class EventStream extends Readable {
  readonly #source: StreamSource;
  readonly #request: StreamRequest;
  #next: number;
  #wanted = false;
  #busy = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: StreamSource, request: StreamRequest) {
    super({ highWaterMark: READ_AHEAD });
    this.#source = source;
    this.#request = request;
    this.#next = request.after + 1;
    // The id at once: who is cut off before the first event goes on from here as well.
    this.#give(toUtf8(`retry: ${RETRY_MS}\n${streamText({ id: String(request.after) })}`));
  }

  /** Tells what became final. */
  wake(): void {
    if (!this.#wanted || this.#busy || this.#ended || this.#next >= this.#source.size()) return;
    this.#busy = true;
    const { later, filter } = this.#request;
    later(() => this.#source.announced.piece(this.#next, this.#source.size(), filter))
      .then(({ bytes, next }) => {
        this.#busy = false;
        if (this.#ended) return;
        this.#next = next;
        if (bytes.length > 0) this.#give(bytes);
        this.wake();
      })
      .catch((error: Error) => this.destroy(error));
  }

  /** Shows that the stream is alive, and from where to go on: records that were not asked for count as told. */
  beat(): void {
    if (this.#wanted && !this.#busy && !this.#ended)
      this.#give(toUtf8(streamText({ id: String(this.#next - 1) }, 'alive')));
  }

  /** Says why, and ends; whoever then does not read is cut off. */
  finish(reason: EndReason): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.push(toUtf8(streamText({ event: 'end', data: JSON.stringify({ reason }) })));
    this.push(null);
    this.#timer = setTimeout(() => this.destroy(), LINGER_MS);
  }

  override _read(): void {
    this.#wanted = true;
    if (!this.#ended) clearTimeout(this.#timer);
    this.wake();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    done(error);
  }

  #give(bytes: Uint8Array): void {
    clearTimeout(this.#timer);
    this.#wanted = this.push(bytes);
    if (!this.#wanted) this.#timer = setTimeout(() => this.finish('slow'), this.#source.stallMs);
  }
}
