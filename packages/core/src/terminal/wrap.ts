import { textWidth } from './columns.ts';

/**
 * A text in pieces that a line may end after: a word, or one Chinese character, each with the brackets that open before it
 * and the punctuation that ends it (GB/T 15834: none of these begins or ends a line on the wrong side).
 */
const PIECE =
  /\s*(?:[（《「『〔“]*(?:(?![，。；：、！？）》」』〕”…])[\p{Script=Han}\u3000-\u303f\uff01-\uff60]|[^\s\p{Script=Han}\u3000-\u303f\uff01-\uff60]+)[，。；：、！？）》」』〕”…]*|\S)/gu;

/** A text in lines of at most `width` columns, broken between words and between Chinese characters. */
export function wrapText(text: string, width: number): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const piece of paragraph.match(PIECE) ?? []) {
      if (line === '' || textWidth(line + piece) <= width) line += piece;
      else {
        lines.push(line);
        line = piece.trimStart();
      }
    }
    lines.push(line);
  }
  return lines.join('\n');
}
