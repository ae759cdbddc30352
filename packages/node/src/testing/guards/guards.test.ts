import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { broken } from '../broken.ts';
import { REMOVALS } from '../guards.ts';
import type { Removal } from './removal.ts';

const SOURCES = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** What the command prints, line by line. */
async function guards(
  ...args: readonly string[]
): Promise<{ readonly lines: string[]; readonly code: number }> {
  const done = await promisify(execFile)(process.execPath, [
    '--conditions=qifeng-source',
    MAIN,
    ...args,
  ]).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { readonly stdout: string; readonly code: number }) => error,
  );
  return { lines: done.stdout.trimEnd().split('\n'), code: done.code };
}

describe('guards against the failures that others had', () => {
  it('are made of texts that stand exactly once in their files, and change something', () => {
    for (const removal of REMOVALS)
      expect(broken(readFileSync(join(SOURCES, removal.file), 'utf8'), removal)).toContain(removal.broken);
    expect(REMOVALS.filter(({ line, broken: instead }) => line === instead)).toEqual([]);
  });

  it('each has a test that passes with it, and fails by an assertion without it', {
    timeout: 300_000,
  }, async () => {
    const { lines, code } = await guards();
    expect(lines.filter(line => !line.startsWith('ok '))).toEqual([`${REMOVALS.length} passed, 0 failed`]);
    expect(code).toBe(0);
  });

  it('an edit that no test sees, a crash, a missing test and a missing text are no proof', {
    timeout: 300_000,
  }, async () => {
    const [good] = REMOVALS.filter(({ file }) => file === 'consensus/view-change.ts') as [Removal];
    const planted: readonly Removal[] = [
      good,
      { ...good, broken: `/* nothing */ ${good.line}` },
      { ...good, broken: ')' },
      { ...good, broken: "(() => { throw new TypeError('crash'); })()" },
      { ...good, test: { ...good.test, name: 'no such test' } },
      { ...good, test: { ...good.test, file: 'consensus/none.test.ts' } },
      { ...good, line: 'no such text' },
      { ...good, file: 'consensus/amnesia.ts' },
    ];
    const folder = mkdtempSync(join(tmpdir(), 'qifeng-guards-'));
    try {
      writeFileSync(join(folder, 'table.json'), JSON.stringify(planted));
      const { lines, code } = await guards('--table', join(folder, 'table.json'));
      expect(lines.map(line => line.split('  |  ').at(-1))).toEqual([
        'with the guard passed, without it failed',
        'with the guard passed, without it passed',
        'with the guard passed, without it WRONG: Transform failed with 1 error:',
        'with the guard passed, without it WRONG: no assertion failed: TypeError crash',
        'with the guard WRONG: 0 tests of that name, without it WRONG: 0 tests of that name',
        expect.stringContaining('WRONG: Cannot find module'),
        'with the guard passed, without it WRONG: a line to break stands 0 times in consensus/view-change.ts: no such text',
        'with the guard passed, without it WRONG: the test does not load consensus/amnesia.ts',
        '1 passed, 7 failed',
      ]);
      expect(code).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
