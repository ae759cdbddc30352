import type { MapNodeStore, TileSource } from '@qifeng/core';
import type { Head, LedgerReader, ListedKind, Outcome, RecordList } from '../ports/ledger-store.ts';
import type { BatchRepository } from './batch-repository.ts';
import { readBlock, readHeight } from './block-repository.ts';
import type { CertificateRepository } from './certificate-repository.ts';
import { StorageError } from './errors.ts';
import type { Snapshot } from './key-value.ts';
import { readList } from './list-repository.ts';
import { readOutcome } from './outcome-repository.ts';
import { readExpired, type Slots } from './replay-repository.ts';
import { type Listings, readKind, readState } from './state-repository.ts';
import { readLeaf, TreeRepository } from './tree-repository.ts';

/** All that a reader sees of the executed blocks, replaced as one when a block is on disk. */
export interface Visible {
  readonly snapshot: Snapshot;
  readonly head: Head | null;
  readonly listings: Listings;
  readonly slots: Slots;
}

/** The synchronous reads. Blocks are read from the snapshot of the last whole one; bodies and certificates as they come. */
export class StoredLedgerReader implements LedgerReader {
  protected visible: Visible;
  protected readonly trees: TreeRepository;
  protected readonly certificates: CertificateRepository;
  protected readonly batches: BatchRepository;
  readonly pages: MapNodeStore;
  readonly tiles: TileSource;

  constructor(
    visible: Visible,
    parts: { readonly certificates: CertificateRepository; readonly batches: BatchRepository },
    cacheBytes: number,
  ) {
    this.visible = visible;
    this.certificates = parts.certificates;
    this.batches = parts.batches;
    this.trees = new TreeRepository(() => this.visible.snapshot, cacheBytes);
    this.pages = this.trees.pages;
    this.tiles = this.trees.tiles;
  }

  head(): Head | null {
    return this.visible.head;
  }

  header(height: number) {
    return this.#block(height)?.header ?? null;
  }

  heightOf(hash: Uint8Array): number | null {
    return readHeight(this.visible.snapshot, hash);
  }

  checkpointText(height: number): string | null {
    return this.#block(height)?.text ?? null;
  }

  stateValue(key: Uint8Array): Uint8Array | null {
    return readState(this.visible.snapshot, key);
  }

  stateOfKind(kind: ListedKind): Iterable<readonly [name: Uint8Array, value: Uint8Array]> {
    return [...readKind(this.visible.snapshot, this.visible.listings.get(kind) ?? [])];
  }

  expired(until: number): readonly Uint8Array[] {
    return readExpired(this.visible.snapshot, this.visible.slots, until);
  }

  leaf(index: number): Uint8Array | null {
    const { snapshot, head } = this.visible;
    return hidden(readLeaf(snapshot, index), index < (head?.size ?? 0), `leaf ${index}`);
  }

  list(list: RecordList, name: Uint8Array, from: number, limit: number): readonly number[] {
    return readList(this.visible.snapshot, list, name, from, limit);
  }

  outcome(id: Uint8Array): Outcome | null {
    return readOutcome(this.visible.snapshot, id);
  }

  certificateFrom(height: number) {
    return this.certificates.from(height);
  }

  lastCertificate() {
    return this.certificates.last();
  }

  batch(digest: Uint8Array): Uint8Array | null {
    return this.batches.get(digest);
  }

  #block(height: number) {
    const { snapshot, head } = this.visible;
    const stored = height > 0 && height <= (head?.header.height ?? 0);
    return hidden(readBlock(snapshot, height), stored, `block ${height}`);
  }
}

/**
 * The value; but a null that cannot be is `store-damaged`. A flipped bit in the index or filter of one of LevelDB's
 * tables hides values. For what may be absent that cannot be told here: execution then comes to another checkpoint text
 * than the quorum.
 */
function hidden<T>(value: T | null, stored: boolean, what: string): T | null {
  if (value === null && stored) throw new StorageError('store-damaged', `the store lacks ${what}`);
  return value;
}
