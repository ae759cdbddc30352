/** Records of one segment of the search index: those from a multiple of this on. */
export const SEGMENT = 4096;

/** What a subject's record may leave to an earlier one: then the last that said it holds. */
export const INHERITED = ['title', 'number', 'digest'] as const;
/** One of them. */
export type Inherited = (typeof INHERITED)[number];

/** What queries can find of one record. Derived from the log, and no part of the certified state. */
export interface SearchDocument {
  /** Log index. */
  readonly index: number;
  /** Log index of the subject's record before, or null. */
  readonly prev: number | null;
  /** Terms of what the record itself says, 32 bits each, any of them more than once. */
  readonly terms: readonly number[];
  /** What it says itself of what may be inherited, in the order of `INHERITED`. */
  readonly says: readonly [title: boolean, number: boolean, digest: boolean];
  /** Profile of the subject, and its state after the record. */
  readonly profile: string;
  readonly state: string;
  /** First and last day of the subject's validity after it, as `day` counts; 0: none. */
  readonly validity: readonly [from: number, to: number];
  /** Days since 1899-12-31 of the date that it bears; 0: that of the record whose title holds. */
  readonly day: number;
  /** Log indexes of the records that it links to. */
  readonly links: readonly number[];
}

/** The records of a segment that are not the first of their subject, by ascending offset. */
export interface Follows {
  readonly offsets: readonly number[];
  /** For each, the log index of the subject's record before. */
  readonly prev: readonly number[];
  /** For each of `INHERITED` and each record, the log index of the record that says it. */
  readonly sources: readonly (readonly number[])[];
}

/** State, day and validity of each record of a segment, by offset. */
export interface Marks {
  /** What `state` numbers, from 1 on: `profile/state`; 0: nothing is known. */
  readonly states: readonly string[];
  readonly state: Uint16Array;
  readonly day: Uint16Array;
  readonly validFrom: Uint16Array;
  readonly validTo: Uint16Array;
}

/**
 * The search index as queries read it: all records from the store's base on. It may hold records that no reader sees yet,
 * so whoever reads it keeps below a log size.
 */
export interface SearchReader {
  /** Offsets in a segment of the records with a term, ascending. Terms are hashes: the record has the last word. */
  postings(segment: number, term: number): readonly number[];
  follows(segment: number): Follows;
  marks(segment: number): Marks;
  /** Whether the subject of a record has a later one. */
  isSuperseded(index: number): boolean;
  /** Log indexes of the records that link to a record, ascending. */
  linksTo(index: number): readonly number[];
}
