import type { Change, KeyValue } from '../key-value.ts';

/** One write as the store was asked for it. */
export interface RecordedWrite {
  readonly changes: readonly Change[];
  readonly sync: boolean;
}

/** A key-value store that remembers every write with its sync flag. */
export interface RecordedKeyValue extends KeyValue {
  readonly writes: readonly RecordedWrite[];
  /**
   * Puts into an empty store what a power cut now would leave in the worst case: every synced write, none of the
   * others. That is LevelDB's promise: an unsynced write may be gone though a later synced one is there.
   */
  replaySynced(into: KeyValue): Promise<void>;
}

/** Records what goes to `inner`. A write counts from when it resolved, as its caller may rely on it from then on. */
export function recordedKeyValue(inner: KeyValue): RecordedKeyValue {
  const writes: RecordedWrite[] = [];
  return {
    writes,
    get: key => inner.get(key),
    snapshot: () => inner.snapshot(),
    async write(changes, sync) {
      await inner.write(changes, sync);
      writes.push({ changes, sync });
    },
    keys: bucket => inner.keys(bucket),
    between: (after, before, most) => inner.between(after, before, most),
    close: () => inner.close(),
    async replaySynced(into) {
      for (const { changes, sync } of writes) if (sync) await into.write(changes, false);
    },
  };
}

/** The planted fault: a store whose writes are not synced where `skip` says so. */
export function forgettingKeyValue(inner: KeyValue, skip: (changes: readonly Change[]) => boolean): KeyValue {
  return { ...inner, write: (changes, sync) => inner.write(changes, sync && !skip(changes)) };
}
