/** The write-ahead log: records in order, group commit, nothing acknowledged before it is synced. */
export interface WriteAheadLog {
  /** Records that survived, oldest first. Read once, before the first append. */
  read(): readonly Uint8Array[];
  /** Appends records and resolves when they are synced; calls made while a sync runs share the next one. */
  append(records: readonly Uint8Array[]): Promise<void>;
  /** Replaces the whole log, atomically and synced. Appends made meanwhile come after it. */
  rewrite(records: readonly Uint8Array[]): Promise<void>;
  /** Syncs so far, for the count of syncs a phase. */
  readonly syncs: number;
  close(): Promise<void>;
}

/** The signer's guard file, beside the key: one small value, replaced atomically and synced each time. */
export interface GuardFile {
  /** The last value stored, or null if there never was one. Throws on a damaged file: that is not "never". */
  read(): Uint8Array | null;
  /** Replaces the value; synchronous, synced on return. */
  write(value: Uint8Array): void;
  readonly syncs: number;
}
