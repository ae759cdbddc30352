import { figure, type Row } from './measure.ts';

/** The table: a line for each limit, ours only on the first of its row. */
export function table(rows: readonly Row[]): string {
  const head = ['case', 'what', 'ours', 'unit', 'limit', 'its figure', 'ours / limit'];
  const lines = rows.flatMap(({ case: name, what, unit, value, limits }) => {
    const first = [name, what, figure(value), unit];
    if (limits.length === 0) return [[...first, '', '', '']];
    return limits.map((limit, i) => [
      ...(i === 0 ? first : ['', '', '', '']),
      limit.name,
      figure(limit.value),
      `${limit.ratio.toPrecision(3)}x`,
    ]);
  });
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map(line => line[i]!.length)));
  const right = new Set([2, 5, 6]);
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (right.has(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [format(head), widths.map(width => '-'.repeat(width)).join('  '), ...lines.map(format)].join('\n');
}

/** How each limit was measured, once each, and what rows want said of them. */
export function footnotes(rows: readonly Row[]): string {
  const ways = new Map(rows.flatMap(row => row.limits.map(limit => [limit.name, limit.how] as const)));
  const notes = rows.flatMap(row =>
    row.note === undefined ? [] : [`${row.case}, ${row.what}: ${row.note}`],
  );
  return [...Array.from(ways, ([name, how]) => `${name}:\n    ${how}`), ...notes].join('\n');
}

const LEAST = 1 / 16;
const MOST = 16;

/** A bar for each ratio on a logarithmic scale, around the line where ours is level with its limit. */
export function chart(rows: readonly Row[], subtitle: string): string {
  const bars = rows.flatMap(row =>
    row.limits.map(limit => ({ label: `${row.case}: ${row.what}`, limit: limit.name, ratio: limit.ratio })),
  );
  const [left, width, step, top] = [560, 480, 24, 64];
  const x = (ratio: number): number => {
    const share = Math.log(Math.min(MOST, Math.max(LEAST, ratio)) / LEAST) / Math.log(MOST / LEAST);
    return Math.round(left + share * width);
  };
  const height = top + bars.length * step + 16;
  const ticks = [LEAST, 1 / 4, 1, 4, MOST].map(
    ratio =>
      `<line x1="${x(ratio)}" x2="${x(ratio)}" y1="${top - 8}" y2="${height - 12}" stroke="#999" ` +
      `${ratio === 1 ? '' : 'stroke-dasharray="2 4"'}/><text x="${x(ratio)}" y="${top - 12}" text-anchor="middle">${
        ratio < 1 ? `1/${1 / ratio}` : ratio
      }</text>`,
  );
  const drawn = bars.map(({ label, limit, ratio }, i) => {
    const y = top + i * step;
    const [from, to] = [Math.min(x(1), x(ratio)), Math.max(x(1), x(ratio))];
    return (
      `<text x="${left - 12}" y="${y + 14}" text-anchor="end">${escaped(`${label} / ${limit}`)}</text>` +
      `<rect x="${from}" y="${y + 3}" width="${Math.max(2, to - from)}" height="14" fill="${
        ratio >= 1 ? '#2a7f62' : '#b5532a'
      }"/><text x="${to + 6}" y="${y + 14}">${ratio.toPrecision(3)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width + 80}" height="${height}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="12" y="20" font-size="15">Speed of Qifeng over its limit, measured in the same run (1 = level)</text>`,
    `<text x="12" y="38">${escaped(subtitle)}</text>`,
    ...ticks,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
