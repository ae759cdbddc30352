import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

const SUBJECT = `policy/${PUBLISHER}/A`;
const RECORDS = ['paper.md', 'second.md', 'A.repeal.tlog-proof'];

let us: Publisher;
let other: Publisher;
const run = (...args: string[]) => us.place.inProcess(args);
const done = async (...args: string[]) => expect((await run(...args)).exit, args.join(' ')).toBe(0);
beforeAll(async () => {
  us = await Publisher.make();
  us.write('second.md', 'third.md');
  await done('stamp', 'paper.md', '--meta', 'number=A');
  await done('status', SUBJECT, '--save');
  renameSync(us.place.path('A.status-proof'), us.place.path('early.status-proof'));
  await done('act', SUBJECT, 'amend', 'second.md');
  await done('act', SUBJECT, 'repeal', '--receipts', '.');
  await done('stamp', 'third.md', '--meta', 'number=B');
  await done('stamp', 'paper.md', '--meta', 'number=C', '--receipts', 'again');
  for (const x of ['paper.md', PUBLISHER]) await done('status', x, '--save');
  await done('status', SUBJECT, '--save');
  // The same members, who signed another history as well.
  other = await Publisher.make();
  other.write('forked.md');
  expect((await other.place.inProcess(['stamp', 'forked.md'])).exit).toBe(0);
  other.write('b.md', 'c.md', 'd.md');
  expect((await other.place.inProcess(['stamp', 'b.md', 'c.md', 'd.md'])).exit).toBe(0);
});
afterAll(async () => {
  await us.remove();
  await other.remove();
});

/** Nothing but the files is there: no node answers. */
const offline = (...args: string[]) => run('verify', ...args, '--node', 'http://127.0.0.1:1');
const verdict = async (proof: string, ...files: string[]) => {
  const { exit, stdout } = await offline(...files, '--complete', proof, '--json');
  const said = JSON.parse(stdout);
  return [exit, said.code, said];
};

describe('qifeng verify --complete', () => {
  it('proves that the files are all records of a subject, a digest or a publisher', async () => {
    const { exit, stdout } = await offline(...RECORDS, '--complete', 'A.status-proof');
    expect([exit, stdout.match(/^ {4}✓/gm)]).toEqual([0, Array(4).fill('    ✓')]);
    expect(stdout).toMatch(
      /✓ complete: these are all 3 records of policy\/\S+\/A, as of .*; proven, signed by 3 of 4/,
    );
    expect((await offline(...RECORDS, '--complete', 'A.status-proof', '--lang', 'zh')).stdout).toMatch(
      /完整：\S+ 的全部记录即此 3 条/,
    );
    const twice = await verdict('paper.md.digest.status-proof', 'again/paper.md.tlog-proof', 'paper.md');
    expect(twice).toMatchObject([0, null, { complete: true, count: 2, proven: true }]);
    expect(twice[2].asked).toMatch(/^sha256:/);
    const all = [...RECORDS, 'third.md', 'again/paper.md.tlog-proof'];
    const ours = await verdict(`${PUBLISHER}.status-proof`, ...all);
    expect(ours).toMatchObject([0, null, { complete: true, count: 5, asked: PUBLISHER }]);
  });

  it('names what is left out and what does not belong', async () => {
    const [paper, second, repeal] = RECORDS as [string, string, string];
    const gap = await verdict('A.status-proof', paper, repeal);
    expect(gap).toMatchObject([1, 'history-gap', { complete: false, proven: false, asked: null }]);
    expect(gap[2].detail).toBe('number 2 of 3, record 1, is left out');
    const stray = await verdict('A.status-proof', ...RECORDS, 'third.md');
    expect([stray[1], stray[2].detail]).toEqual(['history-stray', 'record 3 is none of the 3']);
    expect((await verdict('A.status-proof', ...RECORDS, second))[1]).toBe('history-stray');
    const once = await verdict('paper.md.digest.status-proof', paper);
    expect([once[1], once[2].detail]).toEqual(['history-gap', 'record 4 is left out']);
    const last = await verdict(`${PUBLISHER}.status-proof`, ...RECORDS, 'third.md');
    expect([last[1], last[2].detail]).toEqual(['history-gap', 'number 5 of 5, record 4, is left out']);
    const { exit, stdout } = await offline(paper, repeal, '--complete', 'A.status-proof');
    expect([exit, stdout]).toEqual([1, expect.stringContaining('Add the receipt of what is left out')]);
  });

  it('is not said where a file is another, a receipt is missing or the proof is of before', async () => {
    us.write('changed.md');
    const receipts = ['--receipts', 'elsewhere'];
    expect(await verdict('A.status-proof', ...RECORDS, 'changed.md')).toMatchObject([
      2,
      null,
      { complete: null },
    ]);
    expect((await verdict('A.status-proof', ...RECORDS, ...receipts))[0]).toBe(2);
    const text = await offline(...RECORDS, 'changed.md', '--complete', 'A.status-proof');
    expect(text.stdout).toContain('was not looked at');
    expect(await verdict('early.status-proof', ...RECORDS)).toMatchObject([
      1,
      'status-older',
      { complete: false },
    ]);
    const both = await run('verify', 'paper.md', '--complete', 'A.status-proof', '--in-force');
    expect([both.exit, both.stderr]).toEqual([2, expect.stringContaining('--in-force')]);
  });
});

