import { describe, expect, it } from 'vitest';
import { certificate, checkpoint, makeBlock, makeChain, newView, viewChange, vote } from './testing/make.ts';
import { Solo } from './testing/solo.ts';
import { higher } from './votes.ts';

const [a1, a2] = makeChain(2) as [ReturnType<typeof makeBlock>, ReturnType<typeof makeBlock>];

function accepted(): Solo {
  const solo = new Solo();
  solo.propose(0, a1);
  solo.propose(0, a2);
  return solo;
}

describe('rule 3: q PREPAREs of one view are PREPARED', () => {
  it('logged before the COMMIT, which goes out for every ancestor above the last final block', () => {
    expect(accepted().votes('prepare', 0, '2a', [2, 3])).toEqual([
      'log prepared 0/2 2a',
      'COMMIT 0/1 1a',
      'COMMIT 0/2 2a',
    ]);
  });

  it("counting the PREPARE in the leader's proposal", () => {
    const solo = new Solo();
    solo.votes('prepare', 0, '1a', [2, 3]);
    expect(solo.propose(0, a1)).toContain('COMMIT 0/1 1a');
  });

  it('a signer counted once, however often it votes and for whatever', () => {
    const solo = accepted();
    expect(solo.votes('prepare', 0, '1a', [2, 2, 2, 2])).toEqual([]);
    expect(solo.votes('prepare', 0, '1b', [3])).toEqual(['to 3: prepare 0/1']);
    expect(solo.votes('prepare', 0, '1a', [3])).not.toContain('log prepared 0/1 1a');
    expect(solo.votes('prepare', 0, '1a', [1])).toContain('log prepared 0/1 1a');
  });

  it('does not stop at the first q: one bad vote hides no good ones', () => {
    const solo = accepted();
    solo.votes('prepare', 0, '1b', [3]);
    expect(solo.votes('prepare', 0, '1a', [2, 1])).toContain('log prepared 0/1 1a');
    expect(solo.state.high?.signatures.map(({ signer }) => signer)).toEqual([0, 1, 2]);
  });

  it('bound to its view: votes of two views make no certificate', () => {
    const solo = accepted();
    solo.votes('prepare', 1, '1a', [2, 3]);
    expect(solo.votes('prepare', 0, '1a', [2])).toEqual([]);
    expect(solo.state.high).toBeNull();
  });

  it('PREPAREs are no COMMITs', () => {
    const solo = accepted();
    solo.votes('prepare', 0, '1a', [1, 2, 3]);
    expect(solo.state.committed.height).toBe(0);
    expect(solo.votes('commit', 0, '1a', [1, 2])).toEqual([]);
    expect(solo.votes('commit', 0, '1a', [3])).toContain('execute 1a');
  });

  it('votes of another epoch are not counted', () => {
    const solo = accepted();
    for (const signer of [1, 2, 3]) solo.hear(vote('prepare', 0, '1a', signer, 1));
    expect(solo.state.high).toBeNull();
  });

  it('no COMMIT for a chain that a later view has left behind', () => {
    const solo = new Solo();
    solo.votes('prepare', 0, '2b', [0, 2, 3]);
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 1, '1a') });
    solo.hear({ type: 'headers', blocks: [a1] });
    solo.executed('1a');
    solo.propose(0, makeBlock('1b', 'g'));
    expect(solo.propose(0, makeBlock('2b', '1b'))).toEqual([]);
    expect(solo.state.commitSent.size).toBe(0);
  });
});

