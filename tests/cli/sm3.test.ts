import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvText } from '../../packages/client/src/files/csv.ts';
import { PUBLISHER } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

let us: Publisher;
const run = (...args: string[]) => us.place.inProcess(args);
const digest = (alg: string, file: string) =>
  `${alg}:${createHash(alg)
    .update(readFileSync(us.place.path(file)))
    .digest('hex')}`;
beforeAll(async () => {
  us = await Publisher.make();
  us.write('never.md', 'plain.md');
  const rows = [
    ['digest', 'subject'],
    [digest('sm3', 'paper.md'), 'A'],
  ];
  writeFileSync(us.place.path('table.csv'), csvText(rows));
  expect((await run('stamp', '--table', 'table.csv', '--meta', 'title=x')).exit).toBe(0);
  expect((await run('stamp', 'plain.md')).exit).toBe(0);
});
afterAll(() => us.remove());

const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

describe('--digest sm3', () => {
  it('records files by their SM3, and goes on with them', async () => {
    us.write('own.md', 'next.md');
    expect((await run('stamp', 'own.md', '--subject', 'O', '--digest', 'sm3')).exit).toBe(0);
    expect((await run('act', `policy/${PUBLISHER}/O`, 'amend', 'next.md', '--digest', 'sm3')).exit).toBe(0);
    for (const file of ['own.md', 'next.md']) {
      const verified = await json('verify', file, '--offline');
      expect(verified).toMatchObject({ verified: true, record: { digest: { alg: 'sm3' } } });
    }
    const again = await run('stamp', 'own.md', '--subject', 'O', '--digest', 'sm3');
    expect([again.exit, again.stdout]).toEqual([0, expect.stringMatching(/^already/)]);
    const wrong = await run('stamp', 'own.md', '--digest', 'md5');
    expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringContaining('sha256 or sm3')]);
  });

  it('in a table: of the whole run, or of a row whose digest its file is compared with', async () => {
    us.write('t1.md', 't2.md', 't3.md');
    const rows = [
      ['file', 'digest', 'subject'],
      ['t1.md', digest('sm3', 't1.md'), 'T1'],
      ['t2.md', digest('sha256', 't2.md'), 'T2'],
      ['t3.md', null, 'T3'],
      ['t3.md', digest('sm3', 't1.md'), 'T4'],
    ];
    writeFileSync(us.place.path('mixed.csv'), csvText(rows));
    const said = await json('stamp', '--table', 'mixed.csv', '--digest', 'sm3');
    expect(said.files.map(({ status, code }: Record<string, unknown>) => code ?? status)).toEqual([
      'ok',
      'ok',
      'ok',
      'file-mismatch',
    ]);
    const recorded = us.ledger.leaves.slice(-3).map(({ leaf }) => leaf.entry.value.digest?.alg);
    expect(recorded).toEqual(['sm3', 'sha256', 'sm3']);
  });
});

describe('a file that was recorded by its SM3', () => {
  it('is found by status, online and by the proofs it saves, as by its SHA-256 another', async () => {
    const said = await json('status', 'paper.md', '--save');
    expect(said).toMatchObject({
      asked: digest('sm3', 'paper.md'),
      digest: { count: 1 },
      subjects: [{ id: 'A', current: true }],
      saved: ['paper.md.status-proof', 'paper.md.digest.status-proof'],
    });
    for (const proof of said.saved) {
      const again = await run('status', 'paper.md', '--status-proof', proof);
      expect([again.exit, again.stderr]).toEqual([0, '']);
    }
    expect(await json('status', 'plain.md')).toMatchObject({
      asked: digest('sha256', 'plain.md'),
      absent: [],
    });
  });

  it('is found by history, with and without a genesis', async () => {
    const said = await json('history', 'paper.md');
    expect(said).toMatchObject({ digest: digest('sm3', 'paper.md'), complete: { complete: true, count: 1 } });
    const word = await json('history', 'paper.md', '--home', 'empty', '--node', us.server.url);
    expect(word).toMatchObject({ digest: digest('sm3', 'paper.md'), subjects: [{ id: 'A' }] });
  });

  it('of no public record says under which digests: both, each proven', async () => {
    const both = [digest('sha256', 'never.md'), digest('sm3', 'never.md')];
    const said = await json('status', 'never.md');
    expect([said.verdict, said.asked, said.absent]).toEqual(['no-public-record', both[0], [both[1]]]);
    expect((await run('status', 'never.md')).stdout).toContain(both.join(' '));
    const history = await run('history', 'never.md');
    expect([history.exit, history.stdout]).toEqual([0, expect.stringContaining(both.join(' '))]);
    const byDigest = await run('status', both[0]!);
    expect(byDigest.stdout).not.toContain('sm3:');
  });
});
