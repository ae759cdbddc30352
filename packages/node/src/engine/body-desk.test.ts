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

it('observers are answered with what one member may have, all of them together', () => {
  const desk = new BodyDesk({ batch: () => new Uint8Array(1024 * 1024) });
  const digests = Array.from({ length: 64 }, () => new Uint8Array(32));
  const given = ['530100', '530300', '11430000006122244L'].map(
    code => [...desk.answer(code, digests)].length,
  );
  expect(given[0]).toBeGreaterThanOrEqual(32);
  expect(given[1]! + given[2]!).toBeLessThanOrEqual(2);
  expect([...desk.answer('110000', digests)].length).toBeGreaterThanOrEqual(32);
});
