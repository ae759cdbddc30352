import { expect, it } from 'vitest';
import { namedBatches } from './chain.ts';
import { makeBlock, newView, viewChange } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

it('the batches of an accepted block are named until its height is final, over views and restarts; of another not so long', () => {
  const solo = new Solo();
  const named = (): string[] => [...namedBatches(solo.state)].toSorted();
  solo.propose(0, makeBlock('1a', 'g', { batches: ['x'] }));
  expect(named()).toEqual(['x']);
  solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1 });
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
