import { StorageError, storageError } from './errors.ts';
import type { KeyValue } from './key-value.ts';
import { SealedBatch } from './sealed.ts';

/** One thing to write: what it puts, asked for when its batch starts, and what to switch once it is on disk. */
export interface Write {
  readonly stage: (batch: SealedBatch) => void;
  readonly applied: () => void;
}

interface Waiting extends Write {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * All writes of a store, one synced batch at a time; those that come while one runs share the next. A failed write is
 * the last: LevelDB and the disk may disagree from then on.
 */
export class SyncedWriter {
  readonly #store: KeyValue;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #failure: StorageError | null = null;
  #syncs = 0;

  constructor(store: KeyValue) {
    this.#store = store;
  }

  get syncs(): number {
    return this.#syncs;
  }

  /** Resolves when the write is synced and `applied` has run; no read in between sees half of it. */
  write(write: Write): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...write, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Lets what is queued finish; later writes are refused. */
  async close(): Promise<void> {
    while (this.#running !== null) await this.#running;
    this.#failure ??= new StorageError('store-failed', 'the store is closed');
  }

  async #run(): Promise<void> {
    // Writes made in this turn of the loop go together.
    await Promise.resolve();
    while (this.#waiting.length > 0 && this.#failure === null) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const batch = new SealedBatch();
        for (const { stage } of group) stage(batch);
        await this.#store.write(batch.changes, true);
        this.#syncs++;
        for (const { applied } of group) applied();
      } catch (cause) {
        this.#failure = storageError('store-failed', 'a synced write', cause);
        for (const { reject } of [...group, ...this.#waiting]) reject(this.#failure);
        this.#waiting = [];
        break;
      }
      for (const { resolve } of group) resolve();
    }
    this.#running = null;
  }
}
