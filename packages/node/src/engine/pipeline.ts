import { setImmediate } from 'node:timers/promises';
import type { Output, WalRecord } from '../consensus/output.ts';
import type { WriteAheadLog } from '../ports/log.ts';
import type { RecordCodec } from './wire/records.ts';

/** One step's outputs after its records. */
export type Effect = Exclude<Output, { type: 'persist' }>;

/**
 * Keeps the contract of `Output` with group commit: the batches of all steps made while a sync runs share the next one,
 * and no effect of a batch happens before its records are synced. Effects of one group are carried out together, in
 * order, so that their signatures cost one write of the guard.
 */
export class Pipeline {
  readonly #log: WriteAheadLog;
  readonly #codec: RecordCodec;
  readonly #carryOut: (effects: readonly Effect[]) => void;
  readonly #compact: (idle: boolean) => readonly WalRecord[] | null;
  readonly #fatal: (error: unknown) => void;
  #records: WalRecord[] = [];
  #effects: Effect[] = [];
  #running = false;

  constructor(
    log: WriteAheadLog,
    codec: RecordCodec,
    carryOut: (effects: readonly Effect[]) => void,
    compact: (idle: boolean) => readonly WalRecord[] | null,
    fatal: (error: unknown) => void,
  ) {
    this.#log = log;
    this.#codec = codec;
    this.#carryOut = carryOut;
    this.#compact = compact;
    this.#fatal = fatal;
  }

  /** Asks `compact` though nothing was put out. */
  poke(): void {
    if (this.#running) return;
    this.#running = true;
    this.#run().catch(this.#fatal);
  }

  /**
   * Takes the outputs of one step. `compact` is asked after each group, and told whether nothing else waits; what it gives
   * replaces the log.
   */
  push(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.type === 'persist') this.#records.push(output.record);
      else this.#effects.push(output);
    }
    if (this.#running || this.#isIdle) return;
    this.#running = true;
    this.#run().catch(this.#fatal);
  }

  /** Resolves when nothing waits to be synced or carried out. */
  async idle(): Promise<void> {
    while (this.#running) await setImmediate();
  }

  /** What replaces the log comes from the state, which has taken in the records that wait: they are in it. */
  async #rewrite(): Promise<void> {
    const records = this.#compact(this.#isIdle);
    if (records === null) return;
    this.#records = [];
    await this.#log.rewrite(records.map(record => this.#codec.encode(record)));
  }

  get #isIdle(): boolean {
    return this.#records.length === 0 && this.#effects.length === 0;
  }

  async #run(): Promise<void> {
    do {
      const records = this.#records;
      const effects = this.#effects;
      this.#records = [];
      this.#effects = [];
      if (records.length > 0) await this.#log.append(records.map(record => this.#codec.encode(record)));
      this.#carryOut(effects);
      await this.#rewrite();
    } while (!this.#isIdle);
    this.#running = false;
  }
}
