import { type FrameRule, type Lane, MAX_FRAME_BYTES } from '../ports/transport.ts';
import type { TransportCounters } from '../ports/transport-counters.ts';
import { answerAtHalfWindow } from './cheaper-libp2p.ts';
import type { TransportEventCode } from './events.ts';
import { FrameReader, laneOf } from './framing.ts';
import type { Connection, Stream } from './host.ts';
import { Intake } from './intake.ts';
import { Outbox, type QueueLimits } from './outbox.ts';
import type { Allowance } from './rates.ts';

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
  /** What the member may still send. */
  readonly allowances: Readonly<Record<Lane, Allowance>>;
  readonly ruleOf: (kind: number) => FrameRule | undefined;
  /** The other side let us in: called once at most, before any frame. */
  readonly onReady: () => void;
  readonly onFrame: (frame: Uint8Array) => void | Promise<void>;
  /** The member sends more in a lane than it may, and is read more slowly. */
  readonly onSlowed: (lane: Lane) => void;
  /** Called once, whoever closed it. */
  readonly onClosed: (code: TransportEventCode, detail: string) => void;
}

/** A stream that the other side opened. */
interface Inbound {
  readonly openedAt: number;
  /** Once it named its lane. */
  lane: Lane | undefined;
  intake: Intake | undefined;
}

/** One connection to one member: a stream out and one in for each lane. All of it lives or none. */
export class Link {
  readonly #init: LinkInit;
  readonly #outboxes: Readonly<Record<Lane, Outbox>>;
  readonly #inbound: Inbound[] = [];
  #heard = performance.now();
  #spoke = performance.now();
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

  /** Who is on the other side. */
  get peerId(): string {
    return this.#init.connection.remotePeer.toString();
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
    const inbound: Inbound = { openedAt: performance.now(), lane: undefined, intake: undefined };
    this.#inbound.push(inbound);
    answerAtHalfWindow(stream);
    stream.addEventListener('close', () => this.close('peer-lost', 'the other side closed a stream'));
    stream.addEventListener('remoteCloseWrite', () =>
      this.close('peer-lost', 'the other side ended a stream'),
    );
    stream.addEventListener('message', event => {
      // A list iterates over its parts, an array over its bytes.
      const parts = event.data instanceof Uint8Array ? [event.data] : event.data;
      for (const part of parts) if (!this.#closed) this.#take(inbound, stream, part);
    });
  }

  /** Looks at the deadlines; called about once a second. */
  check(now: number): void {
    // While we do not read, nobody can be late.
    if (this.#inbound.some(({ intake }) => intake?.paused)) this.#heard = now;
    const waitingSince = ({ intake, openedAt }: Inbound) =>
      intake === undefined ? openedAt : (intake.waitingSince ?? now);
    if (this.#inbound.some(inbound => now - waitingSince(inbound) > READ_DEADLINE)) {
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
    for (const { intake } of this.#inbound) intake?.close();
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

  #take(inbound: Inbound, stream: Stream, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#heard = performance.now();
    if (inbound.intake !== undefined) {
      inbound.intake.take(bytes);
      return;
    }
    const lane = this.#announce(inbound, bytes[0] as number);
    if (lane === undefined) return;
    inbound.intake = this.#intake(lane, stream);
    inbound.intake.take(bytes.subarray(1));
  }

  #announce(inbound: Inbound, byte: number): Lane | undefined {
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
    return lane;
  }

  #intake(lane: Lane, source: Stream): Intake {
    const { counters, ruleOf, onFrame, onSlowed, allowances } = this.#init;
    const totals = counters.lanes[lane];
    const most = MAX_FRAME_BYTES[lane];
    return new Intake({
      source,
      reader: new FrameReader(most, kind => Math.min(most, ruleOf(kind)?.bytes ?? most)),
      allowance: allowances[lane],
      ruleOf,
      onFrame: frame => {
        totals.framesIn++;
        totals.bytesIn += frame.length;
        return onFrame(frame);
      },
      onFault: detail => this.#misbehaved('frame-too-large', detail),
      onSlowed: () => {
        counters.slowed++;
        onSlowed(lane);
      },
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
