import { type Follows, INHERITED, type Marks, SEGMENT, type SearchReader } from '../ports/search.ts';

/** The index as one search reads it: each part of a segment once, and counted. */
export class SegmentReads {
  readonly #index: SearchReader;
  readonly #postings = new Map<string, readonly number[]>();
  readonly #sets = new Map<string, ReadonlySet<number>>();
  readonly #follows = new Map<number, Follows & { readonly places: ReadonlyMap<number, number> }>();
  readonly #marks = new Map<number, Marks>();
  /** Parts read so far. */
  reads = 0;

  constructor(index: SearchReader) {
    this.#index = index;
  }

  postings(segment: number, term: number): readonly number[] {
    const key = `${segment} ${term}`;
    let offsets = this.#postings.get(key);
    if (offsets === undefined) {
      this.reads++;
      offsets = this.#index.postings(segment, term);
      this.#postings.set(key, offsets);
    }
    return offsets;
  }

  /** Whether a record has a term. */
  has(index: number, term: number): boolean {
    const segment = Math.floor(index / SEGMENT);
    const key = `${segment} ${term}`;
    let set = this.#sets.get(key);
    if (set === undefined) {
      set = new Set(this.postings(segment, term));
      this.#sets.set(key, set);
    }
    return set.has(index % SEGMENT);
  }

  follows(segment: number): Follows & { readonly places: ReadonlyMap<number, number> } {
    let follows = this.#follows.get(segment);
    if (follows === undefined) {
      this.reads++;
      const read = this.#index.follows(segment);
      follows = { ...read, places: new Map(read.offsets.map((offset, i) => [offset, i])) };
      this.#follows.set(segment, follows);
    }
    return follows;
  }

  /** For each of `INHERITED` the log index of the record that says it for this one. */
  sources(index: number): readonly number[] {
    const { places, sources } = this.follows(Math.floor(index / SEGMENT));
    const place = places.get(index % SEGMENT);
    return INHERITED.map((_, kind) => (place === undefined ? index : sources[kind]![place]!));
  }

  /** State and day of the records of a record's segment. */
  marks(index: number): Marks {
    const segment = Math.floor(index / SEGMENT);
    let marks = this.#marks.get(segment);
    if (marks === undefined) {
      this.reads++;
      marks = this.#index.marks(segment);
      this.#marks.set(segment, marks);
    }
    return marks;
  }
}
