import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat } from '@qifeng/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFileLog } from './file-log.ts';
import { encodeFrame, FILE_HEAD } from './log-format.ts';
import { runUntilKilled } from './testing/killed.ts';
import { memoryFiles } from './testing/memory-files.ts';

const text = (record: Uint8Array) => new TextDecoder().decode(record);
const bytes = (record: string) => new TextEncoder().encode(record);
const GROUPS = [['a'], ['b', '', 'c'.repeat(70)], ['d'.repeat(300)], ['e', 'f']];

/** A log file of synced appends, and its length after each. */
async function written(groups: readonly (readonly string[])[]) {
  const disk = memoryFiles();
  const log = await openFileLog('wal', disk);
  const ends = [disk.files.get('wal')!.length];
  for (const group of groups) {
    await log.append(group.map(bytes));
    ends.push(disk.files.get('wal')!.length);
  }
  return { file: disk.files.get('wal')!, ends };
}

/** The records a file opens to, or the code of the refusal. */
async function opened(file: Uint8Array): Promise<string[] | string> {
  const disk = memoryFiles(new Map([['wal', file]]));
  try {
    const log = await openFileLog('wal', disk);
    const records = log.read().map(text);
    // What is there after the cut must take appends, and give all back.
    await log.append([bytes('more')]);
    const again = await openFileLog('wal', disk);
    expect(again.read().map(text)).toEqual([...records, 'more']);
    return records;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the file log after a crash', () => {
  it('holds exactly the appends wholly written, at every length', async () => {
    const { file, ends } = await written(GROUPS);
    for (let length = 0; length <= file.length; length++) {
      const whole = ends.findLastIndex(end => end <= length);
      // The head is in place before the file has its name: without it, the log was damaged or wiped.
      expect(await opened(file.slice(0, length))).toEqual(
        whole < 0 ? 'log-damaged' : GROUPS.slice(0, whole).flat(),
      );
    }
  });

  it('cuts the last append or is refused, whichever byte flips', async () => {
    const { file, ends } = await written(GROUPS);
    for (let at = 0; at < file.length; at++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const flipped = file.slice();
        flipped[at]! ^= mask;
        expect(await opened(flipped)).toEqual(at < ends.at(-2)! ? 'log-damaged' : GROUPS.slice(0, -1).flat());
      }
    }
  });

  it('cuts a last append of which any pages are lost', async () => {
    const { file, ends } = await written([['a'], ['b'.repeat(900), 'c'.repeat(900)]]);
    const start = ends.at(-2)!;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('kept', 'zero', 'noise'), { minLength: 8, maxLength: 8 }),
        async pages => {
          const torn = file.slice();
          pages.forEach((fate, i) => {
            const from = start + i * 256;
            if (fate === 'zero') torn.fill(0, from, from + 256);
            if (fate === 'noise')
              torn.subarray(from, from + 256).forEach((byte, j, page) => {
                page[j] = byte ^ (1 + ((i * 31 + j * 17) % 255));
              });
          });
          const whole = pages.every(fate => fate === 'kept');
          expect(await opened(torn)).toEqual(whole ? ['a', 'b'.repeat(900), 'c'.repeat(900)] : ['a']);
        },
      ),
    );
  });

  it('does not take a frame inside a record for one of its own, unless the salt is known', async () => {
    for (const known of [false, true]) {
      const disk = memoryFiles();
      const log = await openFileLog('wal', disk);
      await log.append([bytes('a')]);
      const place = disk.files.get('wal')!.length;
      const salt = known ? disk.files.get('wal')!.slice(8, 16) : new Uint8Array(8);
      // After the heads of its frame and its record.
      await log.append([encodeFrame(salt, place + 16, [bytes('x')])]);
      const torn = disk.files.get('wal')!;
      torn[place]! ^= 1;
      expect(await opened(torn)).toEqual(known ? 'log-damaged' : ['a']);
    }
  });

  it('reads as damaged where a whole frame follows, planted behind a torn one', async () => {
    const { file, ends } = await written([['a'], ['b']]);
    const salt = file.slice(8, 16);
    const torn = file.slice(0, ends.at(-1)! - 1);
    torn[ends.at(-2)!]! ^= 1;
    expect(await opened(concat(torn, encodeFrame(salt, torn.length, [bytes('later')])))).toBe('log-damaged');
    expect(await opened(torn)).toEqual(['a']);
    expect(FILE_HEAD).toBe(ends[0]);
  });

  it.each(['write', 'sync'] as const)('is dead after a failed %s', async step => {
    const disk = memoryFiles();
    const log = await openFileLog('wal', disk);
    await log.append([bytes('kept')]);
    disk.before = name => {
      if (name === step) throw new Error('no space');
    };
    const appends = [log.append([bytes('lost')]), log.append([bytes('too')])];
    for (const result of await Promise.allSettled(appends))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'log-failed' } });
    disk.before = () => {};
    await expect(log.append([bytes('later')])).rejects.toMatchObject({ code: 'log-failed' });
    await expect(log.rewrite([])).rejects.toMatchObject({ code: 'log-failed' });
    expect(await opened(disk.files.get('wal')!)).toContain('kept');
  });

  it('is the old or the new log, whichever step of a rewrite fails', async () => {
    for (let failing = 0; failing < 5; failing++) {
      const disk = memoryFiles();
      const log = await openFileLog('wal', disk);
      await log.append([bytes('old')]);
      let steps = 0;
      disk.before = () => {
        if (steps++ === failing) throw new Error('crash');
      };
      await expect(log.rewrite([bytes('new')])).rejects.toMatchObject({ code: 'log-failed' });
      expect(await opened(disk.files.get('wal')!)).toEqual(['old']);
    }
  });

  it('is synced when opened, since a killed process leaves records in the page cache', async () => {
    const { file } = await written(GROUPS);
    const disk = memoryFiles(new Map([['wal', file]]));
    await openFileLog('wal', disk);
    expect(disk.steps).toEqual(['open', 'sync']);
  });

  it('has all that a killed process was told is there, in a file for the owner only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'qf-killed-log-'));
    const path = join(folder, 'wal');
    const acknowledged = await runUntilKilled('log', path, 200);
    const log = await openFileLog(path);
    const records = log.read().map(record => Number(text(record)));
    expect(log.fresh).toBe(false);
    expect(records.length).toBeGreaterThanOrEqual(acknowledged);
    expect(records).toEqual(records.map((_, i) => i));
    await log.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await writeFile(path, (await readFile(path)).subarray(0, 10));
    await expect(openFileLog(path)).rejects.toMatchObject({ code: 'log-damaged' });
    await rm(folder, { recursive: true });
  });
});
