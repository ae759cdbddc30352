import { describe, expect, it } from 'vitest';
import type { Leaf } from '../records/leaf.ts';
import type { Profile } from '../records/profile.ts';
import { unknownDates } from './validity.ts';

/** A profile whose actions have these date fields: `name: [digest, …fields]`. */
const profileWith = (actions: Record<string, readonly [digest: string, ...fields: string[]]>) => {
  const list = Object.entries(actions).map(([name, [digest, ...fields]]) => ({
    name,
    digest,
    fields: fields.map(field => ({ name: field, type: 'date' })),
  }));
  return { actions: list } as unknown as Profile;
};
const LICENCE = profileWith({
  issue: ['required', 'effective', 'expires'],
  change: ['required', 'effective', 'expires'],
  suspend: ['optional', 'effective'],
});
const leaf = (version: number, ...sealed: string[]) => {
  const meta = new Map(sealed.map(name => [name, new Uint8Array(32)]));
  return { version, entry: { value: { meta } } } as unknown as Leaf;
};
const shown = (fields: Record<string, string | null>) => ({ meta: new Map(Object.entries(fields)) });
const BOTH = { effective: '2020-01-01', expires: '2030-01-01' };

describe('dates of a sealed subject that stay unknown', () => {
  it('are those that a record commits to and does not show, or shows as no date', () => {
    const first = leaf(1, 'effective', 'expires', 'title');
    expect(unknownDates(first, shown(BOTH), LICENCE, true)).toEqual([]);
    expect(unknownDates(first, shown({ ...BOTH, expires: null }), LICENCE, true)).toEqual([]);
    expect(unknownDates(first, shown({ ...BOTH, expires: '2030-02-30' }), LICENCE, true)).toEqual([
      'expires',
    ]);
    expect(unknownDates(first, shown({ expires: '2030-01-01' }), LICENCE, true)).toEqual(['effective']);
    expect(unknownDates(leaf(1, 'title'), shown({}), LICENCE, true)).toEqual([]);
  });

  it('are those that a later record leaves as they were, if the profile has any', () => {
    expect(unknownDates(leaf(2), shown({}), LICENCE, true)).toEqual(['effective', 'expires']);
    expect(unknownDates(leaf(2), shown({}), null, true)).toEqual(['effective', 'expires']);
    expect(unknownDates(leaf(2), shown({}), profileWith({ issue: ['required'] }), true)).toEqual([]);
    expect(unknownDates(leaf(2, 'effective', 'expires'), shown(BOTH), LICENCE, true)).toEqual([]);
  });

  it('are the end of one that has later records, where one of those may have moved it with the file as it was', () => {
    const extended = profileWith({ issue: ['required', 'expires'], extend: ['none', 'expires'] });
    const first = leaf(1, 'expires');
    expect(unknownDates(first, shown(BOTH), extended, true)).toEqual([]);
    expect(unknownDates(first, shown(BOTH), extended, false)).toEqual(['expires']);
    expect(unknownDates(leaf(1, 'effective', 'expires'), shown(BOTH), LICENCE, false)).toEqual([]);
  });
});
