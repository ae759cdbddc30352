import { describe, expect, it } from 'vitest';
import type { Block } from '../../consensus/messages.ts';
import type { ToSign } from '../../consensus/output.ts';
import { EpochChecker } from './epochs.ts';

const block = (height: number, epoch: number, batches: readonly string[] = []): Block => ({
  hash: `h${height}`,
  height,
  parent: `h${height - 1}`,
  proposer: '110000',
  epoch,
  timestamp: height,
  batches,
  barrier: batches.length > 0,
});
const vote = (epoch: number, height: number): ToSign => ({
  type: 'vote',
  vote: { kind: 'prepare', epoch, view: 0, height, hash: 'h' },
});

/** Members 0 to 3 in epoch 0; in block 2 member 3 comes back with key 1003 and epoch 1 begins above it. */
function checker(): EpochChecker {
  const epochs = new EpochChecker(4);
  epochs.announced('change 0', { epoch: 0, moves: new Map([[3, 1003]]), approvals: 3 });
  epochs.accepted(0, block(1, 0));
  epochs.extended(block(1, 0));
  epochs.extended(block(2, 0, ['change 0']));
  return epochs;
}

describe('epoch checker', () => {
  it('follows the changes of members', () => {
    const epochs = checker();
    epochs.executed(0, block(2, 0), true);
    epochs.executed(0, block(1, 0), false);
    epochs.opened(0, 1, 2, true, true);
    epochs.accepted(0, block(3, 1));
    epochs.signed(3, vote(0, 2));
    epochs.signed(1003, vote(1, 3));
    expect([epochs.keys(0), epochs.keys(1), epochs.keys(2)]).toEqual([[0, 1, 2, 3], [0, 1, 2, 1003], null]);
    expect([1, 2, 3].map(height => epochs.at(height))).toEqual([0, 0, 1]);
  });

  it.each<
    [string, { epoch: number; moves: readonly (readonly [number, number | null])[]; approvals: number }]
  >([
    ['of another epoch', { epoch: 0, moves: [[4, 4]], approvals: 3 }],
    ['by too few', { epoch: 1, moves: [[4, 4]], approvals: 2 }],
    [
      'of more than f',
      {
        epoch: 1,
        moves: [
          [4, 4],
          [5, 5],
        ],
        approvals: 3,
      },
    ],
    ['to fewer than four', { epoch: 1, moves: [[0, null]], approvals: 3 }],
    ['that a stranger leaves by', { epoch: 1, moves: [[7, null]], approvals: 3 }],
    ['that brings a key back', { epoch: 1, moves: [[3, 3]], approvals: 3 }],
    ['of nothing', { epoch: 1, moves: [], approvals: 3 }],
  ])('takes no change %s', (_, { moves, ...change }) => {
    const epochs = checker();
    epochs.announced('change 1', { ...change, moves: new Map(moves) });
    epochs.extended(block(3, 1, ['change 1']));
    expect(epochs.newest).toBe(1);
    expect(() => epochs.executed(0, block(3, 1), true)).toThrow('epochs');
  });

  it.each<[string, (epochs: EpochChecker) => void]>([
    ['a block of an epoch that is over', epochs => epochs.extended(block(3, 0))],
    ['a block of an epoch that has not begun', epochs => epochs.extended(block(3, 2))],
    ['a change that a replica does not see', epochs => epochs.executed(0, block(2, 0), false)],
    ['a change that nobody made', epochs => epochs.executed(0, block(1, 0), true)],
    ['a block accepted upon the last one of its epoch', epochs => epochs.accepted(0, block(3, 0))],
    [
      'a block accepted upon a barrier that is not executed',
      epochs => {
        epochs.accepted(0, block(3, 1, ['governs']));
        epochs.accepted(0, block(4, 1), false);
      },
    ],
    ['an epoch opened upon another block', epochs => epochs.opened(0, 1, 1, true, true)],
    ['an epoch opened before its time', epochs => epochs.opened(0, 2, 2, true, true)],
    ['an epoch opened upon what is not final', epochs => epochs.opened(0, 1, 2, false, true)],
    ['an epoch opened with its proof lost', epochs => epochs.opened(0, 1, 2, true, false)],
    ['a key that signs after it was replaced', epochs => epochs.signed(3, vote(1, 3))],
    ['a key that signs before it counts', epochs => epochs.signed(1003, vote(0, 2))],
    ['a signature in an epoch that has not begun', epochs => epochs.signed(0, vote(2, 3))],
    ['a height of the epoch before', epochs => epochs.signed(0, vote(1, 2))],
    [
      'a retired key that cosigns',
      epochs => epochs.signed(3, { type: 'cosignature', height: 3, hash: 'h', text: 't', time: 1 }),
    ],
  ])('finds %s', (_, run) => expect(() => run(checker())).toThrow('epochs'));

  it('finds what was accepted before it was known that the block ends the epoch', () => {
    const epochs = new EpochChecker(4);
    epochs.announced('change 0', { epoch: 0, moves: new Map([[4, 4]]), approvals: 3 });
    epochs.accepted(1, block(2, 0));
    expect(() => epochs.extended(block(1, 0, ['change 0']))).toThrow('epochs');
  });
});