describe('rule 4: q COMMITs of one view', () => {
  it('commit the block and all its ancestors, executed strictly in height order', () => {
    const solo = accepted();
    expect(solo.votes('commit', 0, '2a', [0, 2, 3])).toEqual(['execute 1a']);
    expect(solo.executed('1a')).toContain('execute 2a');
  });

  it('are learned and executed after VIEW-CHANGE', () => {
    const solo = accepted();
    solo.viewChange(viewChange(1, 2));
    solo.viewChange(viewChange(1, 3));
    expect(solo.state.asked).toBe(1);
    expect(solo.votes('commit', 0, '1a', [0, 2, 3])).toEqual(['execute 1a']);
  });

  it('a PREPARED certificate is no commit certificate, nor one of another epoch, nor one with a signer twice', () => {
    const solo = accepted();
    for (const bad of [
      certificate('prepare', 0, '1a'),
      certificate('commit', 0, '1a', [0, 2, 3], 1),
      certificate('commit', 0, '1a', [0, 2, 2]),
      certificate('commit', 0, '1a', [0, 2]),
      certificate('commit', 0, '1a', [0, 2, 4]),
    ])
      expect(solo.hear({ type: 'commit-certificate', certificate: bad })).toEqual([]);
    expect(solo.state.target.height).toBe(0);
    expect(solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '1a') })).toEqual([
      'execute 1a',
    ]);
  });

  it('of two blocks at one height stop the replica', () => {
    const solo = accepted();
    solo.votes('commit', 0, '1a', [0, 2, 3]);
    const other = certificate('commit', 1, '1b');
    expect(solo.hear({ type: 'commit-certificate', certificate: other })).toEqual([
      'diverged: a certificate for another block at 1',
    ]);
    const blind = new Solo();
    blind.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '9a') });
    expect(blind.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '9b') })).toEqual([
      'diverged: two certified blocks at 9',
    ]);
  });
});

describe('votes held', () => {
  it('none outside (low, low+2W], none of views beyond the next: far-future messages fill no buffer', () => {
    const solo = new Solo({ window: 2 });
    for (let height = 0; height < 50; height++)
      for (let view = 0; view < 50; view++) solo.hear(vote('prepare', view, `${height}x`, 3));
    const held = [...solo.state.slots].map(([view, { votes }]) => [view, [...votes.prepare.keys()]]);
    expect(held).toEqual([
      [0, [0, 1, 2, 3, 4]],
      [1, [0, 1, 2, 3, 4]],
    ]);
  });

  it('none at or below the last final block, the tip excepted', () => {
    const solo = new Solo();
    solo.catchUp(makeChain(3), true);
    solo.hear(vote('prepare', 0, '2a', 3));
    expect(solo.state.slots.get(0)!.votes.prepare.size).toBe(0);
    solo.hear(
      newView(
        1,
        [0, 2, 3].map(signer => viewChange(1, signer, { high: certificate('prepare', 0, '2a') })),
      ),
    );
    expect(solo.votes('prepare', 1, '2a', [0, 2, 3])).toEqual(['log prepared 1/2 2a', 'COMMIT 1/2 2a']);
    expect(solo.tick(100)).toEqual([]);
  });

  it('COMMITs sent are forgotten once final', () => {
    const solo = accepted();
    solo.votes('prepare', 0, '2a', [2, 3]);
    solo.catchUp([a1, a2]);
    solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('2a') });
    expect([...solo.state.commitSent]).toEqual([[2, '2a']]);
    expect(solo.tick(100)).toEqual([]);
  });
});

describe('the highest certificate', () => {
  it('by view first, then height; replaced only by a greater one', () => {
    const of = (view: number, height: number) => certificate('prepare', view, `${height}a`);
    expect(higher(of(2, 1), of(1, 9))).toBe(true);
    expect(higher(of(1, 9), of(2, 1))).toBe(false);
    expect(higher(of(1, 2), of(1, 1))).toBe(true);
    expect(higher(of(1, 1), of(1, 1))).toBe(false);
    expect(higher(of(0, 1), null)).toBe(true);
  });

  it('prepared state not dropped at view change, nor replaced by a lower height of the same view', () => {
    const solo = accepted();
    solo.votes('prepare', 0, '2a', [2, 3]);
    solo.votes('prepare', 0, '1a', [2, 3]);
    solo.hear(newView(1, [viewChange(1, 0), viewChange(1, 2), viewChange(1, 3)]));
    expect(solo.state.high).toMatchObject({ view: 0, height: 2 });
  });
});
