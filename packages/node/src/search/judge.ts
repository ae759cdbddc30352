import {
  isVerdict,
  type Leaf,
  type Profile,
  possibleVerdicts,
  type Term,
  type Verdict,
  verdictOf,
} from '@qifeng/core';
import { type Marks, SEGMENT } from '../ports/search.ts';
import { dateOfDay, dayOf, timeOn } from './document.ts';

/** Where the subject of a record stood after it, on the day of the search. */
export interface FoundVerdict extends Omit<Verdict, 'by'> {
  /** The last day before `next`, or null. */
  readonly until: string | null;
}

/** Gives a profile in its present version, or null. */
export type ProfileOf = (name: string) => Profile | null;

/** Judges subjects by what the index keeps of their standing, on one day. */
export class Judge {
  readonly #profileOf: ProfileOf;
  readonly #at: string;
  readonly #day: number;
  readonly #profiles = new Map<string, Profile | null>();
  readonly #possible = new Map<string, ReadonlySet<Verdict['word']>>();

  constructor(profileOf: ProfileOf, at: string) {
    this.#profileOf = profileOf;
    this.#at = at;
    this.#day = dayOf(at);
  }

  /** Whether the verdict on the subject after a record may be this one, as far as the index tells. */
  mayBe(sought: Verdict['word'], marks: Marks, index: number): boolean {
    const offset = index % SEGMENT;
    const name = marks.states[marks.state[offset]! - 1];
    if (name === undefined) return true;
    const [from, to] = [marks.validFrom[offset]!, marks.validTo[offset]!];
    const term: Term = from > this.#day ? 'not-yet' : to !== 0 && to < this.#day ? 'lapsed' : 'in-force';
    for (const word of this.#wordsOf(name, term, to !== 0)) if (isVerdict({ word }, sought)) return true;
    return false;
  }

  /** The verdict on the subject after a record, as `verdictOf` gives it. */
  verdict(marks: Marks, index: number, leaf: Leaf): FoundVerdict {
    const offset = index % SEGMENT;
    const [, state = ''] = (marks.states[marks.state[offset]! - 1] ?? '').split('/');
    const [validFrom, validTo] = [dateOfDay(marks.validFrom[offset]!), dateOfDay(marks.validTo[offset]!)];
    const profile = this.#profile(leaf.entry.value.profile);
    const { word, inForce, next } = verdictOf({ state, validFrom, validTo }, leaf, profile, timeOn(this.#at));
    return { word, inForce, next, until: next === null ? null : validTo };
  }

  #wordsOf(name: string, term: Term, ends: boolean): ReadonlySet<Verdict['word']> {
    const key = `${name} ${term} ${ends}`;
    let words = this.#possible.get(key);
    if (words === undefined) {
      const [profile = '', state = ''] = name.split('/');
      words = possibleVerdicts(state, this.#profile(profile), term, ends);
      this.#possible.set(key, words);
    }
    return words;
  }

  #profile(name: string): Profile | null {
    let profile = this.#profiles.get(name);
    if (profile === undefined) {
      profile = this.#profileOf(name);
      this.#profiles.set(name, profile);
    }
    return profile;
  }
}
