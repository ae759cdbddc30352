import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import { OneLog } from './one-log.ts';

const hash = (byte: number) => new Uint8Array(32).fill(byte);
const head = (height: number, size: number, root = size, epoch = 0): Checkpoint => ({
  origin: 'example.org/log',
  size,
  root: hash(root),
  height,
  blockHash: hash(height),
  stateRoot: hash(height),
  epoch,
});

/** Taken in every order: the first of the codes that is no `ok`, which must not depend on it. */
function verdictOn(...heads: readonly Checkpoint[]): string {
  const inOrder = (order: readonly Checkpoint[]) => {
    const log = new OneLog();
    const verdicts = order.map(one => log.add(one, null));
    return verdicts.find(verdict => !verdict.ok)?.fault.code ?? 'ok';
  };
  const codes = new Set([heads, heads.toReversed(), [...heads.slice(1), heads[0]!]].map(inOrder));
  expect(codes.size).toBe(1);
  return [...codes][0]!;
}

describe('checkpoints of one log', () => {
  it('grow with the blocks, or stay where a block records nothing', () => {
    expect(verdictOn(head(1, 1), head(2, 1), head(3, 4, 4, 1), head(3, 4, 4, 1))).toBe('ok');
  });

  it.each([
    ['two texts of one height', [head(1, 1), head(2, 2), head(2, 2, 9)]],
    ['a log that goes back', [head(1, 3), head(2, 2), head(4, 5)]],
    ['an epoch that goes back', [head(1, 1, 1, 1), head(2, 2, 2, 0), head(3, 3, 3, 1)]],
    ['one size with two roots', [head(1, 1), head(2, 1, 9), head(3, 3)]],
  ])('are not %s', (_, heads) => expect(verdictOn(...heads)).toBe('log-fork'));

  it('keep nothing of what was refused', () => {
    const log = new OneLog();
    expect(log.add(head(2, 2), null).ok).toBe(true);
    expect(log.add(head(1, 3), null).ok).toBe(false);
    expect(log.add(head(1, 1), null).ok).toBe(true);
  });
});
