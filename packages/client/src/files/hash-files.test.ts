import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@qifeng/core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { filesBelow } from './collect.ts';
import { hashFiles } from './hash-files.ts';
import { fileDone, filesLeft, shareWork, stopWork, takeFiles } from './shared-work.ts';

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

it.each([0, 7, 100])('%i files, in their order', async count => {
  const paths = [...contents.keys()].slice(0, count);
  const seen: number[] = [];
  const digests = await hashFiles(paths, 'sha256', done => seen.push(done));
  expect(digests.map(({ hash }) => toHex(hash))).toEqual(
    paths.map(path => createHash('sha256').update(contents.get(path)!).digest('hex')),
  );
  expect(seen.at(-1)).toBe(count === 0 ? undefined : count);
});

/** From the first look on the clock says that much time has gone by, so that other threads are called. */
function slowly(): void {
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (time += 1000));
}
afterEach(() => vi.restoreAllMocks());

it('the same by several threads', async () => {
  slowly();
  const paths = Array.from({ length: 20 }, () => [...contents.keys()]).flat();
  const seen: number[] = [];
  const digests = await hashFiles(paths, 'sha256', done => seen.push(done));
  const expected = new Map(
    [...contents].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]),
  );
  expect(digests.map(({ hash }) => toHex(hash))).toEqual(paths.map(path => expected.get(path)));
  expect(seen.at(-1)).toBe(paths.length);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

it('a file that another thread finds missing is named', async () => {
  slowly();
  const small = [...contents.keys()].slice(6);
  // This thread stands still as soon as another may have begun, so that the rest is the other's.
  const stand = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  const failing = hashFiles([...small, join(folder, 'none')], 'sm3', done => done > 8 && stand());
  await expect(failing).rejects.toMatchObject({
    name: 'HashError',
    code: 'ENOENT',
    path: join(folder, 'none'),
  });
});

it('an abort rejects, before and while other threads are at work', async () => {
  const paths = [...contents.keys()];
  const aborted = { name: 'AbortError', code: 'ABORT_ERR' };
  await expect(hashFiles(paths, 'sha256', undefined, AbortSignal.abort())).rejects.toMatchObject(aborted);
  slowly();
  const stop = new AbortController();
  const many = Array.from({ length: 30 }, () => paths).flat();
  const hashing = hashFiles(many, 'sha256', done => done > 40 && stop.abort(), stop.signal);
  await expect(hashing).rejects.toMatchObject(aborted);
});

it('each file is taken once, and none after a stop', () => {
  const work = shareWork([...contents.keys()], 'sha256');
  const taken: number[] = [];
  for (let range = takeFiles(work); range !== null; range = takeFiles(work))
    for (let i = range.start; i < range.end; i++) taken.push(i);
  expect(taken).toEqual([...contents.keys()].map((_, i) => i));
  expect([fileDone(work), fileDone(work)]).toEqual([1, 2]);
  const stopped = shareWork([...contents.keys()], 'sha256');
  stopWork(stopped);
  expect([takeFiles(stopped), filesLeft(stopped)]).toEqual([null, 0]);
});

it.each([1, 100])('a file that is missing among %i is named', async count => {
  const paths = [...[...contents.keys()].slice(0, count - 1), join(folder, 'none')];
  await expect(hashFiles(paths, 'sha256')).rejects.toMatchObject({
    code: 'ENOENT',
    path: join(folder, 'none'),
  });
});

it('below a folder there are files only, in order, without dotfiles, receipts and status proofs', async () => {
  const root = join(folder, 'tree');
  mkdirSync(join(root, 'b', '.c'), { recursive: true });
  for (const name of ['z', 'b/y', 'b/.c/x', '.hidden', 'z.tlog-proof', 'z.status-proof', 'a'])
    writeFileSync(join(root, name), '');
  expect(await filesBelow(root)).toEqual(['a', 'b/y', 'z'].map(name => join(root, name)));
});
