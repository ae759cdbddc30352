/** Virtual time: things to do in order of their time, equal times in order of planning. */
export class Clock {
  now = 0;
  /** What is planned for each moment, in order; of the moment that is under way, what is still to do. */
  readonly #plans = new Map<number, Moment>();
  /** The moments of `#plans`, least first: far fewer than there are things to do. */
  readonly #heap: number[] = [];

  /** Plans `run` for `delay` ms from now. */
  after(delay: number, run: () => void): void {
    const at = this.now + delay;
    const moment = this.#plans.get(at);
    if (moment !== undefined) {
      moment.runs.push(run);
      return;
    }
    this.#plans.set(at, { runs: [run], done: 0 });
    this.#rise(at);
  }

  /** Does the next thing; false if there is none. */
  advance(): boolean {
    const at = this.#heap[0];
    if (at === undefined) return false;
    const moment = this.#plans.get(at)!;
    this.now = at;
    const run = moment.runs[moment.done++]!;
    if (moment.done === moment.runs.length) {
      this.#plans.delete(at);
      const last = this.#heap.pop()!;
      if (this.#heap.length > 0) this.#sink(last);
    }
    run();
    return true;
  }

  #rise(at: number): void {
    const heap = this.#heap;
    let i = heap.push(at) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (at >= heap[parent]!) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = at;
  }

  #sink(at: number): void {
    const heap = this.#heap;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= at) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = at;
  }
}

interface Moment {
  readonly runs: (() => void)[];
  /** How many of them are done. */
  done: number;
}
