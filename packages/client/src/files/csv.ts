/** One row of a CSV file. */
export interface CsvRow {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * The rows of CSV (RFC 4180): commas, quotes doubled inside quotes, any line end; empty lines are left out. A quote that is
 * not closed takes the rest of the file, as it says.
 */
export function* csvRows(text: string): Generator<CsvRow> {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const began = line;
    const fields: string[] = [];
    let ended = false;
    while (!ended) {
      let field = '';
      if (text[at] === '"') {
        for (at++; at < text.length; at++) {
          if (text[at] !== '"') field += text[at];
          else if (text[at + 1] === '"') field += text[at++];
          else break;
          if (text[at] === '\n') line++;
        }
        at++;
      }
      const end = ends(text, at);
      field += text.slice(at, end);
      fields.push(field);
      at = end + 1;
      ended = text[end] !== ',';
      if (text[end] === '\r' && text[at] === '\n') at++;
    }
    line++;
    if (fields.length > 1 || fields[0] !== '') yield { line: began, fields };
  }
}

/** Where the field that goes on at `at` ends: a comma, a line end, or the end of the text. */
function ends(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** Rows as CSV (RFC 4180). */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map(cells => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: string | number | null): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
