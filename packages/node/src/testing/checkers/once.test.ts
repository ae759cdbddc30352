import { describe, expect, it } from 'vitest';
import { makeBlock } from '../../consensus/testing/make.ts';
import { OnceChecker } from './once.ts';

const A1 = makeBlock('1a', 'g', { batches: ['x'] });
const A2 = makeBlock('2a', '1a', { batches: ['y'] });

/** A replica accepts the two, then a third block of these batches, when it has executed and knows committed so much. */
function third(batches: readonly string[], executed = 0, committed = 0) {
  return () => {
    const checker = new OnceChecker();
    for (const block of [A1, A2]) checker.accepted(0, block, executed, 0);
    checker.accepted(0, makeBlock('3a', '2a', { batches }), executed, committed);
  };
}

describe('once checker', () => {
  it('finds a batch twice in a block, and one of an ancestor that is not executed', () => {
    expect(third(['z'])).not.toThrow();
    expect(third(['z', 'z'])).toThrow('once');
    expect(third(['x'])).toThrow('once');
    expect(third(['x'], 1)).not.toThrow();
    expect(third(['y'], 1)).toThrow('once');
    expect(third(['x'], 0, 3)).not.toThrow();
  });

  it('finds a submission that is judged twice', () => {
    const checker = new OnceChecker();
    checker.judged('aa');
    checker.judged('bb');
    expect(() => checker.judged('aa')).toThrow('once');
  });
});
