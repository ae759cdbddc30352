import { expect, it } from 'vitest';
import { ByteCache } from './byte-cache.ts';

const value = (n: number) => new Uint8Array(100).fill(n);

it('keeps what is used and never more than its bound', () => {
  const cache = new ByteCache(10_000);
  cache.set('kept', value(7));
  for (let i = 0; i < 1000; i++) {
    cache.set(`${i}`, value(i));
    expect(cache.get('kept')).toEqual(value(7));
    expect(cache.get(`${i}`)).toEqual(value(i));
    expect(cache.bytes).toBeLessThan(10_000 + 500);
  }
  expect(cache.get('0')).toBeUndefined();
});

it('gives the value set last, and none once it is deleted, in whichever generation it is', () => {
  const cache = new ByteCache(2_000);
  for (let i = 0; i < 50; i++) {
    cache.set('a', value(i));
    for (let other = 0; other < i % 7; other++) cache.set(`${i} ${other}`, value(0));
    expect(cache.get('a') ?? value(i)).toEqual(value(i));
    if (i % 3 === 0) {
      cache.delete('a');
      expect(cache.get('a')).toBeUndefined();
    }
  }
});
