/** Problems of one verdict that are printed. */
const PRINTED = 5;

/** A long test as it runs: what it says, its verdicts, and their count at the end. */
export class Trial {
  readonly #start = performance.now();
  readonly #write: (line: string) => void;
  #passed = 0;
  #failed = 0;

  constructor(write: (line: string) => void = console.log) {
    this.#write = write;
  }

  /** A line for whoever reads along, after the seconds since the start. */
  say(text: string): void {
    const seconds = (performance.now() - this.#start) / 1000;
    this.#write(`${seconds.toFixed(1).padStart(7)} s  ${text}`);
  }

  /** A verdict: it holds if there are no problems. */
  verdict(what: string, problems: readonly string[]): void {
    if (problems.length === 0) this.#passed++;
    else this.#failed++;
    this.say(`${problems.length === 0 ? '✓' : '✗'} ${what}`);
    for (const problem of problems.slice(0, PRINTED)) this.say(`    ${problem}`);
    if (problems.length > PRINTED) this.say(`    and ${problems.length - PRINTED} more`);
  }

  /** Counts one verdict that needs something to hold. */
  holds(what: string, holds: boolean, otherwise: string): void {
    this.verdict(what, holds ? [] : [otherwise]);
  }

  /** The count, as the last line; gives the exit code. */
  end(): number {
    if (this.#passed + this.#failed === 0) this.#failed++;
    this.#write(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }
}

/** The time that something takes, in ms, and what it gives. */
export async function timed<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await run();
  return { value, ms: performance.now() - start };
}
