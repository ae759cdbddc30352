import { concat, u32 } from '@qifeng/core';
import { latin1 } from '@qifeng/core/native';
import type { ListRow, RecordList } from '../ports/ledger-store.ts';
import { BUCKET, type Bucket, packNumbers, readNumber, unpackNumbers } from './buckets.ts';
import type { View } from './key-value.ts';
import { read, readPresent, type SealedBatch } from './sealed.ts';

/** Log indexes in a chunk: bounds what an append to a long list rewrites, 256 bytes on average. */
const CHUNK = 64;
/** Bytes of a packed number. */
const NUMBER = 8;
/** What a list is kept of: also of the records that link to another, under its log index. */
type StoredList = RecordList | 'link';
/** A row of any list. */
export type StoredRow = Omit<ListRow, 'list'> & { readonly list: StoredList };
const LISTS: readonly StoredList[] = ['digest', 'subject', 'publisher', 'link'];

/** The end of a list: how many full chunks there are, and the indexes after them, fewer than a chunk. */
interface Tail {
  readonly full: number;
  readonly last: readonly number[];
}

/**
 * Appends rows. A list is full chunks under (list, name, number) and a tail under (list, name), so that point reads
 * suffice, and a list of a few rows, as nearly all are, is one value.
 */
export function stageRows(batch: SealedBatch, view: View, rows: readonly StoredRow[]): void {
  const groups = new Map<string, { readonly row: StoredRow; readonly indexes: number[] }>();
  for (const row of rows) {
    const group = row.list + latin1(row.name);
    const held = groups.get(group);
    if (held === undefined) groups.set(group, { row, indexes: [row.index] });
    else held.indexes.push(row.index);
  }
  for (const { row, indexes } of groups.values()) {
    const tail = read(view, listKey(BUCKET.listTail, row.list, row.name)) ?? packNumbers([0]);
    // Joined as bytes: a list of a publisher has a long tail, and every block adds to it.
    let values = concat(tail.subarray(NUMBER), packNumbers(indexes));
    let full = readNumber(tail, 0);
    for (; values.length >= CHUNK * NUMBER; full++) {
      batch.put(listKey(BUCKET.listChunk, row.list, row.name, u32(full)), values.subarray(0, CHUNK * NUMBER));
      values = values.subarray(CHUNK * NUMBER);
    }
    batch.put(listKey(BUCKET.listTail, row.list, row.name), packNumbers([full]), values);
  }
}

/** Log indexes from `from` on, ascending, at most `limit`. */
export function readList(
  view: View,
  list: StoredList,
  name: Uint8Array,
  from: number,
  limit: number,
): number[] {
  const { full, last } = readTail(view, list, name);
  const chunk = (number: number) =>
    unpackNumbers(readPresent(view, listKey(BUCKET.listChunk, list, name, u32(number)), 'a part of a list'));
  const found: number[] = [];
  for (let number = firstChunk(full, from, chunk); number <= full && found.length < limit; number++)
    for (const index of number < full ? chunk(number) : last)
      if (index >= from && found.length < limit) found.push(index);
  return found;
}

/** The last log index in a list, or null. */
export function lastOf(view: View, list: StoredList, name: Uint8Array): number | null {
  const { full, last } = readTail(view, list, name);
  return last.at(-1) ?? (full === 0 ? null : readList(view, list, name, 0, full * CHUNK).at(-1)!);
}

/** The first chunk whose last index is at or above `from`; `full` is the tail. */
function firstChunk(full: number, from: number, chunk: (number: number) => number[]): number {
  let low = 0;
  for (let high = full; low < high; ) {
    const middle = (low + high) >> 1;
    if (chunk(middle).at(-1)! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readTail(view: View, list: StoredList, name: Uint8Array): Tail {
  const bytes = read(view, listKey(BUCKET.listTail, list, name));
  if (bytes === null) return { full: 0, last: [] };
  return { full: readNumber(bytes, 0), last: unpackNumbers(bytes.subarray(NUMBER)) };
}

/** A chunk's number has a fixed length, so that no two names share a key. */
function listKey(bucket: Bucket, list: StoredList, name: Uint8Array, ...chunk: Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(bucket, LISTS.indexOf(list)), name, ...chunk);
}
