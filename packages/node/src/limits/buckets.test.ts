import { describe, expect, it } from 'vitest';
import { KeyedBuckets } from './keyed-buckets.ts';
import { TokenBucket } from './token-bucket.ts';

const RATE = { perSecond: 10, burst: 5 };

describe('a token bucket', () => {
  it('gives the burst at once and the rate in the long run', () => {
    const bucket = new TokenBucket(RATE, 0);
    let taken = 0;
    for (let now = 0; now < 10_000; now += 10) {
      while (bucket.wait(now) === 0) {
        bucket.take(1, now);
        taken++;
      }
      if (now === 0) expect(taken).toBe(5);
    }
    expect(taken).toBeGreaterThanOrEqual(104);
    expect(taken).toBeLessThanOrEqual(106);
  });

  it('lets one thing be larger than the burst, and has it paid for', () => {
    const bucket = new TokenBucket(RATE, 0);
    bucket.take(25, 0);
    expect(bucket.wait(0)).toBe(2100);
    expect(bucket.wait(1000)).toBe(1100);
    expect(bucket.wait(2100)).toBe(0);
    expect(bucket.isFull(2100)).toBe(false);
    expect(bucket.isFull(2600)).toBe(true);
  });

  it('is not filled by a clock that goes back', () => {
    const bucket = new TokenBucket(RATE, 1000);
    bucket.take(5, 1000);
    expect(bucket.wait(0)).toBe(100);
    expect(bucket.wait(1000)).toBe(100);
  });
});

describe('buckets by key', () => {
  it('are apart', () => {
    const buckets = new KeyedBuckets(RATE, 10);
    buckets.take('a', 6, 0);
    expect([buckets.wait('a', 0), buckets.wait('b', 0)]).toEqual([200, 0]);
  });

  it('are bounded in number: full ones go first, then the oldest', () => {
    const buckets = new KeyedBuckets(RATE, 3);
    for (const key of ['a', 'b', 'c']) buckets.take(key, 6, 0);
    buckets.take('d', 6, 0);
    expect([buckets.size, buckets.wait('a', 0), buckets.wait('b', 0)]).toEqual([3, 0, 200]);
    buckets.take('e', 6, 5000);
    expect(buckets.size).toBe(1);
  });
});
