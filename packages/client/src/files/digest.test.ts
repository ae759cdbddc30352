import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@qifeng/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestFile } from './digest.ts';
import { readAtMost } from './read.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-digest-'));
  file = join(folder, 'abc');
  writeFileSync(file, 'abc');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// FIPS 180-4 and GB/T 32905-2016 both give the digest of "abc".
it.each([
  ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['sm3', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
] as const)('%s of a file', async (alg, hex) => {
  const digest = await digestFile(file, alg);
  expect([digest.alg, toHex(digest.hash)]).toEqual([alg, hex]);
});

it.each([-1, 0, 1])('of a file of whole pieces, %i bytes more or less', async more => {
  const bytes = randomBytes(3 * (1 << 18) + more);
  const path = join(folder, 'pieces');
  writeFileSync(path, bytes);
  const digest = await digestFile(path, 'sha256');
  expect(toHex(digest.hash)).toBe(createHash('sha256').update(bytes).digest('hex'));
});

it('an abort rejects, a missing file has its code', async () => {
  await expect(digestFile(file, 'sha256', AbortSignal.abort())).rejects.toMatchObject({
    name: 'AbortError',
    code: 'ABORT_ERR',
  });
  await expect(digestFile(join(folder, 'no'), 'sha256')).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a small file is read whole, a larger one one byte beyond the limit', async () => {
  expect(await readAtMost(file, 3)).toEqual(Uint8Array.of(0x61, 0x62, 0x63));
  expect((await readAtMost(file, 1)).length).toBe(2);
});
