import { expect, it } from 'vitest';
import { pace } from './pace.ts';

const busyFor = (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

it('work is done a little in each turn, in order, and others have theirs in between', async () => {
  const turns = pace(5);
  const done: number[] = [];
  const spent: number[] = [];
  const all = Array.from({ length: 20 }, (_, i) =>
    turns.run(
      () => {
        busyFor(2);
        done.push(i);
        return i;
      },
      ms => spent.push(ms),
    ),
  );
  expect(done.length).toBeLessThanOrEqual(3);
  expect(turns.waiting).toBe(20 - done.length);
  let between = 0;
  while (turns.waiting > 0) {
    const before = done.length;
    await new Promise(resolve => setImmediate(resolve));
    expect(done.length - before).toBeLessThanOrEqual(6);
    between++;
  }
  expect(between).toBeGreaterThan(2);
  expect(await Promise.all(all)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(Math.min(...spent)).toBeGreaterThanOrEqual(1.9);
});

it('a failure is that of its own work', async () => {
  const turns = pace(0.01);
  const fails = () => {
    busyFor(1);
    throw new Error('mine');
  };
  const results = await Promise.allSettled([turns.run(fails), turns.run(() => 7), turns.run(fails)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
});
