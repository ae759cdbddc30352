// East Asian wide and full-width characters of the scripts that our texts use (UAX 11).
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
/** Colours and weights, the only escape sequences that we write (ECMA-48, SGR). */
const STYLE = /\p{Cc}\[[0-9;]*m/gu;
/** Columns that a text takes in a terminal, colours not counted. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(STYLE, '')) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** `text` with spaces after it up to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Lines of cells with the columns of each under one another, two spaces between; what ends a line is not padded. */
export function alignColumns(lines: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const cells of lines)
    for (const [i, cell] of cells.entries()) widths[i] = Math.max(widths[i] ?? 0, textWidth(cell));
  return lines.map(cells =>
    cells
      .map((cell, i) => padTo(cell, widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * A text from outside as it may be shown: controls, bidirectional overrides and line separators are written out, so
 * that no file name or record can move the cursor or turn a line around.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    character => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
