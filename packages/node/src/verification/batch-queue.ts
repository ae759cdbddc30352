import { type Check, hasLengths, packChecks, packedLength } from './protocol.ts';

/** One call of the pool: settled check by check, in any order. */
class Request {
  readonly #verdicts: boolean[];
  readonly #resolve: (verdicts: readonly boolean[]) => void;
  readonly #reject: (error: Error) => void;
  #left: number;
  /** Whether it was rejected: what is left of it need not be checked. */
  failed = false;

  constructor(
    checks: number,
    resolve: (verdicts: readonly boolean[]) => void,
    reject: (error: Error) => void,
  ) {
    this.#verdicts = new Array<boolean>(checks).fill(false);
    this.#left = checks;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  settle(index: number, verdict: boolean): void {
    this.#verdicts[index] = verdict;
    if (--this.#left === 0) this.#resolve(this.#verdicts);
  }

  fail(error: Error): void {
    this.failed = true;
    this.#reject(error);
  }
}

/** One check of a batch and where its verdict goes. */
export interface Task {
  readonly request: Request;
  readonly index: number;
}

/** What goes to a worker: checks in a buffer of their own, to be transferred, and in the same order their tasks. */
export interface Batch {
  readonly tasks: readonly Task[];
  readonly checks: ArrayBuffer;
}

/** Bytes of messages in a batch, about: longer ones are not worth waiting to be joined. */
const BATCH_BYTES = 1024 * 1024;

/** A call with more checks than this is a body of submissions, or a list of certificates. */
const SMALL_CALL = 64;
/** The part of a batch that is for such calls while small ones wait: these never stand behind thousands of checks. */
const SHARE_OF_LARGE = 0.25;

/** A call that waits. */
interface Call {
  readonly request: Request;
  readonly checks: readonly Check[];
  next: number;
}

/** A batch in the making. */
interface Filling {
  readonly tasks: Task[];
  readonly checks: Check[];
  bytes: number;
}

/** Checks that wait for a worker, oldest first; votes do not wait behind bodies. */
export class BatchQueue {
  readonly #size: { readonly least: number; readonly most: number };
  #small: Call[] = [];
  #large: Call[] = [];
  #waiting = 0;

  constructor(size: { readonly least: number; readonly most: number }) {
    this.#size = size;
  }

  /** Checks that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Queues the checks of one call and gives their verdicts. */
  add(checks: readonly Check[]): Promise<readonly boolean[]> {
    return new Promise((resolve, reject) => {
      const calls = checks.length > SMALL_CALL ? this.#large : this.#small;
      calls.push({ request: new Request(checks.length, resolve, reject), checks, next: 0 });
      this.#waiting += checks.length;
    });
  }

  /**
   * The next batch: a fair share of what waits between `workers`, within the sizes. None if nothing waits, or if less
   * than the least size does and the batch would only wait behind another.
   */
  take(workers: number, wouldWait: boolean): Batch | undefined {
    const { least, most } = this.#size;
    if (this.#waiting === 0 || (wouldWait && this.#waiting < least)) return undefined;
    const size = Math.min(most, Math.max(least, Math.ceil(this.#waiting / workers)));
    const filling: Filling = { tasks: [], checks: [], bytes: 0 };
    const forLarge = this.#large.length === 0 ? 0 : Math.ceil(size * SHARE_OF_LARGE);
    this.#fill(filling, this.#small, size - forLarge);
    this.#fill(filling, this.#large, size);
    this.#fill(filling, this.#small, size);
    const { tasks, checks, bytes } = filling;
    return tasks.length === 0 ? undefined : { tasks, checks: packChecks(checks, bytes) };
  }

  /** Adds checks until there are `size`, or enough bytes. */
  #fill(filling: Filling, calls: Call[], size: number): void {
    while (filling.tasks.length < size && filling.bytes < BATCH_BYTES) {
      const first = calls[0];
      if (first === undefined) break;
      if (first.request.failed || first.next === first.checks.length) {
        this.#waiting -= first.checks.length - first.next;
        calls.shift();
        continue;
      }
      const check = first.checks[first.next]!;
      const index = first.next++;
      this.#waiting--;
      if (!hasLengths(check)) {
        first.request.settle(index, false);
        continue;
      }
      filling.tasks.push({ request: first.request, index });
      filling.checks.push(check);
      filling.bytes += packedLength(check);
    }
  }

  /** Rejects every call that has checks waiting. */
  rejectAll(error: Error): void {
    for (const { request } of [...this.#small, ...this.#large]) request.fail(error);
    this.#small = [];
    this.#large = [];
    this.#waiting = 0;
  }
}
