import { encode, publisherChangeCodec, toHex, usccCheckCharacter } from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRow, csvRows } from '../files/csv.ts';
import { changeOf, grouped, type Item } from './item.ts';
import { columnsOf, type ListedTexts, listedOf, textsOf } from './roster.ts';

const KEY = toHex(nativeSigner(new Uint8Array(32).fill(5)).publicKey);
const MEMBERS = new Set(['110000', '350000']);
const texts = (over: Partial<ListedTexts> = {}): ListedTexts => ({
  code: '91350100M000100Y43',
  name: '演示企业',
  home: '350000',
  key: KEY,
  roles: 'policy',
  quota: '',
  ...over,
});
const verdict = (over: Partial<ListedTexts>) => {
  const listed = listedOf(texts(over), MEMBERS, nativeSuite.verifier, 'en');
  return listed.ok ? listed.value : listed.fault.code;
};

describe('rows of CSV', () => {
  it('are read back whatever is in their fields, with the lines they begin on', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '文', ',', '"', '\n', '\r', ' ') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), (cells, end, mark) => {
        const quoted = cells.map(row => row.map(text => `"${text.replaceAll('"', '""')}"`).join(','));
        const text = (mark ? '\ufeff' : '') + quoted.map(row => row + end).join('');
        const lines = quoted.map(
          (_, i) => 1 + quoted.slice(0, i).join('\n').split('\n').length - (i === 0 ? 1 : 0),
        );
        const expected: CsvRow[] = cells.map((fields, i) => ({ line: lines[i]!, fields }));
        expect([...csvRows(text)]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('may be plain, empty, or end without a line end', () => {
    const fields = (text: string) => [...csvRows(text)].map(row => [row.line, ...row.fields]);
    expect(fields('a,b\n\nc,d')).toEqual([
      [1, 'a', 'b'],
      [3, 'c', 'd'],
    ]);
    expect(fields('a,\n,b\r\n')).toEqual([
      [1, 'a', ''],
      [2, '', 'b'],
    ]);
    expect(fields('"a"x,"b\nc\n')).toEqual([[1, 'ax', 'b\nc\n']]);
    expect(fields('')).toEqual([]);
  });
});

describe('a roster', () => {
  const header = (...fields: string[]) => headerWith(false, ...fields);
  const headerWith = (rolesOutside: boolean, ...fields: string[]) => {
    const columns = columnsOf({ line: 1, fields }, rolesOutside, 'en');
    return columns.ok ? [...columns.value.keys()].join() : columns.fault.code;
  };

  it('names its columns in any order, the key if it likes', () => {
    expect(header('quota', 'Code', ' name', 'home', 'roles')).toBe('quota,code,name,home,roles');
    expect(header('code', 'name', 'home', 'roles')).toBe('bad-header');
    expect(header('code', 'name', 'home', 'quota')).toBe('bad-header');
    expect(headerWith(true, 'code', 'name', 'home', 'quota')).toBe('code,name,home,quota');
    expect(headerWith(true, 'code', 'name', 'home', 'roles', 'quota')).toBe('bad-header');
    expect(headerWith(true, 'code', 'name', 'home')).toBe('bad-header');
    expect(header('code', 'name', 'home', 'roles', 'quota', 'code')).toBe('bad-header');
    expect(header('code', 'name', 'home', 'roles', 'quota', 'colour')).toBe('bad-header');
  });

  it('has as many fields in a row as columns', () => {
    const columns = columnsOf({ line: 1, fields: ['name', 'code', 'home', 'roles', 'quota'] }, false, 'en');
    if (!columns.ok) throw new Error(columns.fault.detail);
    const row = (fields: string[]) => textsOf({ line: 2, fields }, columns.value, 'note', 'en');
    expect(row(['n', '91350100m000100y43', '350000', '', '3'])).toEqual({
      ok: true,
      value: { code: '91350100M000100Y43', name: 'n', home: '350000', key: '', roles: '', quota: '3' },
    });
    expect(row(['n', 'c'])).toMatchObject({ ok: false, fault: { code: 'bad-row' } });
  });

  it('has roles from outside only where it has no column for them', () => {
    const columns = columnsOf({ line: 1, fields: ['code', 'name', 'home', 'quota'] }, true, 'en');
    if (!columns.ok) throw new Error(columns.fault.detail);
    expect(textsOf({ line: 2, fields: ['c', 'n', 'h', ''] }, columns.value, 'note', 'en')).toMatchObject({
      value: { roles: 'note' },
    });
  });

  it('is of publishers that are sound in themselves', () => {
    expect(verdict({ roles: 'policy; note:actor', quota: '5' })).toMatchObject({
      id: '91350100M000100Y43',
      quota: 5,
      roles: [
        { profile: 'note', role: 'actor' },
        { profile: 'policy', role: 'issuer' },
      ],
    });
    expect(verdict({ key: '', roles: 'all' })).toMatchObject({ keys: [], roles: [], quota: 0 });
    expect(verdict({ roles: 'all:issuer' })).toMatchObject({ roles: [{ profile: 'all', role: 'issuer' }] });
    expect(verdict({ key: `${KEY} ${KEY.toUpperCase()}` })).toMatchObject({ keys: [{}, {}] });
  });

  it.each<[string, Partial<ListedTexts>]>([
    ['bad-uscc', { code: '91350211M000100Y43' }],
    ['bad-uscc', { code: '' }],
    ['bad-name', { name: '' }],
    ['bad-name', { name: '文'.repeat(86) }],
    ['bad-name', { name: 'a\u0007' }],
    ['bad-name', { name: '张三 11010519491231002X' }],
    ['bad-name', { name: '演示局（机密）' }],
    ['bad-home', { home: '120000' }],
    ['bad-key', { key: KEY.slice(2) }],
    // A point of small order, and more keys than a publisher may have.
    ['bad-key', { key: `01${'00'.repeat(31)}` }],
    ['bad-key', { key: `${KEY} `.repeat(9) }],
    ['bad-role', { roles: 'policy:king' }],
    ['bad-role', { roles: 'Policy' }],
    // An empty cell among thousands must not let somebody do everything.
    ['bad-role', { roles: '' }],
    ['bad-role', { roles: ' ; ' }],
    ['bad-role', { roles: 'policy all' }],
    ['bad-quota', { quota: '-1' }],
    ['bad-quota', { quota: '1.5' }],
  ])('%s: %j', (code, over) => expect(verdict(over)).toBe(code));
});

describe('changes', () => {
  it('hold as many publishers of one home as fit, and nobody is left out', () => {
    const item = fc.record({
      home: fc.constantFrom('110000', '350000'),
      name: fc.string({ unit: fc.constantFrom('文', 'a'), minLength: 1, maxLength: 80 }),
      keys: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 400 }), all => {
        const items = all.map(({ home, name, keys }, i): Item => {
          // Only the order of codes matters here; the codec wants sound ones.
          const id = CODES[i]!;
          const own = Array.from({ length: keys }, () => new Uint8Array(32));
          return { home, id, enrolment: { id, name, keys: own, roles: [], quota: 0 } };
        });
        const groups = grouped(items, '91350100M000100Y43');
        expect(groups.flat().sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(items);
        for (const group of groups) {
          expect(new Set(group.map(({ home }) => home)).size).toBe(1);
          const bytes = encode(publisherChangeCodec, changeOf(group, 0xffff_fffe, '91350100M000100Y43'));
          expect(bytes.length).toBeLessThanOrEqual(8192);
        }
        // One more would not have fitted: every group but the last of its home is nearly full.
        for (const home of ['110000', '350000']) {
          const own = groups.filter(group => group[0]!.home === home);
          for (const group of own.slice(0, -1))
            expect(
              encode(publisherChangeCodec, changeOf(group, 0, '91350100M000100Y43')).length,
            ).toBeGreaterThan(6500);
        }
      }),
      { numRuns: 20 },
    );
  });
});

/** Codes in order, with right check characters. */
const CODES = Array.from({ length: 400 }, (_, i) => {
  const body = `91110000${String(i).padStart(9, '0')}`;
  return body + usccCheckCharacter(body);
});
