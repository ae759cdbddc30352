import type { FrameRule } from '../ports/transport.ts';
import type { FrameReader } from './framing.ts';
import type { Allowance } from './rates.ts';

/** Unread bytes above which a stream is paused; the window of its lane may still come. */
const MOST_BACKLOG = 64 * 1024;
/** Frames handed over in one turn of the event loop: others have theirs in between. */
const FRAMES_A_TURN = 64;

/** The part of a libp2p stream that an intake steers. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** What an intake is made of. */
export interface IntakeInit {
  readonly source: Source;
  readonly reader: FrameReader;
  readonly allowance: Allowance;
  readonly ruleOf: (kind: number) => FrameRule | undefined;
  readonly onFrame: (frame: Uint8Array) => void | Promise<void>;
  /** What came is no frame. */
  readonly onFault: (detail: string) => void;
  /** The member sends more than its rate. */
  readonly onSlowed: () => void;
}

/**
 * The inbound side of one lane of one member. It reads no further while the member is above its rate or too much of what
 * it sent is not dealt with yet: then the stream is paused, its window fills, and the member's own queue grows instead of
 * ours. Nothing is dropped, and no other member or lane waits.
 */
export class Intake {
  readonly #init: IntakeInit;
  #underWay = 0;
  #underWayBytes = 0;
  #thisTurn = 0;
  #slowed = false;
  #paused = false;
  #busy = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #waitingSince: number | undefined;

  constructor(init: IntakeInit) {
    this.#init = init;
  }

  /** When the first byte of a frame came whose rest the member owes us; undefined: it owes nothing. */
  get waitingSince(): number | undefined {
    return this.#waitingSince;
  }

  /** Whether it is we who do not read. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Takes the next bytes of the stream. */
  take(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#init.allowance.takeBytes(bytes.length, performance.now());
    this.#init.reader.push(bytes);
    this.#read();
  }

  /** Reads no more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #read(): void {
    // A resumed stream gives what it held back at once, before it is told that it may go on.
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    do this.#handOver();
    while (this.#steer());
    this.#busy = false;
  }

  #handOver(): void {
    const { reader, allowance, onFault } = this.#init;
    const now = performance.now();
    let whole = false;
    while (!this.#closed && reader.backlog > 0 && !this.#mustWait()) {
      const next = reader.next();
      if (!next.ok) {
        onFault(next.fault.detail);
        return;
      }
      if (next.value === null) break;
      whole = true;
      allowance.takeFrame(this.#init.ruleOf(next.value[0] ?? 0)?.cost ?? 1, now);
      this.#deliver(next.value);
    }
    if (reader.backlog > 0 || !reader.midFrame) this.#waitingSince = undefined;
    else if (whole || this.#waitingSince === undefined) this.#waitingSince = now;
  }

  #deliver(frame: Uint8Array): void {
    if (this.#thisTurn++ === 0)
      setImmediate(() => {
        this.#thisTurn = 0;
        this.#read();
      });
    const dealtWith = this.#init.onFrame(frame);
    if (dealtWith === undefined) return;
    this.#underWay++;
    this.#underWayBytes += frame.length;
    void dealtWith.then(() => {
      this.#underWay--;
      this.#underWayBytes -= frame.length;
      this.#read();
    });
  }

  /** Whether nothing may be handed over now. Whatever ends the wait reads on. */
  #mustWait(): boolean {
    const { allowance, onSlowed } = this.#init;
    const { underWay } = allowance.rate;
    if (this.#thisTurn >= FRAMES_A_TURN) return true;
    if (this.#underWay >= underWay.frames || this.#underWayBytes >= underWay.bytes) return true;
    const wait = allowance.wait(performance.now());
    if (wait === 0) {
      this.#slowed = false;
      return false;
    }
    if (!this.#slowed) onSlowed();
    this.#slowed = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#read();
    }, wait);
    return true;
  }

  /** Pauses or resumes the stream; true: it had held back bytes, which are here now. */
  #steer(): boolean {
    const { source, reader } = this.#init;
    if (this.#closed) return false;
    if (!this.#paused && reader.backlog > MOST_BACKLOG) {
      this.#paused = true;
      source.pause();
    } else if (this.#paused && reader.backlog === 0) {
      this.#paused = false;
      source.resume();
      return reader.backlog > 0;
    }
    return false;
  }
}
