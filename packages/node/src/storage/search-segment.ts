import { concat } from '@qifeng/core';
import { type Follows, INHERITED, type Marks, SEGMENT, type SearchDocument } from '../ports/search.ts';
import { BUCKET, numberKey } from './buckets.ts';
import type { View } from './key-value.ts';
import { readPresent, type SealedBatch } from './sealed.ts';

/** Values of one segment's terms: each is read whole, about 2.5 KB (measured), and all are written at once. */
const PARTITIONS = 128;
const TOP_BITS = 25;
/** u32 number of terms. */
const COUNT = 4;
/** i32 hash, u16 bytes of its postings. */
const ENTRY = 6;

/** Offsets whose records are found together: reading of one does not take reading all of a segment. */
const BLOCK = 256;
const BLOCKS = SEGMENT / BLOCK;

/** What is kept of each record beside its terms, 16 bits each, in this order. */
const MARKED = ['state', 'day', 'validFrom', 'validTo'] as const;

/** A segment in memory: that of the newest records, until it is full. */
export class OpenSegment {
  readonly number: number;
  readonly #postings = new Map<number, number[]>();
  readonly #names: string[] = [];
  readonly #state = new Uint16Array(SEGMENT);
  readonly #day = new Uint16Array(SEGMENT);
  readonly #validFrom = new Uint16Array(SEGMENT);
  readonly #validTo = new Uint16Array(SEGMENT);
  readonly #offsets: number[] = [];
  readonly #prev: number[] = [];
  readonly #sources: readonly number[][] = INHERITED.map(() => []);

  constructor(number: number) {
    this.number = number;
  }

