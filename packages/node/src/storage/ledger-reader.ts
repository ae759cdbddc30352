import {
  decode,
  digestValueCodec,
  findLeaf,
  type Hasher,
  publisherValueCodec,
  type Result,
  stateKey,
  subjectValueCodec,
} from '@qifeng/core';
import type {
  Base,
  Head,
  LedgerReader,
  ListedKind,
  Outcome,
  RecordList,
  StateEntry,
} from '../ports/ledger-store.ts';
import type { StoredBase } from './base-repository.ts';
import type { BatchRepository } from './batch-repository.ts';
import { readBlock, readHeight } from './block-repository.ts';
import { ByteCache } from './byte-cache.ts';
import type { CertificateRepository } from './certificate-repository.ts';
import { StorageError } from './errors.ts';
import type { KeptRepository } from './kept-repository.ts';
import type { View } from './key-value.ts';
import { readLeaf } from './leaf-repository.ts';
import { readList } from './list-repository.ts';
import { readOutcome, rememberedOutcome } from './outcome-repository.ts';
import { PageRepository } from './page-repository.ts';
import { readExpired, type Slots } from './replay-repository.ts';
import type { SearchIndex } from './search-index.ts';
import { afterName, type Listings, readValue, valuesUpTo } from './state-repository.ts';
import { TileRepository } from './tile-repository.ts';

/** What a store is opened with. */
export interface StoreOptions {
  /** The hash of the chain's suite. */
  readonly hasher: Hasher;
  /** Bytes of map pages, values and tiles held in memory. */
  readonly cacheBytes: number;
}

/** All that a reader sees of the executed blocks, replaced as one when a block is on disk. */
export interface Visible {
  readonly base: StoredBase | null;
  /** What is on disk; while a block is written, what was there before. */
  readonly view: View;
  readonly head: Head | null;
  readonly listings: Listings;
}

/** What is read as it comes, not by whole blocks. */
export interface ReaderParts {
  readonly certificates: CertificateRepository;
  readonly batches: BatchRepository;
  readonly handovers: KeptRepository;
  readonly accusations: KeptRepository;
  readonly slots: Slots;
  readonly search: SearchIndex;
}

/** The synchronous reads. Blocks are read as of the last whole one; bodies and certificates as they come. */
export class StoredLedgerReader implements LedgerReader {
  protected visible: Visible;
  protected readonly certificates: CertificateRepository;
  protected readonly batches: BatchRepository;
  protected readonly handovers: KeptRepository;
  protected readonly accusations: KeptRepository;
  protected readonly slots: Slots;
  readonly pages: PageRepository;
  readonly tiles: TileRepository;
  readonly search: SearchIndex;
  protected readonly hasher: Hasher;
  /** Values of the state by place. What is at a place never changes. */
  protected readonly values: ByteCache;

  constructor(visible: Visible, parts: ReaderParts, { hasher, cacheBytes }: StoreOptions) {
    this.visible = visible;
    this.certificates = parts.certificates;
    this.batches = parts.batches;
    this.handovers = parts.handovers;
    this.accusations = parts.accusations;
    this.slots = parts.slots;
    this.hasher = hasher;
    const view = () => this.visible.view;
    this.search = parts.search;
    this.search.readFrom(view);
    this.values = new ByteCache((1 / 8) * cacheBytes);
    this.pages = new PageRepository(view, hasher, (3 / 4) * cacheBytes);
    const { base, head } = visible;
    this.tiles = new TileRepository(view, hasher, head?.size ?? 0, base?.size ?? 0, (1 / 8) * cacheBytes);
  }

  handover(epoch: number): Uint8Array | null {
    return this.handovers.get(epoch);
  }

  evidence(): readonly Uint8Array[] {
    return this.accusations.all();
  }

  head(): Head | null {
    return this.visible.head;
  }

  base(): Base | null {
    return this.visible.base;
  }

  *baseValues(): Generator<StateEntry> {
    const { base, view } = this.visible;
    if (base !== null) yield* valuesUpTo(view, base.places);
  }

  header(height: number) {
    return this.#block(height)?.header ?? null;
  }

  heightOf(hash: Uint8Array): number | null {
    return readHeight(this.visible.view, hash);
  }

  checkpointText(height: number): string | null {
    return this.#block(height)?.text ?? null;
  }

  stateValue(key: Uint8Array): Uint8Array | null {
    const leaf = findLeaf(this.pages, key);
    if (leaf === null) return null;
    const place = String(leaf.place);
    const cached = this.values.get(place);
    if (cached !== undefined) return cached;
    // A copy: what is read is a view of a whole chunk.
    const value = readValue(this.visible.view, this.hasher, leaf).value.slice();
    this.values.set(place, value);
    return value;
  }

  *stateOfKind(
    kind: ListedKind,
    after: Uint8Array | null = null,
  ): Generator<readonly [name: Uint8Array, value: Uint8Array]> {
    const listing = this.visible.listings.get(kind) ?? [];
    for (let at = after === null ? 0 : afterName(listing, after); at < listing.length; at++) {
      const [name, key] = listing[at]!;
      const value = this.stateValue(key);
      if (value === null) throw new StorageError('store-damaged', 'the store lacks a value that it lists');
      yield [name, value];
    }
  }

  expired(until: number): readonly Uint8Array[] {
    return readExpired(this.visible.view, this.slots, until);
  }

  leaf(index: number): Uint8Array | null {
    const { view, head, base } = this.visible;
    const stored = index >= (base?.size ?? 0) && index < (head?.size ?? 0);
    return hidden(readLeaf(view, index), stored, `leaf ${index}`);
  }

  list(list: RecordList, name: Uint8Array, from: number, limit: number): readonly number[] {
    const earlier = readList(this.visible.view, list, name, from, limit);
    if (earlier.length >= limit) return earlier;
    const last = this.#lastOf(list, name);
    return last === null || last < from ? earlier : [...earlier, last];
  }

  outcome(id: Uint8Array): Outcome | null {
    const outcome = readOutcome(this.visible.view, id);
    if (outcome !== null || this.visible.base === null) return outcome;
    const value = this.stateValue(stateKey(this.hasher, 'submission', id));
    return value === null ? null : rememberedOutcome(id, value);
  }

  certificateFrom(height: number) {
    return this.certificates.from(height);
  }

  logLine(height: number): Uint8Array | null {
    return this.certificates.logLine(height);
  }

  lastCertificate() {
    return this.certificates.last();
  }

  batch(digest: Uint8Array): Uint8Array | null {
    return this.batches.get(digest);
  }

  /** The last record of a list, which is part of the state under the same name. */
  #lastOf(list: RecordList, name: Uint8Array): number | null {
    const bytes = this.stateValue(this.hasher.digest(name));
    if (bytes === null) return null;
    switch (list) {
      case 'digest':
        return standing(decode(digestValueCodec, bytes)).last;
      case 'subject':
        return standing(decode(subjectValueCodec, bytes)).head;
      case 'publisher':
        return standing(decode(publisherValueCodec, bytes)).head;
    }
  }

  #block(height: number) {
    const { view, head, base } = this.visible;
    const stored = height >= (base?.height ?? 1) && height <= (head?.header.height ?? 0);
    return hidden(readBlock(view, height), stored, `block ${height}`);
  }
}

/** A value of the state, which is what execution wrote; else `store-damaged`. */
function standing<T>(value: Result<T>): T {
  if (!value.ok) throw new StorageError('store-damaged', `a value of the state: ${value.fault.detail}`);
  return value.value;
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
