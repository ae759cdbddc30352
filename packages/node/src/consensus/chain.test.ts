import { expect, it } from 'vitest';
import { useOf } from './accept.ts';
import { namedBatches } from './chain.ts';
import { certificate, makeBlock, makeChain, newView, viewChange } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

it('the batches of an accepted block are named until its height is final, over views and restarts; of another not so long', () => {
  const solo = new Solo();
  const named = (): string[] => [...namedBatches(solo.state)].toSorted();
  solo.propose(0, makeBlock('1a', 'g', { batches: ['x'] }));
  expect(named()).toEqual(['x']);
  solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 });
  // Not accepted: its bodies do not come.
  solo.propose(0, makeBlock('2a', '1a', { batches: ['y'] }));
  expect(named()).toEqual(['x', 'y']);
  solo.hear(
    newView(
      1,
      [0, 2, 3].map(signer => viewChange(1, signer)),
    ),
  );
  expect(named()).toEqual(['x']);
  solo.restart(null);
  expect(named()).toEqual(['x']);
  solo.catchUp([makeBlock('1b', 'g', { proposer: 'm1' })]);
  expect(named()).toEqual(['x']);
  solo.catchUp([makeBlock('1b', 'g', { proposer: 'm1' })], true);
  expect(named()).toEqual([]);
});

it('bodies are wanted most of what is committed and of what is accepted next, not of what others left behind', () => {
  const solo = new Solo();
  const [a1, a2, a3, a4] = makeChain(4).map(block => ({ ...block, batches: [`of ${block.hash}`] }));
  for (const block of [a1!, a2!, a3!]) solo.propose(0, block);
  const uses = () => [a1!, a2!, a3!, a4!].map(block => useOf(solo.state, block));
  expect(uses()).toEqual(['next', 'later', 'later', 'none']);
  solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 });
  expect(uses()).toEqual(['later', 'next', 'later', 'none']);
  solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '2a') });
  expect(uses()).toEqual(['committed', 'committed', 'next', 'none']);
});
