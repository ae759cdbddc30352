import { expect, it } from 'vitest';
import { Random } from './random.ts';
import { WallClocks } from './wall-clocks.ts';

it('no date is too late while more clocks than may be are off, or were as it came under way', () => {
  const walls = new WallClocks(new Random(1), 4, false);
  const latest = (now: number) => walls.latestDate(now, 1);
  expect(walls.latestDate(0, 1) - walls.read(0, 0)).toBe(1_000);
  walls.jump(2, 9_875, 1_000);
  expect(latest(1_000)).toBeLessThan(walls.read(2, 1_000));
  walls.jump(2, 0, 6_000);
  expect(walls.off).toBe(0);
  // What the one dated is timely by the other.
  walls.jump(3, 18_241, 7_000);
  expect(walls.off).toBe(1);
  expect(latest(7_000)).toBe(Number.POSITIVE_INFINITY);
  expect(latest(36_000)).toBe(latest(40_000) - 4_000);
});
