import type {
  BuiltTile,
  Header,
  MapNodeStore,
  MapPart,
  MapUpdate,
  StateKind,
  TileEdge,
  TileSource,
} from '@qifeng/core';
import type { SearchDocument, SearchReader } from './search.ts';

/** Lists of records kept beside the certified state, for queries: each row is a log index under a name. */
export type RecordList = 'digest' | 'subject' | 'publisher';

/** Kinds of state value that are few enough to be listed. */
export type ListedKind = Exclude<StateKind, 'subject' | 'digest' | 'submission' | 'observers'>;

/**
 * One row of a list: the list, the name in it (`stateName`), and the log index of a record that is no longer the last one
 * under it. The last one is part of the state under that name.
 */
export interface ListRow {
  readonly list: RecordList;
  readonly name: Uint8Array;
  readonly index: number;
}

/** What became of one submission in one block; kept for ever, unlike the replay memory of the certified state. */
export interface Outcome {
  readonly id: Uint8Array;
  readonly height: number;
  /** Log index of its first record and how many; null and 0 if refused. */
  readonly first: number | null;
  readonly count: number;
  /** Refusal: stable code, entry number, sentence. */
  readonly refusal: { readonly code: string; readonly entry: number | null; readonly detail: string } | null;
}

/** One changed value of the certified state; null: deleted. */
export interface StateChange {
  /** Map key: hash of `name`. */
  readonly key: Uint8Array;
  /** Canonical name, `CBOR([kind, parts …])`. */
  readonly name: Uint8Array;
  readonly value: Uint8Array | null;
}

/** Values that one block changes, at most. */
const MOST_CHANGES = 2 ** 20;

/** Where a value of the state is kept: number `index` of the changes of a block (height 0: of the genesis state). */
export function placeOf(height: number, index: number): number {
  return height * MOST_CHANGES + index;
}

/** The inverse of `placeOf`. */
export function placed(place: number): { readonly height: number; readonly index: number } {
  return { height: Math.floor(place / MOST_CHANGES), index: place % MOST_CHANGES };
}

/** Everything one executed block changes: one synced batch. */
export interface BlockWrite {
  readonly header: Header;
  readonly hash: Uint8Array;
  /** Checkpoint text after this block. */
  readonly text: string;
  /** Log size before this block, and the canonical bytes of the leaves it adds. */
  readonly firstIndex: number;
  readonly leaves: readonly Uint8Array[];
  readonly tiles: readonly BuiltTile[];
  readonly state: readonly StateChange[];
  /** The map's leaves have the places (`placeOf`) of `state`. */
  readonly pages: MapUpdate;
  readonly rows: readonly ListRow[];
  readonly outcomes: readonly Outcome[];
  /** What queries can find of its records, in their order. */
  readonly documents: readonly SearchDocument[];
}

/** The last executed block. */
export interface Head {
  readonly header: Header;
  readonly hash: Uint8Array;
  readonly text: string;
  /** Leaves in the log. */
  readonly size: number;
}

/** Where a store begins that was made from a snapshot: it holds no earlier block, body, leaf or list, and no full tile. */
export interface Base {
  readonly height: number;
  /** Leaves in the log after that block. */
  readonly size: number;
}

