import { describe, expect, it } from 'vitest';
import { gate } from './gate.ts';

describe('a gate', () => {
  it('bounds all and each, and gives a place back once the last holder lets go', () => {
    const places = gate(3, 2);
    const a = places.enter('a')!;
    expect([places.enter('a') === null, places.enter('a'), places.taken]).toEqual([false, null, 2]);
    const b = places.enter('b')!;
    expect([places.enter('c'), places.taken]).toEqual([null, 3]);
    a.hold();
    a.release();
    expect(places.enter('a')).toBeNull();
    a.release();
    expect(places.taken).toBe(2);
    b.release();
    expect(places.enter('b')).not.toBeNull();
  });
});
