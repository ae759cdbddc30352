import { describe, expect, it } from 'vitest';
import { isOver } from './recover.ts';
import { checkpoint, makeBlock } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const barrier = makeBlock('1a', 'g', { batches: ['x'], barrier: true });
const above = makeBlock('2a', '1a');

/** A follower that accepted a barrier block and saw it committed. */
function committed(): Solo {
  const solo = new Solo();
  solo.propose(0, barrier);
  solo.give({ type: 'bodies', hash: '1a', barrier: true, size: 1, weight: 1 });
  solo.votes('prepare', 0, '1a', [1, 2]);
  solo.votes('commit', 0, '1a', [0, 1, 2]);
  return solo;
}

describe('a block that may end the epoch', () => {
  it('carries nothing until it is executed, and nothing at all in its epoch if it did', () => {
    const ends = committed();
    expect(ends.propose(0, above)).toEqual([]);
    expect(ends.executed('1a', 'text', true)).not.toContain('PREPARE 0/2 2a');
    const goesOn = committed();
    expect(goesOn.propose(0, above)).toEqual([]);
    expect(goesOn.executed('1a', 'text', false)).toContain('PREPARE 0/2 2a');
  });

  it('is proposed on by its leader only when it is executed and ended nothing', () => {
    for (const closes of [true, false]) {
      const leader = new Solo({ me: 0 });
      leader.give({ type: 'batch', digest: 'x', barrier: true, size: 1, weight: 1 });
      leader.give({ type: 'batch', digest: 'y', barrier: false, size: 1, weight: 1 });
      expect([...leader.state.accepted]).toEqual([[1, '1own']]);
      leader.votes('prepare', 0, '1own', [1, 2]);
      leader.votes('commit', 0, '1own', [1, 2, 3]);
      expect([...leader.state.accepted]).toEqual([[1, '1own']]);
      const said = leader.executed('1own', 'text', closes);
      expect(said.includes('PROPOSE 0/2 2own')).toBe(!closes);
    }
  });

  it('is cosigned and becomes final as any other', () => {
    const solo = committed();
    expect(solo.executed('1a', 'text 1a', true)).toContain('CHECKPOINT 1 1a');
    const heard = solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('1a') });
    expect(heard).toContain('final 1');
  });

  it('lets the next epoch begin once it is executed and final', () => {
    const solo = committed();
    solo.executed('1a', 'text 1a', true);
    expect(isOver(solo.state)).toBe(false);
    solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('1a') });
    expect(isOver(solo.state)).toBe(true);
    const early = committed();
    early.hear({ type: 'checkpoint-certificate', certificate: checkpoint('1a') });
    expect(isOver(early.state)).toBe(false);
    early.executed('1a', 'text 1a', false);
    expect(isOver(early.state)).toBe(false);
  });

  it('is still closed after a restart', () => {
    const solo = committed();
    solo.executed('1a', 'text', true);
    solo.restart(barrier, solo.log, 0, true);
    expect(solo.propose(0, above)).not.toContain('PREPARE 0/2 2a');
    expect(solo.state.closed).toBe(true);
  });
});
