import { catalogue, type Lang, ok, parseJson, type Result, refuse } from '@qifeng/core';
import { type CsvRow, csvRows } from '../files/csv.ts';

/** Columns that say what a row is about; any other one is a field of its record, `meta.NAME` one of these names too. */
export const TABLE_COLUMNS = ['file', 'digest', 'subject', 'receipt', 'origin-file'] as const;
type Column = (typeof TABLE_COLUMNS)[number];

/** One row of a table as it stands there: texts of CSV, or values of JSON. What is empty or null is left out. */
export interface TableRow {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  readonly columns: Readonly<Partial<Record<Column, unknown>>>;
  readonly fields: ReadonlyMap<string, unknown>;
}

/** A row that cannot be read. */
export interface BadRow {
  readonly line: number;
  readonly fault: 'bad-row' | 'bad-json';
}

const tableMessages = catalogue(
  {
    empty: 'it is empty',
    noName: (name: string) => `${name || 'an empty one'} is no name of a column`,
    twice: (name: string) => `column ${name} is there twice`,
  },
  {
    empty: '文件为空',
    noName: (name: string) => (name === '' ? '有一列没有列名' : `“${name}”不是列名`),
    twice: (name: string) => `列 ${name} 出现两次`,
  },
);

const FIELD = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * The rows of a table, whose fields may be named by their titles: JSON Lines where its first character is a brace, else CSV with a header. Fault: `bad-header`. A row that
 * cannot be read stands among the others as such.
 */
export function readTable(
  text: string,
  lang: Lang,
  fieldNamed: (title: string) => string,
): Result<readonly (TableRow | BadRow)[]> {
  return /^\ufeff?\s*\{/.test(text)
    ? ok([...jsonRows(text, fieldNamed)])
    : fromCsv(csvRows(text), lang, fieldNamed);
}

function* jsonRows(text: string, fieldNamed: (title: string) => string): Generator<TableRow | BadRow> {
  for (const [i, content] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (content.trim() === '') continue;
    const line = i + 1;
    const value = parsed(content);
    const cells = Object.entries(value ?? {}).map(
      ([name, cell]) => [columnNamed(name, fieldNamed), cell] as const,
    );
    const names = new Set(cells.map(([name]) => name));
    yield value !== null && names.size === cells.length && [...names].every(isColumn)
      ? rowOf(line, cells)
      : { line, fault: 'bad-json' };
  }
}

function fromCsv(
  rows: Generator<CsvRow>,
  lang: Lang,
  fieldNamed: (title: string) => string,
): Result<readonly (TableRow | BadRow)[]> {
  const words = tableMessages(lang);
  const header = rows.next();
  if (header.done) return refuse('bad-header', words.empty);
  const names = header.value.fields.map(name => columnNamed(name.trim(), fieldNamed));
  const wrong = names.find(name => !isColumn(name));
  if (wrong !== undefined) return refuse('bad-header', words.noName(wrong));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return refuse('bad-header', words.twice(twice));
  return ok(
    [...rows].map(({ line, fields }) =>
      fields.length === names.length
        ? rowOf(
            line,
            fields.map((field, i) => [names[i]!, field.trim()] as const),
          )
        : { line, fault: 'bad-row' },
    ),
  );
}

function rowOf(line: number, cells: readonly (readonly [string, unknown])[]): TableRow {
  const said = cells.filter(([, value]) => value !== '' && value !== null);
  const columns = said.filter(([name]) => isKnown(name));
  const fields = said.filter(([name]) => !isKnown(name));
  return {
    line,
    columns: Object.fromEntries(columns),
    fields: new Map(fields.map(([name, value]) => [name.replace(/^meta\./, ''), value])),
  };
}

/** A column by its name, which a field may also be called by its title. */
function columnNamed(typed: string, fieldNamed: (title: string) => string): string {
  return isColumn(typed) ? typed : fieldNamed(typed);
}

function isColumn(name: string): boolean {
  return FIELD.test(name.replace(/^meta\./, ''));
}

function isKnown(name: string): name is Column {
  return TABLE_COLUMNS.some(column => column === name);
}

function parsed(line: string): object | null {
  const json = parseJson(line);
  const value = json.ok ? json.value : null;
  return typeof value === 'object' && !Array.isArray(value) ? value : null;
}
