import { textWidth } from '@qifeng/core';
import { SingleBar } from 'cli-progress';
import type { Context } from './context.ts';

const USUAL_COLUMNS = 80;
const WIDEST_BAR = 30;

/** A bar on the error stream while a command works; nothing where that is no terminal, and with `--json`. */
export class Progress {
  readonly #screen: NodeJS.WriteStream | null;
  #bar: SingleBar | null = null;
  #label = '';
  #total = 0;
  #done = 0;

  constructor({ io, json, signal }: Pick<Context, 'io' | 'json' | 'signal'>) {
    this.#screen = json ? null : io.screen;
    // What Ctrl-C leads to is written where the bar stands.
    signal.addEventListener('abort', () => this.stop(), { once: true });
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
    const figures = ` 100%  ${this.#total}/${this.#total}`;
    // A bar that reached the next line would leave its first line behind.
    const room = (this.#screen.columns || USUAL_COLUMNS) - textWidth(this.#label) - figures.length - 2;
    if (room < 1) return;
    this.#bar = new SingleBar({
      stream: this.#screen,
      format: `${this.#label} {bar} {percentage}%  {value}/{total}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: Math.min(room, WIDEST_BAR),
      clearOnComplete: true,
      linewrap: true, // the terminal's own setting stays as it is, also after Ctrl-C
    });
    this.#bar.start(this.#total, this.#done);
  }
}
