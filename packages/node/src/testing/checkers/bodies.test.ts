import { expect, it } from 'vitest';
import { BodyChecker } from './bodies.ts';
import { someBlock } from './some-state.ts';

it('finds a block accepted or executed without its bodies, or accepted without those of its ancestors', () => {
  const checker = new BodyChecker();
  checker.accepted(0, someBlock(1), 0, new Set(['batch 1']));
  expect(() => checker.accepted(0, someBlock(2), 0, new Set(['batch 1']))).toThrow('has not batch 2');
  expect(() => checker.accepted(1, someBlock(2), 0, new Set(['batch 2']))).toThrow('has not batch 1');
  checker.accepted(1, someBlock(2), 1, new Set(['batch 2']));
  checker.executed(1, someBlock(2), new Set(['batch 2']));
  expect(() => checker.executed(1, someBlock(2), new Set())).toThrow('bodies');
});
