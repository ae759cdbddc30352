import { expect, it } from 'vitest';
import type { ToSign } from '../../consensus/output.ts';
import { CalmChecker } from './calm.ts';

it('finds a view that somebody leaves where nothing is wrong', () => {
  const body = { epoch: 0, newView: 1, high: null, checkpoint: null };
  const ask: ToSign = { type: 'view-change', body };
  const checker = new CalmChecker();
  checker.signed(0, ask);
  checker.calm = true;
  expect(() => checker.signed(0, ask)).toThrow('0 asks for view 1');
});
