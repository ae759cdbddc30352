import {
  decode,
  equalBytes,
  invariant,
  type MapUpdate,
  mapHash,
  mapRoot,
  parseCheckpoint,
  publisherValueCodec,
  stateKey,
  updateMap,
} from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import {
  type BlockWrite,
  type FrozenState,
  type LedgerStore,
  placeOf,
  type StateChange,
} from '../ports/ledger-store.ts';
import { readBase } from './base-repository.ts';
import { loadBatches } from './batch-repository.ts';
import { checkNext, checkUnbroken, readBlock, readHead, stageBlock } from './block-repository.ts';
import { BUCKET } from './buckets.ts';
import { loadCertificates } from './certificate-repository.ts';
import { StorageError } from './errors.ts';
import { otherChain, readGenesis, stageFormat } from './format-repository.ts';
import { frozenState } from './frozen-state.ts';
import { type KeptRepository, loadKept } from './kept-repository.ts';
import type { KeyValue, Snapshot } from './key-value.ts';
import { stageLeaves } from './leaf-repository.ts';
import { type ReaderParts, StoredLedgerReader, type StoreOptions, type Visible } from './ledger-reader.ts';
import { stageRows } from './list-repository.ts';
import { dropOldPages } from './old-pages.ts';
import { stageOutcomes } from './outcome-repository.ts';
import { loadSlots, stageReplay } from './replay-repository.ts';
import type { SealedBatch } from './sealed.ts';
import { fillSearch, loadSearch } from './search-rebuild.ts';
import { listedKind, loadListings, replayChanges, stageState } from './state-repository.ts';
import { SyncedWriter } from './synced-writer.ts';

const DEFAULTS: StoreOptions = { hasher: nativeHasher, cacheBytes: 32 * 1024 * 1024 };

/**
 * The ledger store over any key-value store. All of a block is one synced batch, and its readers go on to the content
 * after it only when that is on disk. Damage and failures are coded (`store-…`) and fatal.
 */
export async function openLedgerStore(
  store: KeyValue,
  options: Partial<StoreOptions> = {},
): Promise<LedgerStore> {
  const genesis = readGenesis(store);
  const head = readHead(store);
  const base = readBase(store);
  if (head !== null) {
    if (genesis === null) throw new StorageError('store-damaged', 'the store has blocks, but no genesis');
    await checkUnbroken(store, head, base);
  } else if (
    (await store.between(Uint8Array.of(BUCKET.block), Uint8Array.of(BUCKET.block + 1), 1)).length > 0
  )
    // Executed from the genesis again, upon pages of later blocks, it would make a state of its own.
    throw new StorageError('store-damaged', 'the store has blocks, but no head');
  await dropOldPages(store);
  const { search, from } = await loadSearch(store, base);
  const visible: Visible = {
    base,
    head,
    listings: await loadListings(store),
    view: store,
  };
  const parts = {
    certificates: await loadCertificates(store),
    batches: await loadBatches(store),
    handovers: await loadKept(store, BUCKET.handover),
    accusations: await loadKept(store, BUCKET.evidence),
    slots: await loadSlots(store),
    search,
  };
  const settings = { ...DEFAULTS, ...options };
  const ledger = new StoredLedger(store, genesis, visible, parts, settings);
  ledger.replay();
  await fillSearch(search, from, store, head, code => {
    const bytes = ledger.stateValue(stateKey(settings.hasher, 'publisher', code));
    const publisher = bytes === null ? null : decode(publisherValueCodec, bytes);
    return publisher?.ok ? publisher.value.name : null;
  });
  return ledger;
}

class StoredLedger extends StoredLedgerReader implements LedgerStore {
  readonly #store: KeyValue;
  readonly #writer: SyncedWriter;
  #genesis: Uint8Array | null;
  /** A block or the genesis state is being written: a second one would be staged on what is about to change. */
  #changing = false;

  constructor(
    store: KeyValue,
    genesis: Uint8Array | null,
    visible: Visible,
    parts: ReaderParts,
    options: StoreOptions,
  ) {
    super(visible, parts, options);
    this.#store = store;
    this.#genesis = genesis;
    this.#writer = new SyncedWriter(store);
  }

  /** Works out the pages that were not on disk yet, from what the blocks since then changed; the root must come out. */
  replay(): void {
    const { head, view } = this.visible;
    for (let height = this.pages.written + 1; height <= (head?.header.height ?? 0); height++) {
      const block = readBlock(view, height);
      if (block === null) throw new StorageError('store-damaged', `the store lacks block ${height}`);
      const changes = replayChanges(view, this.hasher, height, block.changes);
      this.pages.hold(updateMap(mapHash(this.hasher), this.pages, changes));
    }
    if (head === null) return;
    const checkpoint = parseCheckpoint(this.checkpointText(head.header.height)!);
    if (!checkpoint.ok || !equalBytes(mapRoot(mapHash(this.hasher), this.pages), checkpoint.value.stateRoot))
      throw new StorageError(
        'store-damaged',
        `the map is not that of the checkpoint of block ${head.header.height}`,
      );
  }

  get syncs(): number {
    return this.#writer.syncs;
  }

