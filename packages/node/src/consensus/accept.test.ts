import { describe, expect, it } from 'vitest';
import {
  certificate,
  checkpoint,
  makeBlock,
  makeChain,
  newView,
  proposal,
  viewChange,
} from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const [a1, a2, a3] = makeChain(3) as [
  ReturnType<typeof makeBlock>,
  ReturnType<typeof makeBlock>,
  ReturnType<typeof makeBlock>,
];

describe('rule 2: a replica accepts and PREPAREs', () => {
  it('after the acceptance is in the log', () => {
    expect(new Solo().propose(0, a1)).toEqual(['log accept 0/1 1a', 'PREPARE 0/1 1a']);
  });

  it('only the first proposal for a slot', () => {
    const solo = new Solo();
    solo.propose(0, a1);
    expect(solo.propose(0, makeBlock('1b', 'g'))).toEqual([
      'evidence against 0',
      'to all: evidence against 0',
    ]);
    expect(solo.state.accepted.get(1)).toBe('1a');
  });

  it('in its own view only; a proposal of the next view waits, and its bodies are not fetched', () => {
    const solo = new Solo();
    const block = makeBlock('1a', 'g', { proposer: 'm1', batches: ['x'] });
    expect(solo.propose(1, block)).toEqual([]);
    expect(solo.propose(2, block)).toEqual([]);
    expect(solo.state.blocks.size).toBe(0);
    const said = solo.hear(newView(1, [viewChange(1, 0), viewChange(1, 2), viewChange(1, 3)]));
    expect(said).toEqual(['log new-view 1', 'need-bodies 1a']);
    expect(solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 })).toContain(
      'PREPARE 1/1 1a',
    );
  });

  it('nothing once it has asked to leave', () => {
    const solo = new Solo();
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    solo.tick(0);
    expect(solo.tick(1_000)).toContain('VIEW-CHANGE 1 high none');
    expect(solo.propose(0, a1)).toEqual([]);
    expect(solo.votes('prepare', 0, '1a', [0, 2, 3])).toEqual(['log prepared 0/1 1a']);
  });

  it('from the leader of the slot, who is its proposer', () => {
    const solo = new Solo();
    expect(solo.propose(0, makeBlock('1a', 'g', { proposer: 'm2' }))).toEqual([]);
    const forged = proposal(0, makeBlock('1a', 'g', { proposer: 'm2' }));
    if (forged.type === 'proposal')
      expect(solo.hear({ ...forged, proposal: { ...forged.proposal, signer: 0 } })).toEqual([]);
  });

  it('upon its parent: what it accepted one below, whichever comes first', () => {
    const solo = new Solo();
    expect(solo.propose(0, a2)).toEqual([]);
    expect(solo.propose(0, a1).filter(line => line.startsWith('PREPARE'))).toEqual([
      'PREPARE 0/1 1a',
      'PREPARE 0/2 2a',
    ]);
    expect(solo.propose(0, makeBlock('3b', '2b'))).toEqual([]);
  });

  it('upon a committed block above all it accepted, if that lies on the chain', () => {
    const solo = new Solo();
    solo.propose(0, a1);
    solo.catchUp([a1, a2]);
    expect(solo.propose(0, a3)).toContain('PREPARE 0/3 3a');
    const other = new Solo();
    other.propose(0, makeBlock('1b', 'g'));
    other.catchUp([a1, a2]);
    expect(other.propose(0, a3)).toEqual([]);
  });

  it('nothing beside a contradicted acceptance, even when that is final and forgotten', () => {
    const solo = new Solo();
    solo.propose(0, makeBlock('1b', 'g'));
    const chain = makeChain(6);
    solo.catchUp(chain.slice(0, 3), true);
    solo.catchUp(chain.slice(3, 5), true);
    expect(solo.propose(0, chain[5]!)).toEqual([]);
  });

  it('within the window above the last final block', () => {
    const solo = new Solo({ window: 2 });
    solo.propose(0, a1);
    solo.propose(0, a2);
    expect(solo.propose(0, a3)).toEqual([]);
    expect(solo.propose(0, makeBlock('5a', '4a'))).toEqual([]);
    expect(solo.state.slots.get(0)!.proposals.has(5)).toBe(false);
    const said = solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('1a') });
    expect(said).toContain('PREPARE 0/3 3a');
  });

  it('with the bodies of the block and of all its unexecuted ancestors', () => {
    const solo = new Solo();
    expect(solo.propose(0, makeBlock('1a', 'g', { batches: ['x'] }))).toEqual(['need-bodies 1a']);
    expect(solo.propose(0, a2)).toEqual([]);
    expect(solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 })).toEqual([
      'log accept 0/1 1a',
      'log accept 0/2 2a',
      'PREPARE 0/1 1a',
      'PREPARE 0/2 2a',
    ]);
  });

  it('of a committed block not executed here, too', () => {
    const solo = new Solo();
    const block = makeBlock('1a', 'g', { batches: ['x'] });
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '1a') });
    solo.hear({ type: 'headers', blocks: [block] });
    expect(solo.propose(0, block)).toEqual([]);
    expect(solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 })).toContain(
      'PREPARE 0/1 1a',
    );
  });

  it.each([
    ['a batch twice in it', makeBlock('2b', '1a', { batches: ['y', 'y'] })],
    ['a batch of an unexecuted ancestor', makeBlock('2b', '1a', { batches: ['x'] })],
    ['no later time than its parent', makeBlock('2b', '1a', { timestamp: 10 })],
    ['a barrier flag without a governance submission', makeBlock('2b', '1a', { barrier: true })],
  ])('no block with %s', (_, block) => {
    const solo = new Solo();
    solo.propose(0, makeBlock('1a', 'g', { batches: ['x'] }));
    solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 });
    solo.propose(0, block);
    solo.give({ type: 'bodies', hash: '2b', barrier: false, size: 1, weight: 1 });
    expect([...solo.state.accepted]).toEqual([[1, '1a']]);
  });

  it('bodies of as many bytes as a block may have, and not one more', () => {
    const solo = new Solo({ maxBytes: 100 });
    const large = makeBlock('1a', 'g', { batches: ['x', 'y'] });
    solo.propose(0, large);
    expect(solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 101, weight: 101 })).toEqual([]);
    const other = new Solo({ maxBytes: 100 });
    other.propose(0, large);
    expect(other.give({ type: 'bodies', hash: '1a', barrier: false, size: 100, weight: 100 })).toContain(
      'PREPARE 0/1 1a',
    );
  });

  it('a governance submission only under the barrier flag', () => {
    const solo = new Solo();
    solo.propose(0, makeBlock('1a', 'g', { batches: ['x'], barrier: true }));
    expect(solo.give({ type: 'bodies', hash: '1a', barrier: true, size: 1, weight: 1 })).toContain(
      'PREPARE 0/1 1a',
    );
  });

  it('and forgets acceptances below the last final block, but the highest', () => {
    const solo = new Solo();
    for (const block of [a1, a2, a3]) solo.propose(0, block);
    solo.catchUp([a1, a2, a3], true);
    expect([...solo.state.accepted]).toEqual([[3, '3a']]);
  });
});