describe('receipts that are verified together', () => {
  it('are of one history, or both are evidence', async () => {
    const foreign = other.place.path('forked.md');
    expect((await offline('paper.md', 'second.md', 'third.md', '--offline')).exit).toBe(0);
    expect((await offline(foreign, '--offline')).exit).toBe(0);
    const { exit, stdout } = await offline('paper.md', foreign, '--offline');
    expect(exit).toBe(1);
    expect(stdout).toMatch(/✗ \S+forked\.md {2}log-fork\n[\s\S]*block 1 has two checkpoints/);
    expect((await verdict('A.status-proof', ...RECORDS, foreign))[2]).toMatchObject({
      complete: null,
      files: [{ code: 'verified' }, {}, {}, { code: 'log-fork' }],
    });
  });
});

describe('qifeng verify --consistency', () => {
  const files = ['paper.md', 'second.md', 'third.md'];
  const judged = async (...args: string[]) => {
    const { exit, stdout, stderr } = await run('verify', ...args, '--json');
    return [exit, stdout === '' ? stderr : JSON.parse(stdout)];
  };

  it('keeps proofs from a node’s tiles, by which the receipts are of one log without it', async () => {
    const made = await run('verify', ...files, '--consistency', 'grown.consistency-proof');
    expect([made.exit, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain('consistent: one log, which grew through these numbers of records: 1 2 4');
    const alone = ['--offline', '--consistency', 'grown.consistency-proof'];
    expect(await judged(...files, ...alone)).toMatchObject([0, { consistent: true, sizes: [1, 2, 4] }]);
    expect(await judged('paper.md', 'third.md', ...alone)).toMatchObject([
      1,
      { consistent: false, code: 'consistency-gap' },
    ]);
    const bytes = readFileSync(us.place.path('grown.consistency-proof'));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(us.place.path('bad.consistency-proof'), bytes);
    const bad = await run('verify', ...files, '--offline', '--consistency', 'bad.consistency-proof');
    expect([bad.exit, bad.stdout]).toEqual([1, expect.stringContaining('It is not proven that the longer')]);
    const missing = await judged(...files, '--offline', '--consistency', 'none.consistency-proof');
    expect(missing).toMatchObject([2, { error: { code: 'file-missing' } }]);
  });

  it('finds out a node whose tiles are of another log, and a receipt of one', async () => {
    const from = (...urls: string[]) =>
      judged(...files, ...urls.flatMap(url => ['--node', url]), '--consistency', 'lied.consistency-proof');
    expect(await from(other.server.url)).toMatchObject([1, { error: { code: 'root-mismatch' } }]);
    expect(existsSync(us.place.path('lied.consistency-proof'))).toBe(false);
    expect(await from(other.server.url, us.server.url)).toMatchObject([0, { consistent: true }]);
    const foreign = other.place.path('forked.md');
    // Of two heights: what the checkpoints say alone does not tell.
    expect((await run('verify', 'second.md', foreign, '--offline')).exit).toBe(0);
    const forked = ['--consistency', 'forked.consistency-proof'];
    expect(await judged('second.md', foreign, ...forked)).toMatchObject([
      1,
      { error: { code: 'root-mismatch' } },
    ]);
    expect(await judged('paper.md', foreign, ...forked)).toMatchObject([
      1,
      { consistent: null, files: [{}, { code: 'log-fork' }] },
    ]);
  });
});
