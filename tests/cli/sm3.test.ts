import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvText } from '../../packages/client/src/files/csv.ts';
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

  it('never recorded says under which digests: both, each proven', async () => {
    const both = [digest('sha256', 'never.md'), digest('sm3', 'never.md')];
    const said = await json('status', 'never.md');
    expect([said.verdict, said.asked, said.absent]).toEqual(['never-recorded', both[0], [both[1]]]);
    expect((await run('status', 'never.md')).stdout).toContain(both.join(' '));
    const history = await run('history', 'never.md');
    expect([history.exit, history.stderr]).toEqual([2, expect.stringContaining(both.join(' '))]);
    const byDigest = await run('status', both[0]!);
    expect(byDigest.stdout).not.toContain('sm3:');
  });
});