describe('tip first', () => {
  const enter = (solo: Solo, hash: string) =>
    solo.hear(
      newView(1, [
        viewChange(1, 0, { high: certificate('prepare', 0, hash) }),
        viewChange(1, 2),
        viewChange(1, 3),
      ]),
    );

  it('PREPAREs the tip of a NEW-VIEW at once if it is final, and even if it is forgotten', () => {
    const solo = new Solo();
    solo.catchUp([a1, a2], true);
    expect(enter(solo, '2a')).toEqual(['log new-view 1', 'PREPARE 1/2 2a']);
    const further = new Solo();
    further.catchUp([a1, a2, a3], true);
    expect(enter(further, '1a')).toEqual(['log new-view 1', 'PREPARE 1/1 1a']);
  });

  it('waits for the header and bodies of the tip', () => {
    const solo = new Solo();
    expect(enter(solo, '1a')).toEqual(['log new-view 1']);
    expect(solo.tick(500)).toContain('to 2: header-request 1a above 0');
    solo.hear({ type: 'headers', blocks: [makeBlock('1a', 'g', { batches: ['x'] })] });
    expect(solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 })).toEqual([
      'PREPARE 1/1 1a',
    ]);
  });

  it('waits while the tip lies above the window', () => {
    const solo = new Solo({ window: 2 });
    for (const block of [a1, a2]) solo.propose(0, block);
    enter(solo, '3a');
    expect(solo.hear({ type: 'headers', blocks: [a3] })).toEqual([]);
    expect(solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('1a') })).toContain(
      'PREPARE 1/3 3a',
    );
  });
});
