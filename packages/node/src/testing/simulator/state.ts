import {
  type Chain,
  emptyEdge,
  type Header,
  memoryNodeStore,
  type Submission,
  type TileEdge,
  toHex,
} from '@qifeng/core';
import { type AppliedBlock, applyBlock, genesisWrite } from '../../engine/apply.ts';
import type { StateChange } from '../../ports/ledger-store.ts';
import { suite } from './genesis.ts';

/** Log edge and state of one ledger as real execution leaves them: each replica's disk has its own. */
export class LedgerState {
  readonly #chain: Chain;
  readonly #values = new Map<string, Uint8Array>();
  readonly #pages = memoryNodeStore();
  #edge: TileEdge = emptyEdge;
  #height = 0;

  constructor(chain: Chain) {
    this.#chain = chain;
    const { state, pages } = genesisWrite(chain, suite);
    this.#store(state);
    this.#pages.apply(pages);
  }

  /** The same on another disk. */
  copy(): LedgerState {
    const other = new LedgerState(this.#chain);
    other.#values.clear();
    for (const [key, value] of this.#values) other.#values.set(key, value);
    const removed = [...other.#pages.pages.keys()];
    other.#pages.apply({ root: new Uint8Array(32), removed, written: [...this.#pages.pages] });
    other.#edge = this.#edge;
    other.#height = this.#height;
    return other;
  }

  /** The last block that was taken in. */
  get height(): number {
    return this.#height;
  }

  /** Records in the log. */
  get size(): number {
    return this.#edge.size;
  }

  /** What execution reads. */
  get reader() {
    return {
      stateValue: (key: Uint8Array) => this.#values.get(toHex(key)) ?? null,
      expired: () => [],
      pages: this.#pages,
    };
  }

  /** Executes a block upon this state, which stays as it is. */
  apply(header: Header, hash: Uint8Array, submissions: readonly Submission[]): AppliedBlock {
    return applyBlock(this.#chain, suite, this.reader, header, hash, submissions, this.#edge);
  }

  /** Takes in what `apply` came to. */
  take({ write, edge }: AppliedBlock): void {
    this.#store(write.state);
    this.#pages.apply(write.pages);
    this.#edge = edge;
    this.#height = write.header.height;
  }

  #store(changes: readonly StateChange[]): void {
    for (const { key, value } of changes) {
      if (value === null) this.#values.delete(toHex(key));
      else this.#values.set(toHex(key), value);
    }
  }
}
