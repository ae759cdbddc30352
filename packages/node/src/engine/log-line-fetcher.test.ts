import { toHex } from '@qifeng/core';
import { describe, expect, it } from 'vitest';
import { LogLineFetcher } from './log-line-fetcher.ts';

const RIGHT = Uint8Array.of(1);
const WRONG = Uint8Array.of(2);

/** A fetcher with the members that it may ask, and what it did. */
function bench(members = ['110000', '120000', '130000']) {
  const asked: string[] = [];
  const kept: string[] = [];
  const lied: string[] = [];
  const timers = new Set<() => void>();
  const fetcher = new LogLineFetcher({
    able: () => members,
    request: (member, height) => asked.push(`${member} ${height}`),
    isSigned: (_, __, signature) => toHex(signature) === toHex(RIGHT),
    keep: async (member, height) => void kept.push(`${member} ${height}`),
    lied: member => void lied.push(member),
    later: task => {
      timers.add(task);
      return () => timers.delete(task);
    },
  });
  const last = () => asked.at(-1)!.split(' ')[0]!;
  return {
    ...{ fetcher, asked, kept, lied, timers, last },
    /** The last one asked answers, and what follows from it happens. */
    answer: async (height: number, signature: Uint8Array | null, member = last()) => {
      fetcher.received(member, height, signature);
      for (let i = 0; i < 5; i++) await null;
    },
    /** Whoever was asked is silent for too long. */
    silence: async () => {
      for (const task of [...timers]) task();
      for (let i = 0; i < 5; i++) await null;
    },
  };
}

describe('a log line', () => {
  it('is kept once a member gave it, and asked for once however many wait', async () => {
    const { fetcher, asked, kept, timers, answer } = bench();
    const first = fetcher.fetch(7);
    expect(fetcher.fetch(7)).toBe(first);
    await answer(7, RIGHT);
    expect(await first).toBe(true);
    expect([asked, kept, timers.size]).toEqual([['110000 7'], ['110000 7'], 0]);
  });

  it('with a wrong signature is refused, and another member asked; who lied is asked last from then on', async () => {
    const { fetcher, asked, kept, lied, answer } = bench();
    const first = fetcher.fetch(7);
    await answer(7, WRONG);
    expect([asked, kept, lied]).toEqual([['110000 7', '120000 7'], [], ['110000']]);
    await answer(7, RIGHT);
    expect(await first).toBe(true);
    expect(kept).toEqual(['120000 7']);
    for (let height = 8; height < 20; height++) {
      const next = fetcher.fetch(height);
      await answer(height, RIGHT);
      expect(await next).toBe(true);
    }
    expect(asked.slice(1).filter(one => one.startsWith('110000'))).toEqual([]);
  });

  it('is asked of the next where one has none or is silent, and is not there when nobody is left', async () => {
    const { fetcher, asked, lied, answer, silence } = bench();
    const nothing = fetcher.fetch(7);
    await answer(7, null);
    await silence();
    expect(asked).toHaveLength(3);
    await answer(7, null);
    expect([await nothing, lied]).toEqual([false, []]);
    // Asked for again, it is asked again.
    const again = fetcher.fetch(7);
    await answer(7, RIGHT);
    expect(await again).toBe(true);
  });

  it('is not taken from a member that was not asked, nor late, nor of another height', async () => {
    const { fetcher, kept, lied, answer, silence } = bench();
    const waiting = fetcher.fetch(7);
    await answer(7, RIGHT, '130000');
    await answer(8, RIGHT);
    await silence();
    await answer(7, RIGHT, '110000');
    expect([kept, lied]).toEqual([[], []]);
    await answer(7, RIGHT);
    expect([await waiting, kept]).toEqual([true, ['120000 7']]);
  });

  it('is not asked for beyond 64 at a time, nor of more than six members, nor after the end', async () => {
    const many = bench(Array.from({ length: 31 }, (_, i) => `${11 + i}0000`));
    const waiting = Array.from({ length: 64 }, (_, height) => many.fetcher.fetch(height));
    expect(await many.fetcher.fetch(64)).toBe(false);
    for (let i = 0; i < 6; i++) await many.silence();
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => false));
    expect(many.asked).toHaveLength(6 * 64);
    const last = many.fetcher.fetch(70);
    many.fetcher.stop();
    expect([await last, await many.fetcher.fetch(71)]).toEqual([false, false]);
  });

  it('is not there while nobody is connected', async () => {
    expect(await bench([]).fetcher.fetch(7)).toBe(false);
  });
});
