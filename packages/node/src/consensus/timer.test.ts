import { describe, expect, it } from 'vitest';
import { certificate, makeBlock, makeChain, newView, viewChange } from './testing/make.ts';
import { Solo } from './testing/solo.ts';
import { pending } from './timer.ts';

/** Tick by 100 ms; when it asked for which view. */
function asks(solo: Solo, from: number, to: number): string[] {
  const found: string[] = [];
  for (let now = from; now <= to; now += 100)
    for (const line of solo.tick(now))
      if (line.startsWith('asks for view')) found.push(`${now}: ${line.slice(14)}`);
  return found;
}

describe('the progress timer', () => {
  it('runs while something is pending only', () => {
    const solo = new Solo();
    expect(asks(solo, 0, 10_000)).toEqual([]);
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    solo.give({ type: 'batch-dropped', digest: 'x' });
    expect(asks(solo, 10_000, 10_000)).toEqual([]);
  });

  it('knows what is pending: work, an uncommitted block or tip, a block not final, a heartbeat', () => {
    const [a1] = makeChain(1) as [ReturnType<typeof makeBlock>];
    const work = new Solo();
    work.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    const block = new Solo();
    block.propose(0, a1);
    const tip = new Solo();
    tip.hear(
      newView(
        1,
        [0, 2, 3].map(signer => viewChange(1, signer, { high: certificate('prepare', 0, '1a') })),
      ),
    );
    const notFinal = new Solo();
    notFinal.catchUp([a1]);
    const final = new Solo();
    final.catchUp([a1], true);
    expect([work, block, tip, notFinal, final].map(({ state }) => pending(state))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    final.tick(10_001);
    expect(pending(final.state)).toBe(true);
  });

  it("does not run while certified blocks are ahead: the delay is this replica's own, the leader does its work", () => {
    const solo = new Solo();
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '3a') });
    expect(solo.state.target.height).toBe(3);
    expect(asks(solo, 0, 10_000)).toEqual([]);
  });

  it('asks for the next view after 1 s, and for no further one until q have asked', () => {
    const solo = new Solo();
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    expect(asks(solo, 0, 60_000)).toEqual(['1000: 1: no-progress']);
  });

  it('doubles with each view that fails once q have asked for it, up to 30 s', () => {
    const solo = new Solo({ me: 3 });
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    const times: number[] = [];
    const reasons = new Set<string>();
    for (let now = 0; now < 150_000; now += 100) {
      const asked = solo.tick(now).find(line => line.startsWith('asks for view'));
      if (asked === undefined) continue;
      times.push(now);
      reasons.add(asked.split(': ')[1]!);
      for (const signer of [0, 2, 3]) solo.viewChange(viewChange(solo.state.asked, signer));
    }
    expect(times.slice(1).map((time, i) => time - times[i]!)).toEqual([
      2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect([...reasons]).toEqual(['no-progress', 'no-new-view']);
  });

  it('counts those who went on to a later view among the q', () => {
    const solo = new Solo({ me: 3 });
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    asks(solo, 0, 1_000);
    for (const [signer, view] of [
      [0, 1],
      [2, 2],
      [3, 1],
    ] as const)
      solo.viewChange(viewChange(view, signer));
    expect(asks(solo, 1_100, 3_000)).toEqual(['3000: 2: no-new-view']);
  });

  it('repeats VIEW-CHANGE at half time', () => {
    const solo = new Solo();
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    asks(solo, 0, 1_000);
    expect(solo.tick(1_999)).toEqual([]);
    expect(solo.tick(2_000)).toEqual(['VIEW-CHANGE 1 high none']);
    expect(solo.tick(2_100)).toEqual([]);
  });

  it('starts anew with each commit', () => {
    const solo = new Solo();
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    solo.tick(0);
    solo.tick(900);
    solo.catchUp(makeChain(1));
    expect(asks(solo, 1_000, 3_000)).toEqual(['2000: 1: no-progress']);
  });

  it('of a view asked for is not stopped by a commit: nothing would start it again', () => {
    const solo = new Solo({ me: 3 });
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    asks(solo, 0, 1_000);
    for (const signer of [0, 2, 3]) solo.viewChange(viewChange(1, signer));
    solo.catchUp(makeChain(1));
    expect(asks(solo, 1_100, 4_000)).toEqual(['3000: 2: no-new-view']);
  });

  it('never goes back in time', () => {
    const solo = new Solo();
    solo.tick(5_000);
    solo.tick(1_000);
    expect(solo.state.now).toBe(5_000);
  });
});

describe('STATUS', () => {
  it('every 500 ms, with another look for bodies that did not come', () => {
    const solo = new Solo();
    expect(solo.give({ type: 'tick', now: 0, wall: 0 })).toEqual(['to all: status']);
    expect(solo.give({ type: 'tick', now: 499, wall: 499 })).toEqual([]);
    solo.propose(0, makeBlock('1a', 'g', { batches: ['x'] }));
    expect(solo.give({ type: 'tick', now: 500, wall: 500 })).toEqual(['to all: status', 'need-bodies 1a']);
  });

  it('and on reconnect', () => {
    expect(new Solo().give({ type: 'connected', peer: 2 })).toEqual(['to 2: status']);
  });
});
