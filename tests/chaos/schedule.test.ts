import { describe, expect, it } from 'vitest';
import { describeRound, FAULTS, roundOf } from './schedule.ts';

const rounds = (seed: number) => Array.from({ length: 9 }, (_, number) => roundOf(seed, number, 4));

describe('the schedule of faults', () => {
  it('follows from the seed', () => {
    expect(rounds(7)).toEqual(rounds(7));
    expect(rounds(7)).not.toEqual(rounds(8));
    expect(describeRound(rounds(7)[2]!)).toMatch(/^round 2, seed \d+, node \d lies \(/);
  });

  it('comes to every fault and to every kind of round', () => {
    const named = new Set(rounds(1).flatMap(({ faults }) => faults));
    expect([...named].sort()).toEqual(Object.keys(FAULTS).sort());
    expect(rounds(1).filter(({ lies }) => lies !== null)).toHaveLength(3);
  });

  it('costs no second vote', () => {
    for (const { lies, faults } of rounds(3)) {
      expect(faults.indexOf('wiped-disk')).toBe(lies === null ? faults.length - 1 : -1);
    }
  });

  it('keeps to the faults that are asked for', () => {
    expect(new Set(roundOf(1, 0, 4, ['kill', 'split']).faults)).toEqual(new Set(['kill', 'split']));
  });
});
