/** First wait after a failure, ms. */
const FIRST_WAIT = 100;
/** Longest wait, ms, before jitter. */
const LONGEST_WAIT = 3000;
/** A connection that lasted this long, ms, was a success: the next wait is the first again. */
const STABLE = 5000;

/** The wait, ms, after `failures` failures in a row; `random` in [0, 1) adds up to a half. */
export function backoff(failures: number, random: number): number {
  return Math.round(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures) * (1 + random / 2));
}

/** What a dialer needs. */
export interface DialerInit {
  /** Resolves when a connection is open; it may be lost before or after. */
  readonly dial: (signal: AbortSignal) => Promise<unknown>;
  /** Whether there is a connection, usable or in the making. */
  readonly linked: () => boolean;
  readonly onFailure: (error: unknown, waitMs: number) => void;
}

/** Keeps one connection to one member: dials when there is none, with exponential backoff and jitter. */
export class Dialer {
  readonly #init: DialerInit;
  readonly #stop = new AbortController();
  #failures = 0;
  #upSince = Number.POSITIVE_INFINITY;
  #dialing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(init: DialerInit) {
    this.#init = init;
  }

  start(): void {
    void this.#dial();
  }

  /** The connection became usable. */
  up(): void {
    this.#upSince = performance.now();
  }

  /** The connection is gone. */
  down(): void {
    if (performance.now() - this.#upSince >= STABLE) this.#failures = 0;
    this.#upSince = Number.POSITIVE_INFINITY;
    if (!this.#dialing) this.#wait();
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  async #dial(): Promise<void> {
    this.#timer = undefined;
    if (this.#init.linked()) return;
    this.#dialing = true;
    let failure: unknown;
    try {
      await this.#init.dial(this.#stop.signal);
    } catch (error) {
      failure = error;
    }
    this.#dialing = false;
    if (this.#stop.signal.aborted || this.#init.linked()) return;
    const wait = this.#wait();
    if (failure !== undefined) this.#init.onFailure(failure, wait);
  }

  #wait(): number {
    if (this.#stop.signal.aborted || this.#timer !== undefined) return 0;
    const wait = backoff(this.#failures++, Math.random());
    this.#timer = setTimeout(() => void this.#dial(), wait);
    return wait;
  }
}
