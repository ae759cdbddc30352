import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemChromium } from './chromium.ts';
import { filesOfTar } from './tar.ts';

let folder: string;
let fake: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-chromium-'));
  fake = join(folder, 'chromium');
  writeFileSync(fake, '#!/bin/sh\n');
  chmodSync(fake, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('takes the named browser, then the system’s, then the packaged one', () => {
  const platform = 'linux-x64';
  expect(systemChromium({ platform, env: { QIFENG_CHROMIUM: fake, PATH: '' } })).toBe(fake);
  expect(systemChromium({ platform, env: { PATH: folder } })).toBe(fake);
  expect(systemChromium({ platform, env: { PATH: '' } })).toBeNull();
});

it('says what to do where no browser runs, and does not leave the tests out', () => {
  expect(() => systemChromium({ platform: 'linux-arm64', env: { PATH: '' } })).toThrow(
    /linux-arm64\. Install Chromium or Google Chrome, or name one with QIFENG_CHROMIUM/,
  );
  const env = { QIFENG_CHROMIUM: join(folder, 'none'), PATH: folder };
  expect(() => systemChromium({ platform: 'linux-x64', env })).toThrow(/none, which cannot be run/);
});

it('reads the files of a tar archive and passes over the rest', () => {
  const tar = Buffer.alloc(512 * 5);
  const entry = (at: number, name: string, size: number, type: string) => {
    tar.write(name, at);
    tar.write(size.toString(8).padStart(11, '0'), at + 124);
    tar.write(type, at + 156);
  };
  entry(0, 'lib/', 0, '5');
  entry(512, 'lib/a.so', 3, '0');
  tar.write('abc', 1024);
  expect([...filesOfTar(tar)].map(([name, bytes]) => [name, String(bytes)])).toEqual([['lib/a.so', 'abc']]);
});