  async initialise(genesisHash: Uint8Array, state: readonly StateChange[], pages: MapUpdate): Promise<void> {
    if (this.#genesis !== null) {
      if (!equalBytes(this.#genesis, genesisHash)) throw otherChain(this.#genesis, genesisHash);
      return;
    }
    await this.#change(batch => {
      stageFormat(batch, genesisHash);
      const held = this.pages.stage(batch, 0, pages);
      const after = this.#stageState(batch, state, { height: 0, now: 0 });
      return () => {
        this.#genesis = genesisHash;
        held();
        return { ...after(), base: null, head: null };
      };
    });
  }

  async commit(block: BlockWrite): Promise<void> {
    const { header } = block;
    invariant(
      this.#genesis !== null && equalBytes(header.genesis, this.#genesis),
      'a block is of the chain that the store was initialised with',
    );
    checkNext(this.visible.head, block);
    await this.pages.findOld(this.#store);
    await this.#change(batch => {
      const head = stageBlock(batch, block);
      stageLeaves(batch, block.firstIndex, block.leaves);
      this.tiles.stage(batch, block.tiles);
      const held = this.pages.stage(batch, header.height, block.pages);
      const now = { height: header.height, now: header.timestamp };
      const after = this.#stageState(batch, block.state, now);
      stageRows(batch, this.visible.view, block.rows);
      const searched = this.search.stage(batch, block.documents, head.size);
      stageOutcomes(batch, block.outcomes);
      this.batches.stageExecuted(batch, header.batches);
      return () => {
        this.tiles.applied(block.tiles);
        held();
        // The next block reads its publisher again.
        for (const [i, { name, value }] of block.state.entries())
          if (value !== null && listedKind(name) !== null)
            this.values.set(String(placeOf(header.height, i)), value.slice());
        searched();
        return { ...after(), base: this.visible.base, head };
      };
    });
  }

  putCertificate(height: number, bytes: Uint8Array): Promise<void> {
    return this.#writer.write({
      stage: batch => this.certificates.stage(batch, height, bytes),
      applied: () => this.certificates.applied(height),
    });
  }

  putLogLine(height: number, bytes: Uint8Array): Promise<void> {
    return this.#writer.write({
      stage: batch => this.certificates.stageLogLine(batch, height, bytes),
      applied: () => {},
    });
  }

  putHandover(epoch: number, bytes: Uint8Array): Promise<void> {
    return this.#keep(this.handovers, bytes, epoch);
  }

  putEvidence(epoch: number, signer: number, bytes: Uint8Array): Promise<void> {
    return this.#keep(this.accusations, bytes, epoch, signer);
  }

  #keep(kept: KeptRepository, bytes: Uint8Array, first: number, second = 0): Promise<void> {
    return this.#writer.write({
      stage: batch => kept.stage(batch, bytes, first, second),
      applied: () => kept.applied(bytes, first, second),
    });
  }

  async putBatch(digest: Uint8Array, bytes: Uint8Array): Promise<void> {
    let put = false;
    await this.#writer.write({
      stage: batch => {
        put = this.batches.stagePut(batch, digest, bytes);
      },
      applied: () => {
        if (put) this.batches.appliedPut(digest);
      },
    });
  }

  pendingBatches(): readonly Uint8Array[] {
    return this.batches.pending();
  }

  dropBatches(digests: readonly Uint8Array[], mayGo: (digest: Uint8Array) => boolean): Promise<void> {
    return this.#writer.write({
      stage: batch => {
        for (const digest of digests) this.batches.stageDrop(batch, digest, mayGo);
      },
      applied: () => {
        for (const digest of digests) this.batches.appliedDrop(digest);
      },
    });
  }

  async freeze(): Promise<FrozenState> {
    const { base, head, listings } = this.visible;
    invariant(head !== null, 'there is a block whose state to freeze');
    await this.#change(batch => {
      const settled = this.pages.stageHeld(batch, head.header.height);
      return () => {
        settled();
        return { base, head, listings };
      };
    });
    return frozenState(() => this.visible.view, this.pages.freeze(), head, this.hasher);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#store.close();
  }

  #stageState(
    batch: SealedBatch,
    changes: readonly StateChange[],
    at: { readonly height: number; readonly now: number },
  ): () => Pick<Visible, 'listings'> {
    const { view, listings } = this.visible;
    const after = stageState(batch, placeOf(at.height, 0), changes, listings);
    const remembered = stageReplay(batch, view, changes, this.slots, at);
    return () => {
      remembered();
      return { listings: after };
    };
  }

  /**
   * Writes what `stage` puts; once it is on disk, what that gave makes the new content but for the view. Readers see what
   * was there before by a snapshot that lives only as long as the write: none may outlive one (see `OldPages`).
   */
  async #change(stage: (batch: SealedBatch) => () => Omit<Visible, 'view'>): Promise<void> {
    invariant(!this.#changing, 'one block is written at a time');
    this.#changing = true;
    let applied: (() => Omit<Visible, 'view'>) | null = null;
    let before: Snapshot | null = null;
    try {
      await this.#writer.write({
        stage: batch => {
          applied = stage(batch);
          before = this.#store.snapshot();
          this.visible = { ...this.visible, view: before };
        },
        applied: () => {
          this.visible = { ...applied!(), view: this.#store };
          before!.release();
        },
      });
    } finally {
      this.#changing = false;
    }
  }
}
