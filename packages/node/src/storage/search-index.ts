import { u64 } from '@qifeng/core';
import {
  type Follows,
  INHERITED,
  type Marks,
  SEGMENT,
  type SearchDocument,
  type SearchReader,
} from '../ports/search.ts';
import { asciiKey, BUCKET, numberKey, packNumbers, readNumber, unpackNumbers } from './buckets.ts';
import { ByteCache } from './byte-cache.ts';
import type { KeyValue, View } from './key-value.ts';
import { lastOf, readList, type StoredRow, stageRows } from './list-repository.ts';
import { read, readPresent, type SealedBatch } from './sealed.ts';
import {
  followIn,
  OpenSegment,
  readFollows,
  readMarks,
  readPackedFollows,
  readPostings,
} from './search-segment.ts';

/** The form of the index and how many records of it are in full segments. */
const INDEXED = asciiKey(BUCKET.meta, 'indexed');
/** Another form is built again from the log. */
const FORM = 3;
/** Bytes held in memory of what full segments inherit, for the records that follow one of theirs. */
const FOLLOWS_BYTES = 4 * 1024 * 1024;
/** Log indexes of the links of one record that are given at most. */
const MAX_LINKS = 65_536;

/**
 * The search index: 4,096 records a segment. Those of the newest are in memory and worked out again from the log when the
 * store is opened; a segment that is full is written, once, in the batch of the block that filled it. Written record by
 * record its terms were twenty puts each. What changes afterwards is one bit of a record whose subject gets a later one.
 */
export class SearchIndex implements SearchReader {
  #view: () => View;
  /** Where the store begins. */
  readonly #bottom: number;
  #open: OpenSegment;
  /** Full, but perhaps not on disk yet. */
  #full: readonly OpenSegment[] = [];
  readonly #superseded: Map<number, Uint8Array>;
  readonly #follows = new ByteCache(FOLLOWS_BYTES);

  constructor(view: () => View, bottom: number, from: number, superseded: Map<number, Uint8Array>) {
    this.#view = view;
    this.#bottom = bottom;
    this.#open = new OpenSegment(Math.floor(from / SEGMENT));
    this.#superseded = superseded;
  }

  /** From now on, what is on disk is read from here. */
  readFrom(view: () => View): void {
    this.#view = view;
  }

  postings(segment: number, term: number): readonly number[] {
    const held = this.#held(segment);
    return held === null ? readPostings(this.#view(), segment, term) : held.postings(term);
  }

  follows(segment: number): Follows {
    return this.#held(segment)?.follows ?? readFollows(this.#view(), segment);
  }

  marks(segment: number): Marks {
    return this.#held(segment)?.marks ?? readMarks(this.#view(), segment);
  }

  isSuperseded(index: number): boolean {
    const offset = index % SEGMENT;
    const bits = this.#superseded.get(Math.floor(index / SEGMENT));
    return bits !== undefined && (bits[offset >> 3]! & (1 << (offset & 7))) !== 0;
  }

  linksTo(index: number): readonly number[] {
    return readList(this.#view(), 'link', u64(index), 0, MAX_LINKS);
  }

  /**
   * Adds the records of a block, after which the log has `size`; what to do once they are on disk. `again` if they were
   * added before and some of it is on disk.
   */
  stage(batch: SealedBatch, documents: readonly SearchDocument[], size: number, again = false): () => void {
    const filled: OpenSegment[] = [];
    for (const document of documents) {
      this.#fill(Math.floor(document.index / SEGMENT), filled);
      this.#open.add(document, this.#inherited(document.prev ?? document.index, document.index));
    }
    this.#fill(Math.floor(size / SEGMENT), filled);
    for (const segment of filled) segment.stage(batch);
    const bits = this.#supersede(documents);
    const stored = this.#open.number;
    const fresh = new Set(filled.map(({ number }) => number));
    for (const number of new Set([...bits.keys(), ...fresh])) {
      const map = bits.get(number) ?? this.#superseded.get(number);
      // Of the segment in memory it is worked out again like the rest of it.
      if (number < stored && map !== undefined) batch.put(numberKey(BUCKET.searchSuperseded, number), map);
    }
    if (filled.length > 0) batch.put(INDEXED, packNumbers([FORM, this.#open.number * SEGMENT]));
    stageRows(batch, this.#view(), linkRows(documents, again ? this.#view() : null));
    return () => {
      for (const [number, map] of bits) this.#superseded.set(number, map);
      this.#full = this.#full.filter(segment => !filled.includes(segment));
    };
  }

  /** Begins the segment of this number, those before it being full. */
  #fill(number: number, filled: OpenSegment[]): void {
    for (; this.#open.number < number; this.#open = new OpenSegment(this.#open.number + 1)) {
      filled.push(this.#open);
      this.#full = [...this.#full, this.#open];
    }
  }

  #held(segment: number): OpenSegment | null {
    if (segment === this.#open.number) return this.#open;
    return this.#full.find(({ number }) => number === segment) ?? null;
  }

  /** Where the record before one has from what is inherited; one that the store does not hold has nothing. */
  #inherited(prev: number, index: number): readonly number[] {
    if (prev < this.#bottom || prev === index) return INHERITED.map(() => index);
    const segment = Math.floor(prev / SEGMENT);
    return this.#sourcesOf(segment, prev % SEGMENT) ?? INHERITED.map(() => prev);
  }

  #sourcesOf(segment: number, offset: number): readonly number[] | null {
    const held = this.#held(segment);
    if (held !== null) return held.sourcesOf(offset);
    let bytes = this.#follows.get(String(segment));
    if (bytes === undefined) {
      bytes = readPackedFollows(this.#view(), segment);
      this.#follows.set(String(segment), bytes);
    }
    return followIn(bytes, segment, offset);
  }

  /** The bitmaps that change, as they will be. */
  #supersede(documents: readonly SearchDocument[]): Map<number, Uint8Array> {
    const bits = new Map<number, Uint8Array>();
    for (const { prev } of documents) {
      if (prev === null || prev < this.#bottom) continue;
      const number = Math.floor(prev / SEGMENT);
      if (this.isSuperseded(prev)) continue;
      let map = bits.get(number);
      if (map === undefined) {
        map = this.#superseded.get(number)?.slice() ?? new Uint8Array(SEGMENT / 8);
        bits.set(number, map);
      }
      const offset = prev % SEGMENT;
      map[offset >> 3]! |= 1 << (offset & 7);
    }
    return bits;
  }
}

/** The bitmaps on disk, and the index of the first record that is in no full segment of this form; null: there are none. */
export async function loadIndexed(
  store: KeyValue,
): Promise<{ readonly superseded: Map<number, Uint8Array>; readonly from: number | null }> {
  const superseded = new Map<number, Uint8Array>();
  const bytes = read(store, INDEXED);
  const [form, upTo] = bytes === null ? [] : unpackNumbers(bytes);
  if (form !== FORM || upTo === undefined) return { superseded, from: null };
  for await (const stored of store.keys(BUCKET.searchSuperseded))
    superseded.set(readNumber(stored, 1), readPresent(store, stored, 'a bitmap of records').slice());
  return { superseded, from: upTo };
}

/** Rows of the lists of links; given a view, only those that are not in it. */
function linkRows(documents: readonly SearchDocument[], view: View | null): readonly StoredRow[] {
  const rows: StoredRow[] = [];
  for (const { index, links } of documents)
    for (const target of new Set(links)) {
      const name = u64(target);
      if (view === null || (lastOf(view, 'link', name) ?? -1) < index)
        rows.push({ list: 'link', name, index });
    }
  return rows;
}
