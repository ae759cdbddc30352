import { describe, expect, it } from 'vitest';
import { someState } from './some-state.ts';
import { TimerChecker } from './timers.ts';

describe('timer checker', () => {
  const at = (
    view: number,
    asked: number,
    height: number,
    timeout: number,
    now = 0,
    deadline: number | null = null,
  ) => {
    const state = { ...someState(), view, asked, now, committed: { height, hash: `h${height}` } };
    state.timer = { ...state.timer, timeout, deadline };
    return state;
  };

  it('takes a timer that doubles when it runs out, and is at its base W blocks after a view began', () => {
    const checker = new TimerChecker();
    checker.stepped(0, at(0, 0, 0, 1_000, 0, 1_000));
    checker.stepped(0, at(0, 1, 0, 2_000, 1_000));
    checker.stepped(0, at(1, 1, 1, 2_000, 1_100));
    checker.stepped(0, at(1, 1, 2, 2_000, 1_200));
    checker.stepped(0, at(1, 1, 3, 1_000, 1_300));
  });

  it('finds one that stays long', () => {
    const checker = new TimerChecker();
    checker.stepped(0, at(1, 1, 1, 2_000));
    const stays = at(1, 1, 3, 2_000);
    checker.stepped(0, { ...stays, config: { ...stays.config, votes: false } });
    expect(() => checker.stepped(0, stays)).toThrow('2 blocks after');
  });

  it('finds one that stays long after a term that is shorter', () => {
    const checker = new TimerChecker();
    const short = (height: number) => {
      const state = at(1, 1, height, 2_000);
      return { ...state, config: { ...state.config, window: 8, term: 1 } };
    };
    checker.stepped(0, short(1));
    expect(() => checker.stepped(0, short(2))).toThrow('1 blocks after');
  });

  it.each([1_000, 40_000])('finds one that ran out and is %i ms long', timeout => {
    const checker = new TimerChecker();
    checker.stepped(0, at(0, 0, 0, 20_000, 0, 1_000));
    expect(() => checker.stepped(0, at(0, 1, 0, timeout, 1_000))).toThrow('in vain');
    checker.began(0);
    checker.stepped(0, at(0, 1, 0, timeout, 1_000));
  });
});
