import { expect, it } from 'vitest';
import { ServiceChecker } from './service.ts';

const block = (batches: readonly string[]) => ({
  hash: 'h',
  height: 1,
  parent: 'g',
  proposer: '110000',
  epoch: 0,
  timestamp: 1,
  batches,
  barrier: false,
});

it('finds a batch that waits longer than the rules allow, and no other', () => {
  const checker = new ServiceChecker(100);
  checker.sent('a', 0);
  checker.sent('b', 50);
  checker.passed(100);
  checker.executed(block(['a']), 101);
  checker.passed(150);
  expect(checker.longest).toBe(101);
  expect(() => checker.passed(151)).toThrow('service');
});
