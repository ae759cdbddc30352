import { ok, type Result, refuse } from '@qifeng/core';
import type { Lane } from '../ports/transport.ts';

// On a stream: one byte that names the lane, then frames as u32 big-endian length and body.

/** Bytes before a frame's body. */
export const HEADER_BYTES = 4;

/** A header that is no frame: it says that the sender is alive. */
export const KEEP_ALIVE = 0xffff_ffff;

/** The first byte of a stream. */
export const LANE_BYTE: Readonly<Record<Lane, number>> = { votes: 0, bulk: 1 };

/** What a half-received frame takes at first; more only as bytes arrive. */
const FIRST_BYTES = 64 * 1024;

/** The lane a first byte names. */
export function laneOf(byte: number): Result<Lane> {
  if (byte === LANE_BYTE.votes) return ok('votes');
  if (byte === LANE_BYTE.bulk) return ok('bulk');
  return refuse('lane-unknown', `a stream begins with ${byte}, which names no lane`);
}

/** Joins frames for one send, each after its header, the whole after `prefix`. */
export function packFrames(prefix: readonly number[], frames: readonly Uint8Array[]): Uint8Array {
  const bytes = frames.reduce((sum, frame) => sum + HEADER_BYTES + frame.length, prefix.length);
  const out = new Uint8Array(bytes);
  const view = new DataView(out.buffer);
  out.set(prefix);
  let at = prefix.length;
  for (const frame of frames) {
    view.setUint32(at, frame.length);
    out.set(frame, at + HEADER_BYTES);
    at += HEADER_BYTES + frame.length;
  }
  return out;
}

/** Bytes that a frame which begins with this byte has at most. */
export type LimitOf = (kind: number) => number;

/**
 * Cuts the bytes of a stream, however they were split on the way, into frames. Each frame is a copy of its own. Bytes are
 * kept as they came until `next` asks for them.
 */
export class FrameReader {
  readonly #limit: number;
  readonly #limitOf: LimitOf;
  #chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that were read. */
  #at = 0;
  #backlog = 0;
  #header = 0;
  #headerBytes = 0;
  #body: Uint8Array | undefined;
  #length = 0;
  #filled = 0;

  /** `limit` bytes in a frame at most, and what its first byte says. */
  constructor(limit: number, limitOf: LimitOf = () => limit) {
    this.#limit = limit;
    this.#limitOf = limitOf;
  }

  /** Bytes that wait to be read. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Whether a frame was begun to be read, and has not ended. */
  get midFrame(): boolean {
    return this.#headerBytes > 0 || this.#body !== undefined;
  }

  /** Gives the next bytes. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#backlog += chunk.length;
  }

  /** The next frame; null: more bytes are needed. After a refusal the reader is not used again. */
  next(): Result<Uint8Array | null> {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      if (this.#body !== undefined) {
        const frame = this.#fill(this.#body, chunk);
        if (frame !== null) return ok(frame);
      } else if (this.#headerBytes < HEADER_BYTES) {
        this.#header = this.#header * 256 + (chunk[this.#at] as number);
        this.#headerBytes++;
        this.#advance(chunk, 1);
        if (this.#headerBytes < HEADER_BYTES) continue;
        const length = this.#header;
        if (length > this.#limit && length !== KEEP_ALIVE) return tooLarge(length, this.#limit);
        // A sign of life is passed over; an empty frame has no more to wait for.
        if (length === KEEP_ALIVE || length === 0) this.#headerDone();
        if (length === 0) return ok(new Uint8Array(0));
      } else {
        // Before any memory is taken for it.
        const limit = this.#limitOf(chunk[this.#at] as number);
        if (this.#header > limit) return tooLarge(this.#header, limit);
        this.#length = this.#header;
        this.#filled = 0;
        this.#body = new Uint8Array(Math.min(this.#length, Math.max(FIRST_BYTES, chunk.length - this.#at)));
        this.#headerDone();
      }
    }
    return ok(null);
  }

  #headerDone(): void {
    this.#header = 0;
    this.#headerBytes = 0;
  }

  #advance(chunk: Uint8Array, bytes: number): void {
    this.#at += bytes;
    this.#backlog -= bytes;
    if (this.#at < chunk.length) return;
    this.#chunks.shift();
    this.#at = 0;
  }

  /** The frame, if these bytes complete it. */
  #fill(body: Uint8Array, chunk: Uint8Array): Uint8Array | null {
    const bytes = Math.min(chunk.length - this.#at, this.#length - this.#filled);
    const filled = this.#filled + bytes;
    let room = body;
    if (filled > body.length) {
      room = new Uint8Array(Math.min(this.#length, Math.max(filled, 2 * body.length)));
      room.set(body.subarray(0, this.#filled));
    }
    room.set(chunk.subarray(this.#at, this.#at + bytes), this.#filled);
    this.#filled = filled;
    this.#advance(chunk, bytes);
    const done = filled === this.#length;
    this.#body = done ? undefined : room;
    return done ? room : null;
  }
}

function tooLarge(length: number, limit: number): Result<never> {
  return refuse('frame-too-large', `a frame of ${length} bytes, at most ${limit} are allowed`);
}
