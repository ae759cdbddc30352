import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';
import { testSigned } from './testing/items.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-journal-'));
  path = join(folder, 'home', 'stamp-journal');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const a = testSigned('a', 'b');
const b = testSigned('c');

async function reopened() {
  const { journal, replay } = await Journal.open(path, nativeSuite.hasher);
  await journal.close();
  return { open: replay.open.map(({ id }) => toHex(id)), unreadable: replay.unreadable };
}

async function write(work: (journal: Journal) => Promise<unknown>): Promise<void> {
  const { journal } = await Journal.open(path, nativeSuite.hasher);
  await work(journal);
  await journal.close();
}

describe('the journal', () => {
  it('gives back what was signed and not settled, bytes, entries and targets the same', async () => {
    await write(async journal => {
      await Promise.all([journal.signed(a), journal.signed(b)]);
      await journal.settled(b.id, 'final');
    });
    const { journal, replay } = await Journal.open(path, nativeSuite.hasher);
    await journal.close();
    expect(replay.open).toEqual([a]);
    await write(journal => journal.settled(a.id, 'refused'));
    expect(await reopened()).toEqual({ open: [], unreadable: 0 });
  });

  it('passes over a line cut anywhere by a crash, and goes on after it', async () => {
    await write(async journal => {
      await journal.signed(a);
      await journal.signed(b);
    });
    const whole = readFileSync(path);
    const first = whole.indexOf(0x0a) + 1;
    for (const cut of [first + 1, first + 40, whole.length - 2]) {
      writeFileSync(path, whole);
      truncateSync(path, cut);
      expect(await reopened()).toEqual({ open: [toHex(a.id)], unreadable: 1 });
      await write(journal => journal.signed(b));
      expect(await reopened()).toEqual({ open: [toHex(a.id), toHex(b.id)], unreadable: 1 });
    }
    writeFileSync(path, whole.subarray(0, -1)); // only the newline is missing: the line is whole
    expect((await reopened()).open).toEqual([toHex(a.id), toHex(b.id)]);
  });

  it('believes no line whose bytes are not those of its id', async () => {
    await write(journal => journal.signed(a));
    writeFileSync(path, readFileSync(path, 'utf8').replace(toHex(a.id), toHex(b.id)));
    expect(await reopened()).toEqual({ open: [], unreadable: 1 });
  });
});
