import { decode, invariant, isVerdict, type Leaf, leafCodec, stateName } from '@qifeng/core';
import type { LedgerReader } from '../ports/ledger-store.ts';
import { SEGMENT } from '../ports/search.ts';
import { type FoundVerdict, Judge, type ProfileOf } from './judge.ts';
import { type Asked, answers, ask, type Question } from './question.ts';
import { SegmentReads } from './segment-reads.ts';

/**
 * How far a walk has come: it began when the log had `size` records, and goes on below index `before`. Dates of validity are
 * judged as on the day `at` in China, `YYYY-MM-DD`.
 */
export interface Walk {
  readonly size: number;
  readonly before: number;
  readonly at: string;
}

/** One record that was found; `title` is the log index of the record whose title holds, it may be its own. */
export interface Found {
  readonly index: number;
  readonly leaf: Leaf;
  readonly title: Leaf;
  readonly number: Leaf;
  /** Null where the record was not the last of its subject. */
  readonly verdict: FoundVerdict | null;
}

/** What one search may cost. Above it the page ends early, and the walk goes on from there. */
export interface SearchBudget {
  /** Values read from the index, about 12 µs each. */
  readonly reads: number;
  /** Records read that were not found to answer, about 30 µs each. */
  readonly misses: number;
}

/** The bounds of a node that is told nothing else: tens of milliseconds, tens of megabytes. */
export const DEFAULT_BUDGET: SearchBudget = { reads: 800, misses: 600 };
/** Records by which the log may have grown since a walk began: above it, what has been superseded since takes too long to tell. */
export const MAX_GROWTH = 64 * SEGMENT;
/** Terms of a question's words that are looked up: more narrow it no further, and the records are read in any case. */
const MAX_TERMS = 6;
/** Records of one digest that are looked at. */
const MAX_DIGEST = 65_536;

/** What a search has to know of the state: profiles in their present version, and what publishers are called. */
export interface Names {
  readonly profile: ProfileOf;
  readonly publisher: (code: string) => string | null;
}

/** A page of a search: `next` is where the walk goes on, null at its end. */
export interface SearchPage {
  readonly found: readonly Found[];
  readonly next: Walk | null;
}

/**
 * The records that answer a question, newest first, as they stood when the log had `walk.size` records: pages of one walk
 * neither repeat nor miss any while the log grows. The index names candidates, the records themselves decide. The walk
 * must be of this log, at a block's end, and not older than `MAX_GROWTH`.
 */
export function search(
  ledger: LedgerReader,
  question: Question,
  walk: Walk,
  limit: number,
  names: Names,
  budget: SearchBudget = DEFAULT_BUDGET,
): SearchPage {
  const asked = ask(question);
  const upTo = (before: number): Walk => ({ ...walk, before });
  const bottom = ledger.base()?.size ?? 0;
  const candidates = new Candidates(ledger, asked, walk, new Judge(names.profile, walk.at));
  const issuers = new Map<string, string | null>();
  const found: Found[] = [];
  let misses = 0;
  const nameOf = ({ entry }: Leaf): string | null => {
    const { issuer } = entry.value.subject;
    const known = issuers.get(issuer);
    if (known !== undefined) return known;
    const name = names.publisher(issuer);
    issuers.set(issuer, name);
    return name;
  };
  for (
    let segment = Math.floor((walk.before - 1) / SEGMENT);
    segment >= Math.floor(bottom / SEGMENT);
    segment--
  ) {
    const first = segment * SEGMENT;
    const offsets = candidates.of(segment);
    for (let i = offsets.length - 1; i >= 0; i--) {
      const index = first + offsets[i]!;
      if (index >= walk.before || index < bottom) continue;
      const enough = misses > budget.misses || candidates.reads > budget.reads;
      // A page that looked at nothing would go on from where it began.
      if (enough && index + 1 < walk.before) return { found, next: upTo(index + 1) };
      if (!candidates.holds(index)) continue;
      const one = candidates.found(index);
      if (
        !answers(asked, { ...one, own: one.leaf, issuerName: nameOf(one.leaf) }) ||
        !stands(question, one)
      ) {
        misses++;
        continue;
      }
      // One more than the page shows that there is a next one.
      if (found.length === limit) return { found, next: upTo(index + 1) };
      found.push(one);
    }
    if (candidates.reads > budget.reads && first > bottom) return { found, next: upTo(first) };
  }
  return { found, next: null };
}

function stands({ standing }: Question, { verdict }: Found): boolean {
  return standing === null || (verdict !== null && isVerdict(verdict, standing));
}

/** What the index says of one question. */
class Candidates {
  readonly #ledger: LedgerReader;
  readonly #asked: Asked;
  /** Terms that a record must have, itself or by what it inherits; known once a segment was looked at. */
  #words: readonly number[] | null = null;
  readonly #last: boolean;
  readonly #judge: Judge;
  readonly #since: ReadonlySet<number>;
  readonly #digests: Carriers | null;
  readonly #index: SegmentReads;
  readonly #leaves = new Map<number, Leaf>();

  constructor(ledger: LedgerReader, asked: Asked, { size }: Walk, judge: Judge) {
    const { digest, state, standing, records } = asked.question;
    this.#ledger = ledger;
    this.#asked = asked;
    this.#index = new SegmentReads(ledger.search);
    this.#judge = judge;
    // The state is known of the last records only.
    this.#last = records === 'last' || state !== null || standing !== null;
    this.#since = this.#supersededSince(size);
    this.#digests =
      digest === null
        ? null
        : new Carriers(ledger.list('digest', stateName('digest', digest.alg, digest.hash), 0, MAX_DIGEST));
  }

