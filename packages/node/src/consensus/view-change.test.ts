import { describe, expect, it } from 'vitest';
import { certificate, checkpoint, makeChain, makeConfig, newView, viewChange, vote } from './testing/make.ts';
import { Solo } from './testing/solo.ts';
import { tipOf } from './view-change.ts';

const empty = (view: number) => [0, 2, 3].map(signer => viewChange(view, signer));

describe('VIEW-CHANGE', () => {
  it('f+1 signers above my view take me along, to the (f+1)-th highest', () => {
    const solo = new Solo();
    expect(solo.viewChange(viewChange(5, 2))).toEqual([]);
    expect(solo.viewChange(viewChange(3, 3))).toEqual([
      'log view-change 3',
      'asks for view 3: others-ask',
      'VIEW-CHANGE 3 high none',
    ]);
  });

  it('one node names a huge view: it moves nobody', () => {
    const solo = new Solo();
    solo.viewChange(viewChange(2 ** 50, 3));
    solo.viewChange(viewChange(2 ** 50 + 1, 3));
    expect(solo.state.asked).toBe(0);
    expect(solo.state.viewChanges.size).toBe(1);
  });

  it('made once a view and repeated as it was, though a higher certificate came since', () => {
    const solo = new Solo();
    solo.propose(0, makeChain(1)[0]!);
    solo.viewChange(viewChange(1, 2));
    solo.viewChange(viewChange(1, 3));
    expect(solo.votes('prepare', 0, '1a', [2, 3, 1])).toEqual(['log prepared 0/1 1a']);
    expect(solo.tick(500)).toEqual(['VIEW-CHANGE 1 high none']);
  });

  it('commit lock does not block it: asked for after COMMIT, with the certificate', () => {
    const solo = new Solo();
    solo.propose(0, makeChain(1)[0]!);
    expect(solo.votes('prepare', 0, '1a', [2, 3])).toContain('COMMIT 0/1 1a');
    solo.viewChange(viewChange(1, 2));
    expect(solo.viewChange(viewChange(1, 3))).toEqual([
      'log view-change 1',
      'asks for view 1: others-ask',
      'VIEW-CHANGE 1 high 0/1 1a',
    ]);
  });

  it('brings its checkpoint certificate, unless that is of another epoch or counts a signer twice', () => {
    const solo = new Solo();
    solo.viewChange(viewChange(1, 3, { checkpoint: checkpoint('2a', [0, 2, 2]) }));
    solo.viewChange(viewChange(2, 3, { checkpoint: { ...checkpoint('2a'), epoch: 1 } }));
    expect(solo.state.low).toBe(0);
    expect(solo.viewChange(viewChange(3, 3, { checkpoint: checkpoint('2a') }))).toContain('final 2');
  });
});

