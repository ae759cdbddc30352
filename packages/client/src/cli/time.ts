/** A day before the last instant that a Date can hold (ECMA-262, "Time Values and Time Range"): room for any offset. */
const LAST_DATE = 8.64e15 - 86_400_000;

/** Chinese standard time, in minutes before UTC as `getTimezoneOffset` counts; it has no summer time. */
const CHINA_OFFSET = -480;

/** Local time with its offset (ISO 8601), milliseconds only where there are any: `2020-09-13T20:26:42+08:00`. */
export function localIso(ms: number): string {
  return isoAt(ms, new Date(ms).getTimezoneOffset());
}

/** The same in Chinese standard time, wherever the machine is. */
export function chinaIso(ms: number): string {
  return isoAt(ms, CHINA_OFFSET);
}

function isoAt(ms: number, before: number): string {
  if (Math.abs(ms) > LAST_DATE) return `${ms} ms`;
  const offset = -before;
  const local = new Date(ms + offset * 60_000)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, '');
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const away = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(away / 60)}:${two(away % 60)}`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `30s`, `10m`, `1h` or `2d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^([1-9][0-9]{0,8})([smhd])$/.exec(text);
  return match === null ? null : Number(match[1]) * UNITS[match[2]!]!;
}