  get reads(): number {
    return this.#index.reads;
  }

  /** Offsets of records that may answer, ascending: by the terms that they must have themselves, then by the words. */
  of(segment: number): readonly number[] {
    const { own } = this.#asked;
    let offsets: readonly number[] | null = null;
    for (const term of own) {
      offsets = common(offsets, this.#index.postings(segment, term));
      if (offsets.length === 0) return offsets;
    }
    this.#words ??= this.#rarest(segment);
    let said: readonly number[] | null = this.#digests === null ? null : this.#digests.in(segment);
    for (const term of this.#words) {
      if (said?.length === 0) break;
      said = common(said, this.#index.postings(segment, term));
    }
    if (said === null) return offsets ?? ALL;
    // What a record does not say itself it may inherit.
    const first = segment * SEGMENT;
    const follows = this.#index.follows(segment).offsets;
    const inheriting = this.#last ? follows.filter(offset => this.#isLast(first + offset)) : follows;
    return common(offsets, united(said, inheriting));
  }

  /** The terms of the words and the number, those first that fewest records have; the records have the last word. */
  #rarest(segment: number): readonly number[] {
    const { words, number } = this.#asked;
    const counted = words.map(term => ({ term, count: this.#index.postings(segment, term).length }));
    const rarest = counted.sort((a, b) => a.count - b.count).slice(0, MAX_TERMS);
    return [...(number === null ? [] : [number]), ...rarest.map(({ term }) => term)];
  }

  /** Whether the index has nothing against a record; its own terms were looked at. */
  holds(index: number): boolean {
    const { days, question } = this.#asked;
    const digests = this.#digests;
    const words = this.#words ?? [];
    if (this.#last && !this.#isLast(index)) return false;
    const { state: sought, standing } = question;
    if (sought !== null) {
      const { states, state } = this.#index.marks(index);
      if (states[state[index % SEGMENT]! - 1]?.split('/')[1] !== sought) return false;
    }
    if (standing !== null && !this.#judge.mayBe(standing, this.#index.marks(index), index)) return false;
    if (digests === null && words.length === 0 && days === null) return true;
    const [title, byNumber, byDigest] = this.#index.sources(index) as [number, number, number];
    if (digests !== null && !digests.has(question.records === 'all' ? index : byDigest)) return false;
    for (const term of words)
      if (
        !this.#index.has(index, term) &&
        !(title !== index && this.#index.has(title, term)) &&
        !(byNumber !== index && this.#index.has(byNumber, term))
      )
        return false;
    if (days === null) return true;
    const own = this.#index.marks(index).day[index % SEGMENT]!;
    const borne = own !== 0 ? own : this.#index.marks(title).day[title % SEGMENT]!;
    return borne >= days[0] && borne <= days[1];
  }

  found(index: number): Found {
    const [title, number] = this.#index.sources(index);
    const leaf = this.#leaf(index);
    const verdict = this.#isLast(index) ? this.#judge.verdict(this.#index.marks(index), index, leaf) : null;
    return { index, leaf, title: this.#leaf(title!), number: this.#leaf(number!), verdict };
  }

  #leaf(index: number): Leaf {
    const known = this.#leaves.get(index);
    if (known !== undefined) return known;
    const bytes = this.#ledger.leaf(index);
    const leaf = bytes === null ? null : decode(leafCodec, bytes);
    invariant(leaf?.ok === true, `record ${index} is in the log`);
    this.#leaves.set(index, leaf.value);
    return leaf.value;
  }

  #isLast(index: number): boolean {
    return !this.#ledger.search.isSuperseded(index) || this.#since.has(index);
  }

  /** The records that were the last of their subjects when the log had `size` records, and are no more. */
  #supersededSince(size: number): ReadonlySet<number> {
    const since = new Set<number>();
    const end = this.#ledger.head()?.size ?? 0;
    for (let segment = Math.floor(size / SEGMENT); segment * SEGMENT < end; segment++) {
      const { offsets, prev } = this.#index.follows(segment);
      for (const [i, offset] of offsets.entries()) {
        const index = segment * SEGMENT + offset;
        if (index >= size && index < end) since.add(prev[i]!);
      }
    }
    return since;
  }
}

/** The records that carry a digest. */
class Carriers {
  readonly #indexes: readonly number[];
  readonly #set: ReadonlySet<number>;

  constructor(indexes: readonly number[]) {
    this.#indexes = indexes;
    this.#set = new Set(indexes);
  }

  has(index: number): boolean {
    return this.#set.has(index);
  }

  /** Offsets of those in a segment. */
  in(segment: number): readonly number[] {
    return this.#indexes
      .filter(index => Math.floor(index / SEGMENT) === segment)
      .map(index => index % SEGMENT);
  }
}

const ALL: readonly number[] = Array.from({ length: SEGMENT }, (_, offset) => offset);

/** What both have, ascending as they are; null stands for everything. */
function common(a: readonly number[] | null, b: readonly number[]): readonly number[] {
  if (a === null) return b;
  const both: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) both.push(a[i]!);
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return both;
}

/** What either has, ascending as they are. */
function united(a: readonly number[], b: readonly number[]): readonly number[] {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const either: number[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [x = SEGMENT, y = SEGMENT] = [a[i], b[j]];
    either.push(Math.min(x, y));
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return either;
}
