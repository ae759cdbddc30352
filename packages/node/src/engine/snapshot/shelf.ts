import { edgeFromTiles, type TileEdge } from '@qifeng/core';
import type { FrozenState, LedgerStore } from '../../ports/ledger-store.ts';

/** States that are offered at a time. */
const MOST_KEPT = 2;
/** Ms for which one that was asked for stays in any case, and how long at most. */
const IN_USE = 30_000;
const MOST_HELD = 3_600_000;

/** A state that others may fetch. */
export interface Offer {
  readonly state: FrozenState;
  readonly manifest: Uint8Array;
}

/** What a shelf is made of. */
export interface ShelfParts {
  readonly store: Pick<LedgerStore, 'freeze' | 'head' | 'tiles' | 'certificateFrom' | 'lastCertificate'>;
  /** Blocks between two states that are frozen. */
  readonly interval: number;
  /** The manifest of a frozen state by the certificate of exactly its height. */
  manifest(state: FrozenState, edge: TileEdge, certificate: Uint8Array): Uint8Array;
  now(): number;
}

interface Kept extends Offer {
  readonly since: number;
  usedAt: number;
}

/**
 * Freezes the state after every so many blocks, and offers it once a certificate of exactly that height is here: the state
 * root of a block is certified by no later one. If a later certificate overtakes it the next block is tried.
 */
export class Shelf {
  readonly #parts: ShelfParts;
  #kept: readonly Kept[] = [];
  #candidate: { readonly state: FrozenState; readonly edge: TileEdge } | null = null;
  /** At the start too: what was frozen before is gone. */
  #due = true;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
  }

  /** A block was executed; to be awaited before the next one is. */
  async executed(): Promise<void> {
    const { store, interval } = this.#parts;
    const { header, size } = store.head()!;
    if (header.height % interval === 0) this.#due = true;
    const last = store.lastCertificate();
    // A block below the last certificate has one of its own only if that is here already.
    const overtaken =
      last !== null &&
      last.height > header.height &&
      store.certificateFrom(header.height)?.height !== header.height;
    if (!this.#due || overtaken) return;
    this.#candidate?.state.release();
    this.#candidate = { edge: edgeFromTiles(store.tiles, size), state: await store.freeze() };
    this.#due = false;
    this.certified();
  }

  /** A certificate was stored. */
  certified(): void {
    const { store, manifest, now } = this.#parts;
    if (this.#candidate === null) return;
    const { state, edge } = this.#candidate;
    const { height } = state.head.header;
    const certificate = store.certificateFrom(height);
    if (certificate === null) return;
    this.#candidate = null;
    if (certificate.height > height) {
      state.release();
      this.#due = true;
      return;
    }
    const made = {
      state,
      manifest: manifest(state, edge, certificate.bytes),
      since: now(),
      usedAt: Number.NEGATIVE_INFINITY,
    };
    this.#keep(made);
  }

  /** The newest offer above a height, or null. */
  newest(above: number): Offer | null {
    const offer = this.#kept.at(-1);
    if (offer === undefined || offer.state.head.header.height <= above) return null;
    offer.usedAt = this.#parts.now();
    return offer;
  }

  /** The state after the block of a height, or null. */
  at(height: number): FrozenState | null {
    const kept = this.#kept.find(({ state }) => state.head.header.height === height);
    if (kept === undefined) return null;
    kept.usedAt = this.#parts.now();
    return kept.state;
  }

  close(): void {
    this.#candidate?.state.release();
    for (const { state } of this.#kept) state.release();
    this.#candidate = null;
    this.#kept = [];
  }

  /** The one that goes is the oldest, or, while somebody fetches that, the one after it. */
  #keep(made: Kept): void {
    const all = [...this.#kept, made];
    const now = this.#parts.now();
    while (all.length > MOST_KEPT) {
      const { since, usedAt } = all[0]!;
      const used = now - usedAt < IN_USE && now - since < MOST_HELD;
      const [gone] = all.splice(used ? 1 : 0, 1);
      gone!.state.release();
    }
    this.#kept = all;
  }
}
