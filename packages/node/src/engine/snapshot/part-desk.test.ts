import { expect, it } from 'vitest';
import type { FrozenState } from '../../ports/ledger-store.ts';
import { PartDesk } from './part-desk.ts';

/** A state of which each part takes so many ms to read and has 100 KiB. */
function deskOf(ms = 5) {
  let now = 0;
  const due: { readonly at: number; readonly task: () => void }[] = [];
  const sent: string[] = [];
  const state = {
    values: () => {
      now += ms;
      return [{ name: new Uint8Array(1), value: new Uint8Array(100 * 1024) }];
    },
  } as unknown as FrozenState;
  const desk = new PartDesk({
    at: height => (height === 7 ? state : null),
    send: (member, part) => {
      sent.push(`${member} ${part.path}${part.values === null ? ' none' : ''}`);
      return 100 * 1024;
    },
    later: (task, ms) => due.push({ at: now + ms, task }),
    now: () => now,
  });
  const run = (): void => {
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      now = Math.max(now, next.at);
      next.task();
    }
  };
  return { desk, sent, run, now: () => now };
}

it('parts are given one after the other, members in turn, and no more than half of the time', () => {
  const { desk, sent, run, now } = deskOf();
  desk.ask('a', 7, ['0', '1', '2']);
  desk.ask('b', 7, ['3']);
  expect(sent).toEqual([]);
  run();
  expect(sent).toEqual(['a 0', 'b 3', 'a 1', 'a 2']);
  expect(now()).toBeGreaterThanOrEqual(4 * 5 + 3 * 5);
});

it('a state that is not held is said to be none', () => {
  const { desk, sent, run } = deskOf();
  desk.ask('a', 8, ['0']);
  run();
  expect(sent).toEqual(['a 0 none']);
});

it('a member that asks for more than it may have gets no more, and others get theirs', () => {
  const { desk, sent, run } = deskOf(0);
  const paths = Array.from({ length: 16 }, (_, i) => i.toString(16));
  for (let i = 0; i < 40; i++) {
    for (let j = 0; j < 10; j++) desk.ask('a', 7, paths);
    desk.ask('b', 7, ['0']);
    run();
  }
  const of = (member: string): number => sent.filter(one => one.startsWith(member)).length;
  // A burst of 16 MiB, and no time for more.
  expect(of('a')).toBe(164);
  expect(of('b')).toBe(40);
});

it('observers wait in one line, so that however many ask a member has every other turn', () => {
  const { desk, sent, run } = deskOf(0);
  for (let i = 0; i < 100; i++) desk.ask(String(530_101 + i), 7, ['0', '1']);
  desk.ask('a', 7, ['2', '3']);
  run();
  expect(sent.slice(0, 4)).toEqual(['530101 0', 'a 2', '530101 1', 'a 3']);
  expect(sent).toHaveLength(64 + 2);
});
