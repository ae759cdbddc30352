/** A put, or with null a delete. */
export type Change = readonly [key: Uint8Array, value: Uint8Array | null];

/** Point reads. What they give is not changed by the caller. */
export interface View {
  get(key: Uint8Array): Uint8Array | undefined;
}

/** The content at one moment. */
export interface Snapshot extends View {
  release(): void;
}

/**
 * The ordered key-value store under the ledger store: what LevelDB gives, and no more. Its own reads see the newest
 * content, also that of a write under way; a snapshot never does.
 */
export interface KeyValue extends View {
  snapshot(): Snapshot;
  /** Applies all changes or none; with `sync`, resolves when they are on disk. */
  write(changes: readonly Change[], sync: boolean): Promise<void>;
  /** All keys with this first byte, ascending. */
  keys(bucket: number): AsyncIterable<Uint8Array>;
  /** The first so many keys between two, both excluded, ascending. */
  between(after: Uint8Array, before: Uint8Array, most: number): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}
