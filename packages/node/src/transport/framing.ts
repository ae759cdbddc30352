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

/** Cuts the bytes of a stream, however they were split on the way, into frames. Each frame is a copy of its own. */
export class FrameReader {
  readonly #limit: number;
  readonly #onFrame: (frame: Uint8Array) => void;
  #header = 0;
  #headerBytes = 0;
  #body: Uint8Array | undefined;
  #length = 0;
  #filled = 0;

  /** `limit` bytes in a frame at most. */
  constructor(limit: number, onFrame: (frame: Uint8Array) => void) {
    this.#limit = limit;
    this.#onFrame = onFrame;
  }

  /** Whether a frame has begun and not ended. */
  get midFrame(): boolean {
    return this.#headerBytes > 0 || this.#body !== undefined;
  }

  /** Takes the next bytes. After a refusal the reader is not used again. */
  push(chunk: Uint8Array): Result<void> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body !== undefined) {
        at = this.#fill(this.#body, chunk, at);
        continue;
      }
      this.#header = this.#header * 256 + (chunk[at++] as number);
      if (++this.#headerBytes < HEADER_BYTES) continue;
      const length = this.#header;
      this.#header = 0;
      this.#headerBytes = 0;
      if (length === KEEP_ALIVE) continue;
      // Before any memory is taken for it.
      if (length > this.#limit)
        return refuse('frame-too-large', `a frame of ${length} bytes, at most ${this.#limit} are allowed`);
      if (chunk.length - at >= length) {
        // A view would keep the whole chunk alive; `slice` of a Buffer is one.
        this.#onFrame(new Uint8Array(chunk.subarray(at, at + length)));
        at += length;
      } else {
        this.#length = length;
        this.#filled = 0;
        this.#body = new Uint8Array(Math.min(length, FIRST_BYTES));
      }
    }
    return ok(undefined);
  }

  #fill(body: Uint8Array, chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.#length - this.#filled);
    const filled = this.#filled + end - at;
    let room = body;
    if (filled > body.length) {
      room = new Uint8Array(Math.min(this.#length, Math.max(filled, 2 * body.length)));
      room.set(body.subarray(0, this.#filled));
    }
    room.set(chunk.subarray(at, end), this.#filled);
    this.#filled = filled;
    this.#body = room;
    if (filled === this.#length) {
      this.#body = undefined;
      this.#onFrame(room);
    }
    return end;
  }
}
