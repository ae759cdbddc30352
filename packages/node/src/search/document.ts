import type { Entry, JudgedValue, Leaf } from '@qifeng/core';
import type { SearchDocument } from '../ports/search.ts';
import { addTerms, TERM, termOf } from './words.ts';

/** Code units of a record's texts that can be found: bounds what a record adds to the index. */
const MAX_UNITS = 256;
const DAY_MS = 86_400_000;
/** 1899-12-31 in days before 1970: day 1 is the first of 1900, and 16 bits reach to 2079. */
const BEFORE_1970 = 25_568;
const CHINA_MS = 8 * 3_600_000;
const MAX_DAY = 0xffff;
/** Fields that say what a subject is called, the first one there. */
const TITLES = ['title', 'name', 'item', 'location'];
/** Fields whose texts come first where not all can be found. */
const FIRST = [...TITLES, 'number'];
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
/** A hash says nothing to a reader, and a sealed subject is one. */
const HASH = /^(?:sha256:|sm3:)?[0-9a-f]{64}$/;

/** What queries can find of the record at `index`, after which its subject, of an issuer of this name, stands as `subject` says. */
export function documentOf(
  index: number,
  leaf: Leaf,
  subject: JudgedValue,
  issuerName: string | null,
): SearchDocument {
  const { value: entry } = leaf.entry;
  const { issuer } = entry.subject;
  const terms = [termOf(TERM.profile, entry.profile), termOf(TERM.issuer, issuer)];
  for (const region of regionsOf(entry)) addRegion(region, terms);
  for (const text of textsOf(entry)) addTerms(text, terms);
  if (issuerName !== null) addTerms(issuerName, terms);
  const number = numberOf(entry);
  if (number !== null) terms.push(termOf(TERM.number, number));
  const title = titleOf(entry) !== null;
  const date = dateOf(entry);
  const dated = date !== null || title || leaf.subjectPrev === null;
  return {
    index,
    prev: leaf.subjectPrev,
    terms,
    says: [title, number !== null, entry.digest !== null],
    profile: entry.profile,
    state: subject.state,
    validity: [optionalDay(subject.validFrom), optionalDay(subject.validTo)],
    day: dated ? dayOf(date ?? recordedDate(leaf)) : 0,
    links: entry.links.map(link => link.index).filter(target => target < index),
  };
}

/**
 * The texts in which words are looked for, up to a bound: title, name and number, the subject's id, every other text in the
 * metadata but dates and hashes. A sealed profile's fields are commitments, bytes and no texts: nothing that is hidden can
 * be found.
 */
export function textsOf({ subject, meta }: Entry): readonly string[] {
  const texts: string[] = [];
  let room = MAX_UNITS;
  const add = (value: unknown): void => {
    if (typeof value !== 'string' || value === '' || room === 0) return;
    // The first character tells nearly all apart.
    if (value.charCodeAt(0) < 0x80 && (DATE.test(value) || HASH.test(value))) return;
    const text = value.length > room ? value.slice(0, room) : value;
    room -= text.length;
    texts.push(text);
  };
  for (const name of FIRST) add(meta.get(name));
  add(subject.id);
  for (const [name, value] of meta) {
    if (FIRST.includes(name)) continue;
    if (Array.isArray(value)) for (const item of value) add(item);
    else add(value);
  }
  return texts;
}

/** The title a record gives its subject, or null. */
export function titleOf({ meta }: Entry): string | null {
  for (const name of TITLES) {
    const title = meta.get(name);
    if (typeof title === 'string') return title;
  }
  return null;
}

/** The number a record gives its subject (a 发文字号, or that of a bill), or null. */
export function numberOf({ meta }: Entry): string | null {
  const number = meta.get('number');
  return typeof number === 'string' ? number : null;
}

/** The divisions (GB/T 2260) a record is of: where its issuer is registered, digits 3 to 8 of its code, and its `region`. */
export function regionsOf({ subject, meta }: Entry): readonly string[] {
  const registered = subject.issuer.slice(2, 8);
  const named = meta.get('region');
  return typeof named === 'string' && named !== registered ? [registered, named] : [registered];
}

/** The part of a region's code that the codes of all in it begin with: 350100 → 3501. */
export function regionPrefix(region: string): string {
  return region.replace(/(?:00)+$/, '') || region;
}

function addRegion(region: string, terms: number[]): void {
  const own = regionPrefix(region);
  for (let length = 2; length <= own.length; length += 2)
    terms.push(termOf(TERM.region, own.slice(0, length)));
}

/** The date a record bears: published, else made, else issued; null if it names none. */
export function dateOf({ meta }: Entry): string | null {
  for (const name of ['published', 'made', 'issued']) {
    const date = meta.get(name);
    if (typeof date === 'string' && DATE.test(date)) return date;
  }
  return null;
}

/** The calendar date in China of a record's block. */
export function recordedDate({ time }: Leaf): string {
  return chinaDate(time);
}

/** The calendar date in China at a time in ms. */
export function chinaDate(ms: number): string {
  return new Date(Math.min(ms, 253_402_271_999_999) + CHINA_MS).toISOString().slice(0, 10);
}

/** A time in ms on a date in China. */
export function timeOn(date: string): number {
  return Date.parse(date) - CHINA_MS;
}

function optionalDay(date: string | null): number {
  return date === null ? 0 : dayOf(date);
}

/** The date of a day as `dayOf` counts, null for 0. */
export function dateOfDay(day: number): string | null {
  return day === 0 ? null : new Date((day - BEFORE_1970) * DAY_MS).toISOString().slice(0, 10);
}

/** Days since 1899-12-31 of a date, from 1 to what 16 bits hold: dates beyond count as the last. */
export function dayOf(date: string): number {
  const [, year, month, day] = DATE.exec(date) ?? [];
  // Date.UTC takes years below 100 for those of the last century.
  if (Number(year) < 1900) return 1;
  const days = Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS;
  return Math.min(MAX_DAY, days + BEFORE_1970);
}
