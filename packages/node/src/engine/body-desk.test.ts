import { expect, it } from 'vitest';
import { BodyDesk } from './body-desk.ts';

it('one request for everything is answered with no more than a member may have, and others have theirs', () => {
  let read = 0;
  const desk = new BodyDesk({
    batch: () => {
      read++;
      return new Uint8Array(1024 * 1024);
    },
  });
  const digests = Array.from({ length: 512 }, () => new Uint8Array(32));
  expect([...desk.answer('110000', digests)].length).toBeLessThanOrEqual(33);
  expect([...desk.answer('110000', digests)].length).toBeLessThanOrEqual(2);
  expect(read).toBeLessThanOrEqual(35);
  expect([...desk.answer('120000', digests)].length).toBeGreaterThanOrEqual(32);
});
