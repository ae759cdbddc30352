import { expect, it } from 'vitest';
import type { ToSign } from '../../consensus/output.ts';
import { CommitChecker } from './commits.ts';
import { someState } from './some-state.ts';

it('finds a COMMIT without those for the ancestors, in its own view', () => {
  const checker = new CommitChecker();
  const commit = (view: number, height: number): ToSign => ({
    type: 'vote',
    vote: { kind: 'commit', epoch: 0, view, height, hash: `h${height}` },
  });
  checker.signed(0, someState(), commit(0, 1));
  checker.signed(0, someState(), commit(0, 2));
  expect(() => checker.signed(1, someState(), commit(0, 2))).toThrow('COMMITs 2 in view 0, and not 1');
  expect(() => checker.signed(0, someState(), commit(1, 2))).toThrow('commits');
  checker.signed(1, { ...someState(), low: 4 }, commit(0, 5));
});
