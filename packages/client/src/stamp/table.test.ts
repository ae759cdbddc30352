import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../tests/fixtures/builder.ts';
import { csvText } from '../files/csv.ts';
import { readTable } from './table.ts';

const read = (text: string) =>
  unwrap(readTable(text, 'en', name => name)).map(row =>
    'fault' in row ? row : { ...row, fields: [...row.fields] },
  );

describe('a table of records', () => {
  it('in CSV has columns of its own, and fields in the others; what is empty is left out', () => {
    const rows = csvText([
      ['file', 'subject', 'title', 'meta.digest'],
      ['a.pdf', '演发 1', '题,目', 'x'],
      ['', ' S 2 ', '"', ''],
    ]);
    expect(read(`\ufeff${rows}`)).toEqual([
      {
        line: 2,
        columns: { file: 'a.pdf', subject: '演发 1' },
        fields: [
          ['title', '题,目'],
          ['digest', 'x'],
        ],
      },
      { line: 3, columns: { subject: 'S 2' }, fields: [['title', '"']] },
    ]);
  });

  it('in JSON Lines has values of their own types; null is left out', () => {
    expect(read('{"file":"a","pages":3,"to":["x","y"],"note":null}\n\n{"meta.file":"b"}\n')).toEqual([
      {
        line: 1,
        columns: { file: 'a' },
        fields: [
          ['pages', 3],
          ['to', ['x', 'y']],
        ],
      },
      { line: 3, columns: {}, fields: [['file', 'b']] },
    ]);
  });

  it('keeps a row that cannot be read in its place among the others', () => {
    const bad = ['{"a":1}', '[1]', '{"A":1}', '{"a":', 'null', '{"a":1,"a":2}', '{"a":-0}'].join('\n');
    expect(read(bad).map(row => ('fault' in row ? [row.line, row.fault] : row.line))).toEqual([
      1,
      [2, 'bad-json'],
      [3, 'bad-json'],
      [4, 'bad-json'],
      [5, 'bad-json'],
      [6, 'bad-json'],
      [7, 'bad-json'],
    ]);
    expect(read('file,title\na\nb,c\nd,e,f\n')).toMatchObject([
      { line: 2, fault: 'bad-row' },
      { line: 3, columns: { file: 'b' } },
      { line: 4, fault: 'bad-row' },
    ]);
  });

  it.each([
    ['', 'empty'],
    ['file,Title\n', 'Title'],
    ['file,,title\n', 'empty one'],
    ['file,file\n', 'twice'],
  ])('%j is none', (text, said) => {
    expect(readTable(text, 'en', name => name)).toMatchObject({
      ok: false,
      fault: { code: 'bad-header', detail: expect.stringContaining(said) },
    });
  });
});
