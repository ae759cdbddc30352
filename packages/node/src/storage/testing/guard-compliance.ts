import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuardFile } from '../../ports/log.ts';

/** A place for one guard. */
export interface GuardPlace {
  open(): GuardFile;
  remove(): void;
}

const value = (length: number, fill: number) => new Uint8Array(length).fill(fill);

/** The suite that every guard passes. */
export function guardCompliance(name: string, place: () => GuardPlace): void {
  describe(`${name} is a guard`, () => {
    let where: GuardPlace;
    beforeEach(() => {
      where = place();
    });
    afterEach(() => where.remove());

    it('has no value until one is written', () => {
      expect(where.open().read()).toBeNull();
      expect(where.open().read()).toBeNull();
    });

    it('keeps the last of many values of any size, one sync each', () => {
      const guard = where.open();
      const sizes = [0, 5, 300, 16_000, 20, 17_000, 100_000, 3, 7];
      sizes.forEach((size, i) => {
        const before = guard.syncs;
        guard.write(value(size, i));
        expect(guard.syncs - before).toBe(1);
        expect(guard.read()).toEqual(value(size, i));
        expect(where.open().read()).toEqual(value(size, i));
      });
    });

    it('goes on after being opened again', () => {
      for (let i = 1; i < 10; i++) {
        const guard = where.open();
        expect(guard.read()).toEqual(i === 1 ? null : value(40, i - 1));
        guard.write(value(40, i));
      }
    });

    it('keeps a copy of what it is given', () => {
      const guard = where.open();
      const mine = value(4, 1);
      guard.write(mine);
      mine.fill(2);
      guard.read()!.fill(3);
      expect(guard.read()).toEqual(value(4, 1));
    });
  });
}
