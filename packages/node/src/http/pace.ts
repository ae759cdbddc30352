/** Runs work in the order in which it comes, a little in each turn of the event loop. */
export interface Pace {
  /** Runs it now, or in one of the next turns; `spent` is told the ms it took, without what it awaits. */
  run<T>(work: () => T | Promise<T>, spent?: (ms: number) => void): Promise<T>;
  /** Pieces of work that wait. */
  readonly waiting: number;
}

/**
 * Work for about `msATurn` ms a turn: five hundred pages that come at once must not hold up the votes that come next. One
 * piece may take longer; it is never cut.
 */
export function pace(msATurn: number): Pace {
  const queue: (() => void)[] = [];
  let used = 0;
  let scheduled = false;
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      used = 0;
      while (used < msATurn && queue.length > 0) queue.shift()!();
      if (queue.length > 0) schedule();
    });
  };
  const timed = async <T>(work: () => T | Promise<T>, spent: (ms: number) => void): Promise<T> => {
    const start = performance.now();
    schedule();
    try {
      return work();
    } finally {
      const ms = performance.now() - start;
      used += ms;
      spent(ms);
    }
  };
  return {
    get waiting() {
      return queue.length;
    },
    run: (work, spent = () => {}) =>
      queue.length === 0 && used < msATurn
        ? timed(work, spent)
        : new Promise((resolve, reject) => {
            queue.push(() => void timed(work, spent).then(resolve, reject));
            schedule();
          }),
  };
}
