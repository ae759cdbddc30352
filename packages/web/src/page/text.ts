/** A day before the last instant that a Date can hold (ECMA-262, "Time Values and Time Range"): room for any offset. */
const LAST_DATE = 8.64e15 - 86_400_000;

/**
 * A text from outside as it may be shown: controls, bidirectional overrides and line separators are written out, so
 * that no file name or record can turn a line around.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    character => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** Local time with its offset, milliseconds only where there are any: `2020-09-13 20:26:42 +08:00`. */
export function localTime(ms: number): string {
  if (Math.abs(ms) > LAST_DATE) return `${ms} ms`;
  const offset = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1).replace('T', ' ');
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const away = Math.abs(offset);
  return `${local.replace(/\.000$/, '')} ${offset < 0 ? '-' : '+'}${two(away / 60)}:${two(away % 60)}`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A size for a person: `98 B`, `1.2 MB`. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]}`;
}
