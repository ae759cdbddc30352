import { chinaIso } from '../../time.ts';
import { html, type Markup } from './html.ts';

/** A label and its value; a value of null leaves the row out. */
export type ReportRow = readonly [label: string, value: Markup | string | number | null];

/** Labels beside their values. */
export function rowsTable(rows: readonly ReportRow[]): Markup {
  const shown = rows.filter(([, value]) => value !== null);
  return html`<table class="rows"><tbody>
${shown.map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>\n`)}</tbody></table>
`;
}

/** Rows under a line of headings. */
export function gridTable(headings: readonly string[], rows: readonly (readonly ReportRow[1][])[]): Markup {
  return html`<table class="grid"><thead><tr>${headings.map(text => html`<th scope="col">${text}</th>`)}</tr></thead><tbody>
${rows.map(cells => html`<tr>${cells.map(cell => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table>
`;
}

/** A value to be compared character by character. */
export function code(text: string): Markup {
  return html`<code>${text}</code>`;
}

/** A time in ms, not broken over two lines. */
export function when(ms: number): Markup {
  return html`<time>${chinaIso(ms)}</time>`;
}

/** Sentences, one a point. */
export function points(texts: readonly (Markup | string | null)[]): Markup {
  return html`<ul>${texts.filter(text => text !== null).map(text => html`<li>${text}</li>`)}</ul>
`;
}
