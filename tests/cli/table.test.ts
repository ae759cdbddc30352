import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csvText } from '../../packages/client/src/files/csv.ts';
import { testGenesis } from '../fixtures/builder.ts';
import { Publisher, seedProfile } from './publisher.ts';

const ORIGIN = { method: '网页快照', tool: '演示工具', operator: '演示', capturedAt: 0, earlier: null };

let us: Publisher;
beforeEach(async () => {
  us = await Publisher.make({
    ...testGenesis(),
    profiles: [seedProfile('bill'), seedProfile('certificate'), seedProfile('policy')],
  });
  mkdirSync(us.place.path('batch'));
  us.write('batch/a.md', 'batch/b.md', 'batch/c.md');
});
afterEach(() => us.remove());

const table = (...rows: (string | null)[][]) =>
  writeFileSync(
    us.place.path('batch/table.csv'),
    csvText([['file', 'digest', 'subject', 'number'], ...rows]),
  );
const stamp = (...more: string[]) => us.place.inProcess(['stamp', '--table', 'batch/table.csv', ...more]);
const entries = () => us.ledger.leaves.map(({ leaf }) => leaf.entry.value);

describe('qifeng stamp --table', () => {
  it('records each row of its own, with a file, with a digest alone, and with its own fields', async () => {
    const digest = `sha256:${'ab'.repeat(32)}`;
    table(['a.md', null, null, '演发[2026]1号'], ['b.md', null, 'S 2', null], [null, digest, 'S 3', null]);
    const { exit, stdout, stderr } = await stamp('--meta', 'title=共用', '--receipts', 'kept');
    expect([exit, stderr]).toEqual([0, '']);
    for (const line of ['index 0  height 1  kept/a.md.tlog', 'kept/S%203.publish.tlog-proof', '3 of 3 rows'])
      expect(stdout).toContain(line);
    expect(entries().map(({ subject, meta }) => [subject.id, meta.get('title')])).toEqual([
      ['演发〔2026〕1号', '共用'],
      ['S 2', '共用'],
      ['S 3', '共用'],
    ]);
    expect([us.proven('batch/a.md', 'kept/a.md.tlog-proof'), us.server.posts.length]).toEqual([0, 1]);
    const again = await stamp('--meta', 'title=共用', '--receipts', 'kept');
    expect([again.exit, again.stdout.match(/^already/gm)?.length, us.ledger.leaves.length]).toEqual([
      0, 3, 3,
    ]);
  });

  it('names subjects by the fields that their profile names them by', async () => {
    const rows = [
      ['file', 'subject', 'code', 'number', 'amount'],
      ['a.md', null, '11010126', '0000000777', '100'],
      ['b.md', '11010126-0000000778', '11010126', '0000000778', '100'],
      ['c.md', 'dup-B', '11010126', '0000000777', '100'],
    ];
    writeFileSync(us.place.path('batch/table.csv'), csvText(rows));
    const { exit, stdout } = await stamp('--profile', 'bill', '--action', 'issue');
    expect([exit, entries().map(({ subject }) => subject.id)]).toEqual([
      4,
      ['11010126-0000000777', '11010126-0000000778'],
    ]);
    expect(stdout).toContain('wrong-subject-id');
  });

  it('names each row that is wrong or refused with its line, code and reason; the others go on', async () => {
    us.write('batch/secret-d.md');
    table(
      ['a.md', null, null, null],
      ['none.md', null, null, null],
      ['b.md', `sha256:${'00'.repeat(32)}`, null, null],
      ['c.md', null, 'S 1', 'no number'],
      ['c.md', 'md5:00', null, null],
      [null, null, null, null],
      ['secret-d.md', null, 'S 2', null],
      ['b.md', null, 'S 2', null],
      ['a.md', null, 'S 3', null],
      ['b.md', null, 'S 4', '演发〔2026〕4号'],
    );
    const { exit, stdout } = await stamp('--json', '--report', 'left.csv');
    const said = JSON.parse(stdout);
    expect([exit, said.recorded, said.of]).toEqual([4, 2, 10]);
    const codes = said.files.map(({ line, code }: { line: number; code: string | null }) => [line, code]);
    expect(codes).toEqual([
      [2, null],
      [3, 'file-missing'],
      [4, 'file-mismatch'],
      [5, 'bad-field'],
      [6, 'bad-digest'],
      [7, 'no-subject'],
      [8, 'secret-document'],
      [9, 'named-twice'],
      [10, 'same-receipt'],
      [11, null],
    ]);
    for (const one of said.files) expect(Object.keys(one).sort()).toEqual(Object.keys(said.files[0]).sort());
    expect(entries()).toHaveLength(2);
    const left = readFileSync(us.place.path('left.csv'), 'utf8').trim().split('\r\n');
    expect([left.length, left[0], left[1]]).toEqual([
      9,
      'line,name,status,code,detail',
      expect.stringMatching(/^3,none\.md,refused,file-missing,/),
    ]);
    const zh = await stamp('--lang', 'zh');
    expect(zh.stdout).toContain('第 9 行');
  });

  it('takes up what an earlier run left open, with the same bytes, and records nothing twice', async () => {
    table(['a.md', null, 'S 1', null], ['b.md', null, 'S 2', null]);
    us.server.moods.push('not-final', 'not-final', 'not-final');
    const first = await stamp('--wait', '1s');
    expect([first.exit, first.stdout]).toEqual([3, expect.stringMatching(/^pending {2}line 2 .*not-final/)]);
    us.server.moods.length = 0;
    table(['a.md', null, 'S 1', null], ['b.md', null, 'S 2', null], ['c.md', null, 'S 3', null]);
    const second = await stamp('--json');
    const { files } = JSON.parse(second.stdout);
    expect(files.map((one: { line: number; resumed: boolean }) => [one.line, one.resumed])).toEqual([
      [2, true],
      [3, true],
      [4, false],
    ]);
    expect([second.exit, us.ledger.leaves.length]).toEqual([0, 3]);
  });

  it('sends a row again that says something else than its receipt', async () => {
    table(['a.md', null, 'S 1', '演发〔2026〕1号']);
    expect((await stamp()).exit).toBe(0);
    table(['a.md', null, 'S 1', '演发〔2026〕2号']);
    expect((await stamp()).stdout).toContain('refused  line 2  batch/a.md  wrong-prev');
    const amended = await stamp('--action', 'amend');
    expect([amended.exit, entries().at(-1)]).toMatchObject([0, { action: 'amend', prev: 0 }]);
    expect([(await stamp('--action', 'amend')).stdout.slice(0, 7), entries().length]).toEqual(['already', 2]);
  });

  it('seals the rows of a sealed profile, and knows them again', async () => {
    const rows = [
      { file: 'a.md', subject: 'C-1', title: '执照甲' },
      { file: 'b.md', subject: 'C-2', title: '执照乙' },
    ];
    const fields = { holder: '演示企业', issued: null };
    writeFileSync(
      us.place.path('batch/table.csv'),
      rows.map(row => `${JSON.stringify({ ...row, ...fields })}\n`).join(''),
    );
    const issue = ['--profile', 'certificate', '--action', 'issue'];
    const first = await stamp(...issue);
    expect([first.exit, first.stdout]).toEqual([0, expect.stringContaining('2 of 2 rows recorded')]);
    expect(entries().every(({ subject }) => /^[0-9a-f]{64}$/.test(subject.id))).toBe(true);
    expect((await stamp(...issue)).stdout.match(/^already/gm)).toHaveLength(2);
  });

  it('takes the origin of all rows, or of one', async () => {
    writeFileSync(us.place.path('batch/origin.json'), JSON.stringify(ORIGIN));
    writeFileSync(us.place.path('all.json'), JSON.stringify({ ...ORIGIN, method: '拍照' }));
    const rows = [
      ['a.md', 'origin.json'],
      ['b.md', ''],
    ].map(([file, stated]) => [file!, stated!]);
    writeFileSync(us.place.path('batch/table.csv'), csvText([['file', 'origin-file'], ...rows]));
    expect((await stamp('--origin', 'all.json')).exit).toBe(0);
    expect(entries().map(({ origin }) => origin?.method)).toEqual(['网页快照', '拍照']);
    const one = await us.place.inProcess(['stamp', 'paper.md', '--origin', 'batch/origin.json']);
    expect([one.exit, entries().at(-1)!.origin]).toEqual([0, ORIGIN]);
    writeFileSync(us.place.path('all.json'), '{}');
    const bad = await us.place.inProcess(['stamp', 'paper.md', '--origin', 'all.json']);
    expect([bad.exit, bad.stderr]).toEqual([
      2,
      expect.stringContaining('does not say where the file comes from'),
    ]);
  });

  it.each([
    ['with files', ['paper.md'], 'rows name the files'],
    ['with a subject', ['--subject', 'x'], 'rows name the files'],
    ['of another header', ['--table', 'bad.csv'], 'no name of a column'],
    ['that is not there', ['--table', 'none.csv'], 'no file none.csv'],
  ])('%s is 2, and sends nothing', async (_, args, said) => {
    table(['a.md', null, null, null]);
    writeFileSync(us.place.path('bad.csv'), 'File Name,x\na,b\n');
    const { exit, stderr } = await stamp(...args);
    expect([exit, stderr, us.server.posts]).toEqual([2, expect.stringContaining(said), []]);
    expect(existsSync(us.place.path('batch/a.md.tlog-proof'))).toBe(false);
  });
});
