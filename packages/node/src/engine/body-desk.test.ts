import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BodyDesk } from './body-desk.ts';

/** The clock stands still, or there is more to have with every ms. */
beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

it('one request for everything is answered with no more than a member may have, and others have theirs', () => {
  let read = 0;
  const desk = new BodyDesk({
    batch: () => {
      read++;
      return new Uint8Array(1024 * 1024);
    },
  });
  const digests = Array.from({ length: 512 }, () => new Uint8Array(32));
  const given = ['110000', '110000', '120000'].map(code => [...desk.answer(code, digests)].length);
  expect([given, read]).toEqual([[32, 0, 32], 64]);
});

it('observers are answered with what one member may have, all of them together', () => {
  const desk = new BodyDesk({ batch: () => new Uint8Array(1024 * 1024) });
  const digests = Array.from({ length: 64 }, () => new Uint8Array(32));
  const codes = ['530100', '530300', '11430000006122244L', '110000'];
  expect(codes.map(code => [...desk.answer(code, digests)].length)).toEqual([32, 0, 0, 32]);
});
