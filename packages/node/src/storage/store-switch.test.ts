import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropIncoming, incomingOf, settleStore, switchStore } from './store-switch.ts';

let folder: string;
let db: string;

/** A folder that stands for a store. */
function make(path: string, content: string): void {
  mkdirSync(path);
  writeFileSync(join(path, 'content'), content);
}

const contentOf = (path: string): string => readFileSync(join(path, 'content'), 'utf8');
const names = (): string[] => readdirSync(folder).sort();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-switch-'));
  db = join(folder, 'db');
  make(db, 'old');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a store that takes the place of another', () => {
  it('does so, and the old one stays beside it, each time under a name of its own', async () => {
    for (const content of ['new', 'newer']) {
      make(incomingOf(db), content);
      await switchStore(db);
      expect(contentOf(db)).toBe(content);
    }
    expect(names()).toEqual(['db', 'db.before-1', 'db.before-2']);
    expect(contentOf(join(folder, 'db.before-1'))).toBe('old');
  });

  it('is the old one or the new one after a crash at any point, never neither', async () => {
    // Before the decision: what was begun is dropped.
    make(incomingOf(db), 'half');
    await settleStore(db);
    dropIncoming(db);
    expect([names(), contentOf(db)]).toEqual([['db'], 'old']);
    // Right after it.
    make(join(folder, 'db.next'), 'new');
    await settleStore(db);
    expect([names(), contentOf(db)]).toEqual([['db', 'db.before-1'], 'new']);
    // Between the two renames that follow.
    make(join(folder, 'db.next'), 'newer');
    renameSync(db, join(folder, 'db.before-2'));
    await settleStore(db);
    expect([names(), contentOf(db)]).toEqual([['db', 'db.before-1', 'db.before-2'], 'newer']);
    await settleStore(db);
    expect(contentOf(db)).toBe('newer');
  });

  it('may be the first', async () => {
    rmSync(db, { recursive: true });
    make(incomingOf(db), 'new');
    await switchStore(db);
    expect([names(), contentOf(db), existsSync(incomingOf(db))]).toEqual([['db'], 'new', false]);
  });
});
