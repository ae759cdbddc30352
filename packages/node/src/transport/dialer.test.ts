import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff, Dialer } from './dialer.ts';
import { until } from './testing/group.ts';

describe('the dialer', () => {
  it('waits from 100 ms, doubling, to 3 s, and up to half more', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 5000].map(failures => backoff(failures, 0))).toEqual([
      100, 200, 400, 800, 1600, 3000, 3000, 3000,
    ]);
    fc.assert(
      fc.property(fc.nat(40), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (n, random) => {
        expect(backoff(n, random)).toBeGreaterThanOrEqual(backoff(n, 0));
        expect(backoff(n, random)).toBeLessThanOrEqual(1.5 * backoff(n, 0));
      }),
    );
  });

  it('dials until it is linked, again when the link is lost, and never after stop', async () => {
    let dials = 0;
    let linked = false;
    const waits: number[] = [];
    const dialer = new Dialer({
      dial: async () => {
        if (++dials === 1) throw new Error('refused');
        linked = true;
      },
      linked: () => linked,
      onFailure: (_, wait) => waits.push(wait),
    });
    dialer.start();
    await until(() => linked, 'the second dial');
    expect([dials, waits.length]).toEqual([2, 1]);
    linked = false;
    dialer.down();
    dialer.down();
    await until(() => linked, 'the third dial');
    expect(dials).toBe(3);
    dialer.stop();
    linked = false;
    dialer.down();
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(dials).toBe(3);
  });
});
