import { expect, it } from 'vitest';
import { LineChecker } from './lines.ts';

const block = (height: number, hash: string, parent: string) => ({
  hash,
  height,
  parent,
  proposer: '110000',
  epoch: 0,
  timestamp: height,
  batches: [],
  barrier: false,
});

it('finds a block accepted beside another of its view, and nothing else', () => {
  const lines = new LineChecker();
  lines.accepted(0, 1, block(1, 'a', 'g'));
  lines.accepted(0, 1, block(2, 'b', 'a'));
  lines.accepted(1, 1, block(1, 'other', 'g'));
  lines.accepted(0, 2, block(1, 'other', 'g'));
  lines.accepted(0, 2, block(4, 'd', 'c'));
  expect(() => lines.accepted(0, 2, block(2, 'c', 'a'))).toThrow('lines');
});
