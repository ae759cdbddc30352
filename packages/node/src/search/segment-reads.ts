import { type Follows, INHERITED, type Marks, SEGMENT, type SearchReader } from '../ports/search.ts';

/** The index as one search reads it: counted, and what is asked for again kept. */
export class SegmentReads {
  readonly #index: SearchReader;
  /** Which records of a segment have a term, a bit each: lists of all segments would take a hundred times as much. */
  readonly #bits = new Map<number, Map<number, Uint8Array>>();
  readonly #follows = new Map<number, Follows>();
  readonly #marks = new Map<number, Marks>();
  /** Parts read so far. */
  reads = 0;

  constructor(index: SearchReader) {
    this.#index = index;
  }

  postings(segment: number, term: number): readonly number[] {
    this.reads++;
    const offsets = this.#index.postings(segment, term);
    const bits = new Uint8Array(SEGMENT / 8);
    for (const offset of offsets) bits[offset >> 3]! |= 1 << (offset & 7);
    let ofTerm = this.#bits.get(term);
    if (ofTerm === undefined) {
      ofTerm = new Map();
      this.#bits.set(term, ofTerm);
    }
    ofTerm.set(segment, bits);
    return offsets;
  }

  /** Whether a record has a term. */
  has(index: number, term: number): boolean {
    const segment = Math.floor(index / SEGMENT);
    const offset = index % SEGMENT;
    let bits = this.#bits.get(term)?.get(segment);
    if (bits === undefined) {
      this.postings(segment, term);
      bits = this.#bits.get(term)!.get(segment)!;
    }
    return (bits[offset >> 3]! & (1 << (offset & 7))) !== 0;
  }

  follows(segment: number): Follows {
    let follows = this.#follows.get(segment);
    if (follows === undefined) {
      this.reads++;
      follows = this.#index.follows(segment);
      this.#follows.set(segment, follows);
    }
    return follows;
  }

  /** For each of `INHERITED` the log index of the record that says it for this one. */
  sources(index: number): readonly number[] {
    const { offsets, sources } = this.follows(Math.floor(index / SEGMENT));
    const offset = index % SEGMENT;
    let low = 0;
    for (let high = offsets.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return offsets[low] === offset ? sources.map(list => list[low]!) : INHERITED.map(() => index);
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
