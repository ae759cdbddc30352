import { expect, it } from 'vitest';
import { chinaIso, parseDuration } from './time.ts';

it('a time names its instant, the same wherever it is written', () => {
  for (const ms of [0, 1_600_000_002_000, 1_600_000_002_345, 4_102_444_799_999])
    expect(Date.parse(chinaIso(ms))).toBe(ms);
  expect(chinaIso(0)).toBe('1970-01-01T08:00:00+08:00');
  expect(chinaIso(1_600_000_002_345)).toBe('2020-09-13T20:26:42.345+08:00');
});

it('a time beyond the calendar is a number', () => {
  expect(chinaIso(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991 ms');
  expect(chinaIso(8.64e15)).toBe('8640000000000000 ms');
  expect(chinaIso(8.64e15 - 86_400_000)).toMatch(/^\+27\d{4}-/);
});

it.each([
  ['30s', 30_000],
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

it.each(['', '10', 'm', '0s', '-1m', '1.5h', '10 m', '10M', '1h30m', '1e3s', '9999999999s'])(
  '%j is no duration',
  text => expect(parseDuration(text)).toBe(null),
);