  /** Adds a record after all there are; `inherited` says where the one before it has what from. */
  add(document: SearchDocument, inherited: readonly number[]): void {
    const { index, prev, terms, profile, state, day, validity, says } = document;
    const offset = index % SEGMENT;
    for (const term of terms) {
      const offsets = this.#postings.get(term);
      if (offsets === undefined) this.#postings.set(term, [offset]);
      else if (offsets[offsets.length - 1] !== offset) offsets.push(offset);
    }
    const name = `${profile}/${state}`;
    let known = this.#names.indexOf(name) + 1;
    if (known === 0) known = this.#names.push(name);
    this.#state[offset] = known;
    this.#day[offset] = day;
    [this.#validFrom[offset], this.#validTo[offset]] = validity;
    if (prev === null) return;
    this.#offsets.push(offset);
    this.#prev.push(prev);
    for (const [kind, sources] of this.#sources.entries())
      sources.push(says[kind] ? index : inherited[kind]!);
  }

  postings(term: number): readonly number[] {
    return this.#postings.get(term) ?? [];
  }

  get follows(): Follows {
    return { offsets: this.#offsets, prev: this.#prev, sources: this.#sources };
  }

  /** For each of `INHERITED`, the record that says it for the one at an offset; null if that is the first of its subject. */
  sourcesOf(offset: number): readonly number[] | null {
    let low = 0;
    for (let high = this.#offsets.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return this.#offsets[low] === offset ? this.#sources.map(list => list[low]!) : null;
  }

  get marks(): Marks {
    return {
      states: this.#names,
      state: this.#state,
      day: this.#day,
      validFrom: this.#validFrom,
      validTo: this.#validTo,
    };
  }

  /** Puts all of it. */
  stage(batch: SealedBatch): void {
    const parts = Array.from({ length: PARTITIONS }, (): [number, Uint8Array][] => []);
    for (const [term, offsets] of this.#postings)
      parts[term >>> TOP_BITS]!.push([term, packAscending(offsets)]);
    for (const [i, part] of parts.entries())
      batch.put(numberKey(BUCKET.searchTerms, this.number * PARTITIONS + i), packTerms(part));
    batch.put(numberKey(BUCKET.searchFollows, this.number), packFollows(this.number, this.follows));
    batch.put(numberKey(BUCKET.searchMarks, this.number), packMarks(this.marks));
  }
}

/** Offsets of the records of a full segment that have a term. */
export function readPostings(view: View, segment: number, term: number): readonly number[] {
  const key = numberKey(BUCKET.searchTerms, segment * PARTITIONS + (term >>> TOP_BITS));
  const bytes = readPresent(view, key, `terms of segment ${segment}`);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = data.getUint32(0);
  let at = COUNT + count * ENTRY;
  for (let i = 0; i < count; i++) {
    const hash = data.getInt32(COUNT + i * ENTRY);
    const length = data.getUint16(COUNT + i * ENTRY + 4);
    if (hash === term) return unpackAscending(bytes.subarray(at, at + length));
    if (hash > term) break;
    at += length;
  }
  return [];
}

/** What the records of a full segment inherit. */
export function readFollows(view: View, segment: number): Follows {
  const bytes = readPackedFollows(view, segment);
  const follows = {
    offsets: [] as number[],
    prev: [] as number[],
    sources: INHERITED.map((): number[] => []),
  };
  for (let block = 0; block < BLOCKS; block++) unpackBlock(bytes, segment, block, follows);
  return follows;
}

/** The same as it is stored, for `followIn`. */
export function readPackedFollows(view: View, segment: number): Uint8Array {
  return readPresent(view, numberKey(BUCKET.searchFollows, segment), `sources of segment ${segment}`);
}

/** For each of `INHERITED`, the record that says it for the one at an offset; null if that is the first of its subject. */
export function followIn(bytes: Uint8Array, segment: number, offset: number): readonly number[] | null {
  const follows = {
    offsets: [] as number[],
    prev: [] as number[],
    sources: INHERITED.map((): number[] => []),
  };
  unpackBlock(bytes, segment, Math.floor(offset / BLOCK), follows);
  const place = follows.offsets.indexOf(offset);
  return place < 0 ? null : follows.sources.map(list => list[place]!);
}

/** States, days and validities of the records of a full segment. */
export function readMarks(view: View, segment: number): Marks {
  const bytes = readPresent(view, numberKey(BUCKET.searchMarks, segment), `states of segment ${segment}`);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const marks = MARKED.map(() => new Uint16Array(SEGMENT));
  for (const [kind, values] of marks.entries())
    for (let i = 0; i < SEGMENT; i++) values[i] = data.getUint16(2 * (kind * SEGMENT + i));
  const [state, day, validFrom, validTo] = marks as [Uint16Array, Uint16Array, Uint16Array, Uint16Array];
  const names = Buffer.from(bytes.subarray(MARKED.length * 2 * SEGMENT)).toString('utf8');
  return { states: names.split('\n'), state, day, validFrom, validTo };
}

function packTerms(part: [number, Uint8Array][]): Uint8Array {
  part.sort(([a], [b]) => a - b);
  let length = COUNT + part.length * ENTRY;
  for (const [, postings] of part) length += postings.length;
  const bytes = new Uint8Array(length);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, part.length);
  let at = COUNT + part.length * ENTRY;
  for (const [i, [term, postings]] of part.entries()) {
    data.setInt32(COUNT + i * ENTRY, term);
    data.setUint16(COUNT + i * ENTRY + 4, postings.length);
    bytes.set(postings, at);
    at += postings.length;
  }
  return bytes;
}

/** The place where each block of offsets begins, u32, then its records: offset in the block, and how far back the others are. */
function packFollows(segment: number, { offsets, prev, sources }: Follows): Uint8Array {
  const bytes: number[] = [];
  const starts = new DataView(new ArrayBuffer(4 * BLOCKS));
  for (let block = 0, i = 0; block < BLOCKS; block++) {
    starts.setUint32(4 * block, bytes.length);
    for (; i < offsets.length && offsets[i]! < (block + 1) * BLOCK; i++) {
      const index = segment * SEGMENT + offsets[i]!;
      pushNumber(bytes, offsets[i]! - block * BLOCK);
      pushNumber(bytes, index - prev[i]!);
      for (const list of sources) pushNumber(bytes, index - list[i]!);
    }
  }
  return concat(new Uint8Array(starts.buffer), Uint8Array.from(bytes));
}

/** Adds the records of one block. */
function unpackBlock(
  bytes: Uint8Array,
  segment: number,
  block: number,
  { offsets, prev, sources }: { offsets: number[]; prev: number[]; sources: number[][] },
): void {
  const starts = new DataView(bytes.buffer, bytes.byteOffset, 4 * BLOCKS);
  const start = 4 * BLOCKS + starts.getUint32(4 * block);
  const end = block + 1 < BLOCKS ? 4 * BLOCKS + starts.getUint32(4 * (block + 1)) : bytes.length;
  const numbers = unpackNumbers(bytes.subarray(start, end));
  const width = 2 + INHERITED.length;
  for (let at = 0; at < numbers.length; at += width) {
    const offset = block * BLOCK + numbers[at]!;
    const index = segment * SEGMENT + offset;
    offsets.push(offset);
    prev.push(index - numbers[at + 1]!);
    for (const [kind, list] of sources.entries()) list.push(index - numbers[at + 2 + kind]!);
  }
}

function packMarks(marks: Marks): Uint8Array {
  const names = Buffer.from(marks.states.join('\n'), 'utf8');
  const bytes = new Uint8Array(MARKED.length * 2 * SEGMENT + names.length);
  const data = new DataView(bytes.buffer);
  for (const [kind, name] of MARKED.entries())
    for (let i = 0; i < SEGMENT; i++) data.setUint16(2 * (kind * SEGMENT + i), marks[name][i]!);
  bytes.set(names, MARKED.length * 2 * SEGMENT);
  return bytes;
}

/** Ascending numbers as their differences, seven bits a byte, the first ones first. */
function packAscending(values: readonly number[]): Uint8Array {
  if (values.length === 1 && values[0]! < 0x80) return Uint8Array.of(values[0]!);
  const bytes: number[] = [];
  let before = 0;
  for (const value of values) {
    pushNumber(bytes, value - before);
    before = value;
  }
  return Uint8Array.from(bytes);
}

function unpackAscending(bytes: Uint8Array): number[] {
  let before = 0;
  return unpackNumbers(bytes).map(difference => {
    before += difference;
    return before;
  });
}

function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
}

function unpackNumbers(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let unit = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * unit;
    unit *= 0x80;
    if (byte >= 0x80) continue;
    values.push(value);
    value = 0;
    unit = 1;
  }
  return values;
}
