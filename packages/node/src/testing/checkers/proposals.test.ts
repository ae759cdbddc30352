import { describe, expect, it } from 'vitest';
import { ProposalChecker } from './proposals.ts';
import { someBlock, someState } from './some-state.ts';

describe('proposal checker', () => {
  /** A replica whose chain is committed up to a height, at a time of its own clock. */
  const at = (height: number, now = 0) => ({
    ...someState(),
    committed: { height, hash: `h${height}` },
    executed: { height, hash: `h${height}` },
    now,
  });
  const begun = () => {
    const checker = new ProposalChecker();
    checker.began(0, at(0));
    return checker;
  };
  const prepared = { kind: 'prepare', epoch: 0, view: 0, height: 8, hash: 'h8', signatures: [] } as const;

  it('takes what a leader may propose, and what others did', () => {
    const checker = begun();
    checker.accepted(0, at(0), 0, someBlock(1));
    checker.accepted(0, at(0), 0, someBlock(2, ['batch 2', 'batch 3']));
    checker.accepted(0, at(0, 10_000), 0, someBlock(1, []));
    checker.accepted(0, at(8), 0, someBlock(9));
    checker.accepted(0, at(0), 0, { ...someBlock(3), proposer: '120000' });
  });

  it('finds a block at a height that another leads', () => {
    expect(() => begun().accepted(0, at(2), 0, someBlock(3))).toThrow('does not lead 3');
  });

  it('finds a term begun upon a block that is neither PREPARED in the view nor committed', () => {
    const full = someBlock(9, ['batch 9', 'batch 10']);
    expect(() => begun().accepted(0, at(7), 0, full)).toThrow('not PREPARED');
    const checker = begun();
    checker.prepared(0, { ...prepared, view: 1 });
    expect(() => checker.accepted(0, at(7), 0, full)).toThrow('not PREPARED');
    checker.prepared(0, prepared);
    checker.accepted(0, at(7), 0, full);
  });

  it('finds an empty block before the chain stood still for a heartbeat', () => {
    const checker = begun();
    checker.stepped(0, at(1, 5_000));
    expect(() => checker.accepted(0, at(1, 14_999), 0, someBlock(2, []))).toThrow('heartbeat');
    checker.accepted(0, at(1, 15_000), 0, someBlock(2, []));
  });

  it('finds a block above three committed ones that wait for their execution', () => {
    const behind = (executed: number) => ({ ...at(8), executed: { height: executed, hash: `h${executed}` } });
    expect(() => begun().accepted(0, behind(5), 0, someBlock(9))).toThrow('has executed 5');
    begun().accepted(0, behind(6), 0, someBlock(9));
  });

  it('finds a block that is not full above others that are not committed', () => {
    expect(() => begun().accepted(0, at(0), 0, someBlock(2))).toThrow('not full');
    const waiting = at(0);
    waiting.pool.set('batch 4', { barrier: false, size: 50, weight: 50, since: 0, passedOver: false });
    begun().accepted(0, waiting, 0, someBlock(2));
  });
});