/** A value of the certified state with its name. */
export interface StateEntry {
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

/** The certified state as it was after one block, however many come later. Reads are synchronous. */
export interface FrozenState {
  readonly head: Head;
  /** The sixteen parts of the part of the map at a path (hex digits). */
  children(path: string): readonly MapPart[];
  /** All values of the part at a path in ascending order of map key; null if they are more, or take more bytes. */
  values(
    path: string,
    most: { readonly count: number; readonly bytes: number },
  ): readonly StateEntry[] | null;
  release(): void;
}

/** What a snapshot holds beside the values of the state; all of it is verified. */
export interface SnapshotBase {
  readonly genesis: Uint8Array;
  readonly head: Head;
  /** The root of the state after that block. */
  readonly stateRoot: Uint8Array;
  readonly edge: TileEdge;
  /** The last blocks of the epochs before. */
  readonly ends: readonly Head[];
  /** As `putCertificate` and `putHandover` take them. */
  readonly certificates: readonly { readonly height: number; readonly bytes: Uint8Array }[];
  readonly handovers: readonly { readonly epoch: number; readonly bytes: Uint8Array }[];
}

/** A new store in the making, of which nothing counts before `finish` has resolved. */
export interface SnapshotStore {
  /** Adds values of one part of the map, in ascending order of map key; no two calls have a key in common. */
  add(values: readonly StateEntry[]): Promise<void>;
  /** Completes and closes the store; the values must be all of the state. */
  finish(base: SnapshotBase): Promise<void>;
  /** Closes and removes it. */
  discard(): Promise<void>;
}

/** What readers (execution, HTTP, receipts) need. All reads are synchronous and see whole blocks only. */
export interface LedgerReader {
  head(): Head | null;
  /** Where this store begins; null: with the genesis. */
  base(): Base | null;
  /** The state at the base, value by value, in no order; nothing without one. */
  baseValues(): Iterable<StateEntry>;
  header(height: number): Header | null;
  /** Height of an executed block. */
  heightOf(hash: Uint8Array): number | null;
  checkpointText(height: number): string | null;
  /** Value in the certified state by map key. */
  stateValue(key: Uint8Array): Uint8Array | null;
  /**
   * All values of a kind that has few, by name. Subjects, digests and submissions are too many to list: they are
   * looked up one by one, and submissions by `expired`. With `after` only names above that one, without reading the
   * others; an iteration is of one moment if nothing is awaited in it.
   */
  stateOfKind(kind: ListedKind, after?: Uint8Array): Iterable<readonly [name: Uint8Array, value: Uint8Array]>;
  /** Ids in the replay memory with `expires` at or before a time, in (expires, id) order. */
  expired(until: number): readonly Uint8Array[];
  readonly pages: MapNodeStore;
  readonly tiles: TileSource;
  leaf(index: number): Uint8Array | null;
  /** Log indexes in a list under a name, ascending, from `from` on, at most `limit`. */
  list(list: RecordList, name: Uint8Array, from: number, limit: number): readonly number[];
  readonly search: SearchReader;
  outcome(id: Uint8Array): Outcome | null;
  /** The lowest checkpoint certificate at or above a height, as it was stored. */
  certificateFrom(height: number): { readonly height: number; readonly bytes: Uint8Array } | null;
  /** The highest checkpoint certificate. */
  lastCertificate(): { readonly height: number; readonly bytes: Uint8Array } | null;
  /** What `putLogLine` stored of the checkpoint of a height. */
  logLine(height: number): Uint8Array | null;
  /** What `putHandover` stored of the end of an epoch. */
  handover(epoch: number): Uint8Array | null;
  /** All evidence that was stored. */
  evidence(): readonly Uint8Array[];
  /** Bodies of a batch by digest. */
  batch(digest: Uint8Array): Uint8Array | null;
}

/** The store of one node's ledger. A failed write or sync throws and is fatal: nothing may go on as if it had held. */
export interface LedgerStore extends LedgerReader {
  /** Writes the state of a fresh chain, once: again is harmless, another genesis is `store-other-chain`. */
  initialise(genesisHash: Uint8Array, state: readonly StateChange[], pages: MapUpdate): Promise<void>;
  /** One synced batch. Heights come strictly in order. */
  commit(block: BlockWrite): Promise<void>;
  /** Stores a certificate, synced. */
  putCertificate(height: number, bytes: Uint8Array): Promise<void>;
  /** Stores the log line of a certified checkpoint that a validator signed, synced. */
  putLogLine(height: number, bytes: Uint8Array): Promise<void>;
  /** Stores what receipts need of the end of an epoch, synced, once. */
  putHandover(epoch: number, bytes: Uint8Array): Promise<void>;
  /** Stores evidence against a signer of an epoch, synced. */
  putEvidence(epoch: number, signer: number, bytes: Uint8Array): Promise<void>;
  /** Stores the bodies of a batch, synced; again is harmless. */
  putBatch(digest: Uint8Array, bytes: Uint8Array): Promise<void>;
  /** Bodies of the batches that no executed block names, for the mempool after a restart. */
  pendingBatches(): readonly Uint8Array[];
  /**
   * Forgets batches that expired without being ordered; one that an executed block names stays. `mayGo` is asked about each
   * of the others at the moment from which on it is gone for every reader.
   */
  dropBatches(digests: readonly Uint8Array[], mayGo: (digest: Uint8Array) => boolean): Promise<void>;
  /** Freezes the state as it is after the last block, which must have one; to be released. No block may be under way. */
  freeze(): Promise<FrozenState>;
  /** Synced writes so far. */
  readonly syncs: number;
  close(): Promise<void>;
}
