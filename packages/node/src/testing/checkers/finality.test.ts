import { describe, expect, it } from 'vitest';
import { FinalityChecker } from './finality.ts';

const disk = (...hashes: readonly string[]) => ({ hashAt: (height: number) => hashes[height - 1] });

describe('finality checker', () => {
  it('accepts what lies on f+1 sound disks and is found again', () => {
    const checker = new FinalityChecker();
    checker.told(0, 1, 'a', 4, [disk('a'), disk('a'), disk(), disk()]);
    checker.told(1, 1, 'a', 4, [disk('a'), disk(), disk()]);
    checker.started(0, 1, disk('a'));
    checker.started(2, 0, disk());
    checker.recovered(disk('a'));
    expect(checker.height).toBe(1);
  });

  it.each<[string, (checker: FinalityChecker) => void]>([
    [
      'two blocks final at one height',
      checker => checker.told(1, 1, 'b', 4, [disk('b'), disk('b'), disk(), disk()]),
    ],
    [
      'a final block that f losses may take away',
      checker => checker.told(1, 2, 'b', 4, [disk('a', 'b'), disk(), disk(), disk()]),
    ],
    ['a replica that told "final" and forgot', checker => checker.started(0, 0, disk('a'))],
    ['a replica that told "final" and has another block', checker => checker.started(0, 1, disk('b'))],
    ['a full restart without a final block', checker => checker.recovered(disk())],
  ])('finds %s', (_, run) => {
    const checker = new FinalityChecker();
    checker.told(0, 1, 'a', 4, [disk('a'), disk('a'), disk(), disk()]);
    expect(() => run(checker)).toThrow('finality');
  });

  it('asks nothing of a disk that was wiped', () => {
    const checker = new FinalityChecker();
    checker.told(0, 1, 'a', 4, [disk('a'), disk('a'), disk(), disk()]);
    checker.wiped(0);
    expect(() => checker.started(0, 0, disk())).not.toThrow();
  });
});
