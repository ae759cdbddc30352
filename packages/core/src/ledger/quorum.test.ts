import { describe, expect, it } from 'vitest';
import { faultsTolerated, quorum } from './quorum.ts';

describe('quorum', () => {
  it.each([
    [4, 3],
    [5, 4],
    [6, 4],
    [7, 5],
    [31, 21],
    [100, 67],
  ])('of %i validators is %i', (n, q) => expect(quorum(n)).toBe(q));

  it('leaves an honest validator in every intersection and is reachable with f silent', () => {
    for (let n = 1; n <= 200; n++) {
      const f = faultsTolerated(n);
      expect(2 * quorum(n) - n).toBeGreaterThanOrEqual(f + 1);
      expect(quorum(n)).toBeLessThanOrEqual(n - f);
      expect(3 * f + 1).toBeLessThanOrEqual(n);
    }
  });
});
