import { describe, expect, it } from 'vitest';
import { subjectValue } from '../../../../tests/fixtures/ledger-state.ts';
import type { Link } from '../records/entry.ts';
import type { Leaf } from '../records/leaf.ts';
import { type Profile, STANDINGS } from '../records/profile.ts';
import type { FileRole } from './file-role.ts';
import { verdictOf, verifyInForce } from './verdict.ts';

const NOON = Date.UTC(2026, 5, 15, 4);
const title = { zh: '题', en: 'Title' };
const leafWith = (...rels: string[]) => {
  const links = rels.map((rel): Link => ({ rel, subject: { issuer: 'x', id: rel }, index: 7 }));
  return { entry: { value: { links } } } as unknown as Leaf;
};
const word = (change: Partial<Parameters<typeof subjectValue>[0]>, ...rels: string[]) =>
  verdictOf(subjectValue({ head: 9, ...change }), leafWith(...rels), null, NOON).word;

describe('the verdict on a subject', () => {
  it('is what its state means by the profile, else by its name, else nothing is said', () => {
    const states = [{ name: 'issued', title, standing: 'in-force' as const }];
    const profile = { states } as unknown as Profile;
    const issued = subjectValue({ head: 1, state: 'issued' });
    expect(verdictOf(issued, null, profile, NOON)).toEqual({
      word: 'in-force',
      inForce: true,
      next: null,
      by: [],
    });
    expect(verdictOf(issued, null, null, NOON)).toEqual({
      word: 'other',
      inForce: false,
      next: null,
      by: [],
    });
    for (const standing of STANDINGS) expect(word({ state: standing })).toBe(standing);
    // A state that nothing known explains is not judged, whether the profile is known without it or not at all.
    for (const known of [profile, null]) {
      const judged = verifyInForce(verdictOf(subjectValue({ head: 1, state: 'frozen' }), null, known, NOON));
      expect(judged.ok ? null : judged.fault.code).toBe('state-unknown');
    }
    // A profile’s own word goes before the name of its state.
    const renamed = { states: [{ name: 'in-force', title, standing: 'suspended' }] } as unknown as Profile;
    expect(verdictOf(subjectValue({ head: 1 }), null, renamed, NOON).word).toBe('suspended');
  });

  it('is never-recorded without a value', () => {
    expect(verdictOf(null, null, null, NOON)).toEqual({
      word: 'never-recorded',
      inForce: false,
      next: null,
      by: [],
    });
  });

  it('goes by the days of a validity in China, the first and the last included', () => {
    const dates = { validFrom: '2026-06-15', validTo: '2026-06-16' };
    const at = (ms: number) => verdictOf(subjectValue({ head: 1, ...dates }), null, null, ms);
    const midnight = Date.UTC(2026, 5, 14, 16);
    expect(at(midnight - 1)).toMatchObject({ word: 'not-yet', inForce: false });
    expect(at(midnight)).toMatchObject({ word: 'in-force', inForce: true });
    expect(at(midnight + 2 * 86_400_000 - 1).word).toBe('in-force');
    expect(at(midnight + 2 * 86_400_000)).toMatchObject({ word: 'lapsed', inForce: false });
    const code = (verdict: Parameters<typeof verifyInForce>[0], role?: FileRole) => {
      const judged = verifyInForce(verdict, role);
      return judged.ok ? null : judged.fault.code;
    };
    expect(code(at(midnight))).toBeNull();
    expect(code(at(midnight), 'earlier')).toBe('not-in-force');
    for (const ms of [midnight - 1, midnight]) expect(code(at(ms), 'enclosed')).toBe('enclosed-file');
    for (const ms of [midnight - 1, midnight + 2 * 86_400_000]) expect(code(at(ms))).toBe('not-in-force');
    expect(code(null)).toBe('standing-unproven');
    expect(word({ state: 'amended', validTo: '2026-06-14' })).toBe('lapsed');
    expect(word({ state: 'repealed', validFrom: '2030-01-01' })).toBe('repealed');
  });

  it('of a repeal with a date to come is in force up to that day, where it is the repeal that names it', () => {
    const dates = { validFrom: '2026-06-01', validTo: '2026-06-16' };
    const midnight = Date.UTC(2026, 5, 16, 16);
    const repeal = (change: Partial<Leaf['entry']['value']> = {}) => {
      const meta = new Map([['expires', '2026-06-16']]);
      const value = { action: 'repeal', meta, links: [], ...change };
      return (state: string, ms: number) =>
        verdictOf(
          subjectValue({ head: 1, state, ...dates }),
          { entry: { value } } as unknown as Leaf,
          null,
          ms,
        );
    };
    expect(repeal()('repealed', midnight - 1)).toEqual({
      word: 'in-force',
      inForce: true,
      next: 'repealed',
      by: [],
    });
    expect(repeal()('repealed', midnight)).toMatchObject({ word: 'repealed', inForce: false, next: null });
    expect(repeal()('repealed', Date.UTC(2026, 4, 1))).toMatchObject({ word: 'not-yet', inForce: false });
    expect(repeal()('lapsed', midnight - 1)).toMatchObject({ word: 'in-force', next: 'lapsed' });
    const replaced = { links: [{ rel: 'replaced-by', subject: { issuer: 'x', id: 'y' }, index: 7 }] };
    expect(repeal(replaced)('repealed', midnight - 1)).toMatchObject({
      word: 'in-force',
      next: 'superseded',
    });
    expect(repeal(replaced)('repealed', midnight).word).toBe('superseded');
    // At once: the day is that of an earlier record, or sealed, or it is no such end.
    const sealed = new Map([['expires', new Uint8Array(32)]]);
    for (const now of [repeal({ meta: new Map() }), repeal({ meta: sealed })])
      expect(now('repealed', midnight - 1)).toMatchObject({ word: 'repealed', inForce: false, next: null });
    expect(repeal()('revoked', midnight - 1)).toMatchObject({ word: 'revoked', inForce: false });
  });

  it('knows every day of the calendar', () => {
    for (let day = Date.UTC(1896, 0, 1); day < Date.UTC(2105, 0, 1); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10);
      const value = subjectValue({ head: 1, validFrom: date, validTo: date });
      const words = [-1, 0, 86_399_999, 86_400_000].map(
        ms => verdictOf(value, null, null, day - 8 * 3_600_000 + ms).word,
      );
      expect(words, date).toEqual(['not-yet', 'in-force', 'in-force', 'lapsed']);
    }
  });

  it('names what amended, replaced or repealed it, and is superseded where something took its place', () => {
    expect(word({ state: 'repealed' }, 'repealed-by')).toBe('repealed');
    expect(word({ state: 'repealed' }, 'repealed-by', 'replaced-by')).toBe('superseded');
    expect(word({ state: 'lapsed' }, 'superseded-by')).toBe('superseded');
    expect(word({ state: 'in-force' }, 'replaced-by')).toBe('in-force');
    const amended = subjectValue({ head: 1, state: 'amended' });
    const { by, inForce } = verdictOf(amended, leafWith('based-on', 'amended-by'), null, NOON);
    expect([by.map(({ rel }) => rel), inForce]).toEqual([['amended-by'], true]);
  });
});
