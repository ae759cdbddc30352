import { describe, expect, it } from 'vitest';
import { certificate, makeBlock, makeChain, newView, viewChange } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

/** Names height 2 and stands on genesis. */
const jumps = makeBlock('2z', 'g');

describe("a height is the header's, whatever names it", () => {
  it('no block is accepted whose height is not one more than that of its parent', () => {
    const solo = new Solo();
    expect(solo.propose(0, jumps)).toEqual([]);
    solo.propose(0, makeChain(1)[0]!);
    expect(solo.propose(0, makeBlock('3z', '1a'))).toEqual([]);
    expect([...solo.state.accepted]).toEqual([[1, '1a']]);
  });

  it('a certificate for another height than the header names commits nothing', () => {
    const solo = new Solo();
    solo.propose(0, jumps);
    const commit = { ...certificate('commit', 0, '2z'), height: 1 };
    expect(solo.hear({ type: 'commit-certificate', certificate: commit })).toEqual([]);
    expect(solo.state.committed.height).toBe(0);
  });

  it('nor does a tip of another height than its header names begin a view', () => {
    const solo = new Solo();
    solo.propose(0, jumps);
    const high = { ...certificate('prepare', 0, '2z'), height: 1 };
    const changes = [viewChange(1, 0, { high }), viewChange(1, 2), viewChange(1, 3)];
    expect(solo.hear(newView(1, changes))).toEqual(['log new-view 1']);
  });
});
