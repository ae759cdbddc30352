import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WriteAheadLog } from '../../ports/log.ts';

/** A place for one log that outlives its closing. */
export interface LogPlace {
  open(): Promise<WriteAheadLog>;
  remove(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** The suite that every write-ahead log passes. */
export function logCompliance(name: string, place: () => Promise<LogPlace>): void {
  describe(`${name} is a write-ahead log`, () => {
    let where: LogPlace;
    let log: WriteAheadLog;
    const reopened = async () => {
      await log.close();
      log = await where.open();
      return log.read().map(record => new TextDecoder().decode(record));
    };
    beforeEach(async () => {
      where = await place();
      log = await where.open();
    });
    afterEach(async () => {
      await log.close();
      await where.remove();
    });

    it('is empty at first and gives back all records in order', async () => {
      expect(log.read()).toEqual([]);
      await log.append([bytes('one'), bytes(''), bytes('three')]);
      await log.append([bytes('four')]);
      expect(await reopened()).toEqual(['one', '', 'three', 'four']);
      await log.append([bytes('five')]);
      expect(await reopened()).toEqual(['one', '', 'three', 'four', 'five']);
    });

    it('is read once, before the first append', async () => {
      log.read();
      expect(() => log.read()).toThrow(/once/);
      await log.close();
      log = await where.open();
      await log.append([bytes('x')]);
      expect(() => log.read()).toThrow(/first append/);
    });

    it('shares one sync among appends that come while one runs', async () => {
      const before = log.syncs;
      const first = log.append([bytes('0')]);
      await Promise.resolve();
      await Promise.resolve();
      const more = Array.from({ length: 50 }, (_, i) => log.append([bytes(`${i + 1}`)]));
      await Promise.all([first, ...more]);
      expect(log.syncs - before).toBeLessThanOrEqual(2);
      expect(await reopened()).toEqual(Array.from({ length: 51 }, (_, i) => `${i}`));
    });

    it('is rewritten whole, between the appends before and after', async () => {
      const all = [
        log.append([bytes('gone')]),
        log.rewrite([bytes('kept'), bytes('too')]),
        log.append([bytes('after')]),
      ];
      await Promise.all(all);
      expect(await reopened()).toEqual(['kept', 'too', 'after']);
      await log.rewrite([]);
      await log.append([bytes('new')]);
      expect(await reopened()).toEqual(['new']);
    });

    it('takes no append once closed', async () => {
      await log.close();
      await expect(log.append([bytes('late')])).rejects.toMatchObject({ code: 'log-failed' });
    });
  });
}
