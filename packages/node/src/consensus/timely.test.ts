import { describe, expect, it } from 'vitest';
import type { Message } from './messages.ts';
import { Cluster } from './testing/cluster.ts';
import { makeBlock, newView, viewChange, vote } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const block = (timestamp: number) => makeBlock('1a', 'g', { timestamp });

/** What a replica whose clock says `wall` answers to a fresh block of `timestamp`. */
function heard(timestamp: number, wall: number): string[] {
  const solo = new Solo();
  solo.tick(0, wall);
  return solo.propose(0, block(timestamp));
}

describe('a fresh block is PREPAREd', () => {
  it.each([
    ['early by the precision', 10_500, 10_000, true],
    ['early by more', 10_501, 10_000, false],
    ['late by delay and precision', 10_000, 12_500, true],
    ['later', 10_000, 12_501, false],
  ])('%s: by the time its header came', (_, timestamp, wall, timely) => {
    expect(heard(timestamp, wall).includes('PREPARE 0/1 1a')).toBe(timely);
  });

  it('however untimely, once f+1 others have PREPAREd it in this view', () => {
    const solo = new Solo();
    solo.tick(0, 60_000);
    expect(solo.propose(0, block(10_000))).toEqual([]);
    expect(solo.hear(vote('prepare', 0, '1b', 2), 2)).not.toContain('PREPARE 0/1 1a');
    expect(solo.hear(vote('prepare', 0, '1a', 3), 3)).toContain('PREPARE 0/1 1a');
  });

  it('not because its bodies or a repetition came later', () => {
    const solo = new Solo();
    const late = makeBlock('1a', 'g', { timestamp: 10_000, batches: ['x'] });
    solo.tick(0, 10_000);
    solo.propose(0, late);
    solo.tick(5_000, 15_000);
    expect(solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 })).toContain(
      'PREPARE 0/1 1a',
    );
    const never = new Solo();
    never.tick(0, 15_000);
    never.propose(0, block(10_000));
    never.tick(100, 10_000);
    expect(never.propose(0, block(10_000))).toEqual([]);
  });

  it('later too after failed views: each widens the delay', () => {
    const solo = new Solo();
    solo.state.timer.timeout = 2 * solo.config.timing.baseTimeout;
    solo.tick(0, 14_500);
    expect(solo.propose(0, block(10_000))).toContain('PREPARE 0/1 1a');
  });

  it('if it is carried over, without a look at its time', () => {
    const solo = new Solo();
    solo.propose(0, block(10));
    solo.tick(0, 900_000);
    const high = {
      kind: 'prepare',
      epoch: 0,
      view: 0,
      height: 1,
      hash: '1a',
      signatures: [0, 2, 3].map(signer => ({ signer, signature: new Uint8Array([1]) })),
    } as const;
    expect(
      solo.hear(
        newView(
          1,
          [0, 2, 3].map(signer => viewChange(1, signer, { high })),
        ),
      ),
    ).toContain('PREPARE 1/1 1a');
  });
});

it('a 3 s partition makes a proposal untimely, and not for ever: the next view orders the work', () => {
  const cluster = new Cluster();
  const late: Message[] = [];
  cluster.batch('x', [0]).wait(3_000, (from, to, message) => {
    if (from === 0 && to === 1 && message.type === 'proposal') late.push(message);
    return from === 0;
  });
  for (const id of [1, 2, 3])
    for (const message of late) cluster.give(id, { type: 'message', from: 0, message });
  cluster.batch('x', [1, 2, 3]).run();
  expect(late.length).toBeGreaterThan(0);
  expect(cluster.members.map(({ state }) => state.accepted.get(1) ?? null)).toEqual(['1a', null, null, null]);
  // Sooner than a missing heartbeat would be noticed.
  cluster.wait(3_000);
  expect(cluster.members.map(({ state }) => state.pool.has('x'))).toEqual([false, false, false, false]);
  expect(cluster.members.map(({ state }) => state.low)).toEqual([1, 1, 1, 1]);
});
