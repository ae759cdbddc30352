/** A day before the last instant that a Date can hold (ECMA-262, "Time Values and Time Range"): room for any offset. */
const LAST_DATE = 8.64e15 - 86_400_000;

/** How far Chinese standard time is ahead of UTC; it has no summer time. */
const CHINA_MS = 8 * 3_600_000;

/**
 * A time in ms in Chinese standard time with its offset (ISO 8601), wherever the machine is: one moment is written in one way.
 * Milliseconds only where there are any: `2020-09-13T20:26:42+08:00`.
 */
export function chinaIso(ms: number): string {
  if (Math.abs(ms) > LAST_DATE) return `${ms} ms`;
  const local = new Date(ms + CHINA_MS)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, '');
  return `${local}+08:00`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `30s`, `10m`, `1h` or `2d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^([1-9][0-9]{0,8})([smhd])$/.exec(text);
  return match === null ? null : Number(match[1]) * UNITS[match[2]!]!;
}