describe('NEW-VIEW', () => {
  it('made by the leader of the view asked for from q VIEW-CHANGEs, its own among them, once', () => {
    const solo = new Solo();
    solo.viewChange(viewChange(1, 0));
    solo.viewChange(viewChange(1, 2));
    expect(solo.viewChange(viewChange(1, 3))).toEqual([]);
    expect(solo.viewChange(viewChange(1, 1))).toEqual(['log new-view-sent 1', 'NEW-VIEW 1']);
    solo.viewChange(viewChange(2, 0));
    expect(solo.viewChange(viewChange(1, 0))).toEqual([]);
    expect(solo.state.ownNewView?.viewChanges.map(({ signer }) => signer)).toEqual([0, 1, 2]);
  });

  it('is on disk before the first PREPARE in it', () => {
    const solo = new Solo();
    solo.propose(0, makeChain(1)[0]!);
    const changes = [
      viewChange(1, 0, { high: certificate('prepare', 0, '1a') }),
      viewChange(1, 2),
      viewChange(1, 3),
    ];
    expect(solo.hear(newView(1, changes))).toEqual(['log new-view 1', 'PREPARE 1/1 1a']);
  });

  it.each([
    ['from another than its leader', newView(1, empty(1), { signer: 2 })],
    ['with fewer than q VIEW-CHANGEs', newView(1, empty(1).slice(1))],
    ['with VIEW-CHANGEs for other views', newView(1, [...empty(1).slice(1), viewChange(2, 0)])],
    ['with one signer several times', newView(1, [viewChange(1, 0), viewChange(1, 0), viewChange(1, 0)])],
    ['of another epoch', newView(1, empty(1), { epoch: 1 })],
    [
      'with VIEW-CHANGEs of another epoch',
      newView(
        1,
        empty(1).map(change => ({ ...change, epoch: 1 })),
      ),
    ],
  ])('is refused %s', (_, message) => {
    const solo = new Solo();
    expect(solo.hear(message)).toEqual([]);
    expect(solo.state.view).toBe(0);
  });

  it('one bad item hides no good ones: entries too many or wrong are left out', () => {
    const solo = new Solo();
    solo.hear(
      newView(1, [
        ...empty(1),
        viewChange(7, 1),
        viewChange(1, 1, { high: certificate('prepare', 5, '9z') }),
      ]),
    );
    expect(solo.state.view).toBe(1);
    expect(solo.state.tip.hash).toBe('g');
  });

  it('a replay moves no view back, and none below what was asked for', () => {
    const solo = new Solo();
    solo.hear(newView(2, empty(2)));
    expect(solo.hear(newView(1, empty(1)))).toEqual([]);
    expect(solo.hear(newView(2, empty(2)))).toEqual([]);
    solo.viewChange(viewChange(5, 2));
    solo.viewChange(viewChange(5, 3));
    solo.hear(newView(4, empty(4)));
    expect([solo.state.view, solo.state.asked]).toEqual([2, 5]);
  });

  it('no queue is replayed after demotion: votes and VIEW-CHANGEs of the old view are gone', () => {
    const solo = new Solo();
    solo.votes('prepare', 0, '1a', [2]);
    solo.viewChange(viewChange(1, 2));
    solo.hear(vote('prepare', 1, '1b', 2));
    solo.hear(newView(1, empty(1)));
    expect([...solo.state.slots.keys()]).toEqual([1, 2]);
    expect(solo.state.slots.get(1)!.votes.prepare.size).toBe(1);
    expect(solo.state.viewChanges.size).toBe(0);
  });

  it('keeps headers pulled below a certificate, drops those of proposals never accepted', () => {
    const solo = new Solo();
    const chain = makeChain(6);
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '6a') });
    solo.hear({ type: 'headers', blocks: [chain[5]!, chain[4]!] });
    solo.propose(0, { ...chain[0]!, hash: '1b', batches: ['never here'] });
    solo.hear(newView(1, empty(1)));
    expect([...solo.state.blocks.keys()]).toEqual(['6a', '5a']);
  });

  it('that comes late, with a tip that a later view did not choose, is passed over and stops nobody', () => {
    const changes = [
      viewChange(1, 0, { high: certificate('prepare', 0, '2b') }),
      viewChange(1, 2),
      viewChange(1, 3),
    ];
    const other = new Solo();
    other.catchUp(makeChain(2));
    expect(other.hear(newView(1, changes))).toEqual([]);
    expect(other.state.view).toBe(0);
  });
});

describe('the tip', () => {
  const tip = (...highs: Parameters<typeof certificate>[]) =>
    tipOf(
      makeConfig(),
      highs.map((high, i) => viewChange(3, i, { high: certificate(...high) })),
      3,
    ).hash;

  it('the highest certificate by view first, then height', () => {
    expect(tip(['prepare', 0, '9a'], ['prepare', 2, '1a'], ['prepare', 2, '2a'])).toBe('2a');
  });

  it.each<[string, Parameters<typeof certificate>]>([
    ['of this view or a later one', ['prepare', 3, '9a']],
    ['of COMMITs', ['commit', 1, '9a']],
    ['of another epoch', ['prepare', 1, '9a', [0, 2, 3], 1]],
    ['of too few signers', ['prepare', 1, '9a', [0, 2]]],
  ])('never a certificate %s', (_, bad) => {
    expect(tip(['prepare', 0, '1a'], bad)).toBe('1a');
  });

  it("the epoch's base when nobody holds a certificate", () => {
    expect(tip()).toBe('g');
  });
});
