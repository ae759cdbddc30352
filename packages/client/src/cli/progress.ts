import { SingleBar } from 'cli-progress';
import type { Context } from './context.ts';

/** A bar on the error stream while a command works; nothing where that is no terminal, and with `--json`. */
export class Progress {
  readonly #screen: NodeJS.WriteStream | null;
  #bar: SingleBar | null = null;
  #label = '';
  #total = 0;
  #done = 0;

  constructor({ io, json }: Pick<Context, 'io' | 'json'>) {
    this.#screen = json ? null : io.screen;
  }

  /** Begins a bar; one that stands there ends. */
  start(label: string, total: number): void {
    this.stop();
    this.#label = label;
    this.#total = total;
    this.#done = 0;
    this.#draw();
  }

  update(done: number): void {
    this.#done = done;
    this.#bar?.update(done);
  }

  /** Lets a line of the answer be written where the bar stands, one more being done, and draws the bar below it. */
  advance(write: () => void): void {
    this.#done++;
    const stood = this.#bar !== null;
    this.stop();
    write();
    if (stood) this.#draw();
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  #draw(): void {
    if (this.#screen === null || this.#total < 2 || this.#done >= this.#total) return;
    this.#bar = new SingleBar({
      stream: this.#screen,
      format: `${this.#label} {bar} {percentage}%  {value}/{total}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      clearOnComplete: true,
      linewrap: true, // the terminal's own setting stays as it is, also after Ctrl-C
    });
    this.#bar.start(this.#total, this.#done);
  }
}
