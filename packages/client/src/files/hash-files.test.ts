import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@qifeng/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesBelow } from './collect.ts';
import { hashFiles } from './hash-files.ts';

let folder: string;
const contents = new Map<string, Buffer>();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-hash-'));
  // Around the size of the threads' buffer: empty, one below, the same, one above, several times.
  const sizes = [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20];
  for (let i = 0; i < 100; i++)
    contents.set(join(folder, `f${i}`), Buffer.alloc(sizes[i] ?? i, String.fromCharCode(65 + (i % 26))));
  for (const [path, bytes] of contents) writeFileSync(path, bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([7, 100])('%i files, in their order, by streams and by threads', async count => {
  const paths = [...contents.keys()].slice(0, count);
  const seen: number[] = [];
  const digests = await hashFiles(paths, 'sha256', done => seen.push(done));
  expect(digests.map(({ hash }) => toHex(hash))).toEqual(
    paths.map(path => createHash('sha256').update(contents.get(path)!).digest('hex')),
  );
  expect(seen.at(-1)).toBe(count);
});

it.each([1, 100])('a file that is missing among %i is named', async count => {
  const paths = [...[...contents.keys()].slice(0, count - 1), join(folder, 'none')];
  await expect(hashFiles(paths, 'sha256')).rejects.toMatchObject({
    code: 'ENOENT',
    path: join(folder, 'none'),
  });
});

it('below a folder there are files only, in order, without dotfiles and receipts', async () => {
  const root = join(folder, 'tree');
  mkdirSync(join(root, 'b', '.c'), { recursive: true });
  for (const name of ['z', 'b/y', 'b/.c/x', '.hidden', 'z.tlog-proof', 'a'])
    writeFileSync(join(root, name), '');
  expect(await filesBelow(root)).toEqual(['a', 'b/y', 'z'].map(name => join(root, name)));
});
