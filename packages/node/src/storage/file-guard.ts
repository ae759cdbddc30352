import { closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { GuardFile } from '../ports/log.ts';
import { type StorageError, storageError } from './errors.ts';
import { copyPlaces, decodeFile, encodeCopy, encodeFile } from './guard-format.ts';

/** Bytes a slot has at first; it doubles for a larger value. Whole pages, so that copies share no sector. */
const FIRST_CAPACITY = 16 * 1024;

/**
 * The guard file: two slots written in turn inside one file of fixed length, each in two copies, one fdatasync a write.
 * A temporary file, its fsync, the rename and the folder's fsync take four times as long (465 µs against 103; measured)
 * and a vote waits for it; two copies keep what that gave, that damage is never taken for an older value.
 * Opening a damaged file throws `guard-damaged`; a failed write `guard-failed`, and so does every one after it.
 */
export function openGuardFile(path: string): GuardFile {
  const stored = readStored(path);
  let { sequence, capacity, value } = stored ?? { sequence: 0, capacity: FIRST_CAPACITY, value: null };
  let failure: StorageError | null = null;
  let file: number | null = null;
  let syncs = 0;

  /** A file with room for `next`, in place of the old one. */
  function writeWhole(next: Uint8Array): void {
    while (encodeCopy({ sequence: sequence + 1, value: next }, capacity) === null) capacity *= 2;
    const fresh = openSync(`${path}.new`, 'w', 0o600);
    writeAll(fresh, encodeFile({ sequence: sequence + 1, value: next }, capacity), 0);
    fsyncSync(fresh);
    renameSync(`${path}.new`, path);
    syncFolder(dirname(path));
    if (file !== null) closeSync(file);
    file = fresh;
    sequence++;
  }

  function writeSlot(into: number, next: Uint8Array): boolean {
    const copy = encodeCopy({ sequence: sequence + 1, value: next }, capacity);
    if (copy === null) return false;
    for (const place of copyPlaces(sequence + 1, capacity)) writeAll(into, copy, place);
    fdatasyncSync(into);
    sequence++;
    return true;
  }

  function attempt(work: () => void): void {
    try {
      work();
    } catch (cause) {
      failure = storageError('guard-failed', `writing ${path}`, cause);
      throw failure;
    }
  }

  // A killed process may have left the newest value in the page cache only, or in one copy.
  if (stored !== null)
    attempt(() => {
      file = openSync(path, 'r+');
      if (stored.whole) fdatasyncSync(file);
      else writeWhole(stored.value);
    });

  return {
    read: () => value?.slice() ?? null,
    write(next) {
      if (failure !== null) throw failure;
      attempt(() => {
        if (file === null || !writeSlot(file, next)) writeWhole(next);
      });
      syncs++;
      value = next.slice();
    },
    get syncs() {
      return syncs;
    },
  };
}

/**
 * Writes the birth marker of a new home: a guard that is there and says nothing. The first vote takes its place, and a key
 * with neither log nor marker is known to have lost its memory.
 */
export function writeBirthMarker(path: string): void {
  const file = openSync(path, 'wx', 0o600);
  writeAll(file, encodeFile({ sequence: 1, value: new Uint8Array(0) }, FIRST_CAPACITY), 0);
  fsyncSync(file);
  closeSync(file);
  syncFolder(dirname(path));
}

function readStored(path: string) {
  let bytes: Uint8Array;
  try {
    const read = readFileSync(path);
    bytes = new Uint8Array(read.buffer, read.byteOffset, read.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw storageError('guard-failed', `reading ${path}`, error);
  }
  return decodeFile(bytes, path);
}

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
