import { describe, expect, it } from 'vitest';
import { initialState, type State } from '../../consensus/state.ts';
import { makeBlock, makeConfig, proposal } from '../../consensus/testing/make.ts';
import { DateChecker } from './dates.ts';

const BLOCK = makeBlock('1a', 'g', { timestamp: 10_000 });
const HEADER = proposal(0, BLOCK);
const state = (wall: number): State => initialState(makeConfig({ me: 1 }), { now: 0, wall });

/** Replicas 1, 2 ... accept the block in turn, which came to each when it was of that age. */
function accepting(liars: number, ages: readonly number[], timeout = 1_000) {
  return () => {
    const checker = new DateChecker(() => liars);
    for (const [i, age] of ages.entries()) {
      const reader = state(10_000 + age);
      reader.timer.timeout = timeout;
      checker.received(i + 1, reader, HEADER);
      checker.accepted(i + 1, reader, 0, BLOCK);
      checker.stepped(i + 1, reader);
    }
  };
}

describe('date checker', () => {
  it('finds a block that is dated back, if nobody else can have PREPAREd it', () => {
    expect(accepting(0, [2_500])).not.toThrow();
    expect(accepting(0, [2_501])).toThrow('time');
    expect(accepting(1, [2_501])).toThrow('time');
  });

  it('finds it with one honest voucher, and believes two, or one and a liar', () => {
    expect(accepting(0, [100, 9_000])).toThrow('time');
    expect(accepting(0, [100, 100, 9_000])).not.toThrow();
    expect(accepting(1, [100, 9_000])).not.toThrow();
  });

  it('knows that failed views widen the delay, also when the step that accepts ends them', () => {
    expect(accepting(0, [4_500], 2_000)).not.toThrow();
    expect(accepting(0, [4_501], 2_000)).toThrow('time');
    const checker = new DateChecker(() => 0);
    const reader = state(14_500);
    checker.received(1, reader, HEADER);
    checker.stepped(1, { ...reader, timer: { ...reader.timer, timeout: 2_000 } });
    expect(() => checker.accepted(1, reader, 0, BLOCK)).not.toThrow();
  });

  it('takes the earliest arrival: a clock may have jumped forth and back', () => {
    const checker = new DateChecker(() => 0);
    for (const wall of [90_000, 11_000]) checker.received(1, state(wall), HEADER);
    expect(() => checker.accepted(1, state(11_000), 0, BLOCK)).not.toThrow();
  });

  it('leaves out what is committed and what one proposed oneself', () => {
    const checker = new DateChecker(() => 0);
    const late = state(90_000);
    checker.received(1, late, HEADER);
    expect(() =>
      checker.accepted(1, { ...late, committed: { height: 1, hash: '1a' } }, 0, BLOCK),
    ).not.toThrow();
    const own = initialState(makeConfig({ me: 0 }), { now: 0, wall: 90_000 });
    expect(() =>
      checker.accepted(0, own, 0, { ...BLOCK, proposer: own.config.validators[0]! }),
    ).not.toThrow();
  });
});
