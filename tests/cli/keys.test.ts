import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

const OTHER = '91350100M000100Y43';
let us: Publisher;
beforeEach(async () => {
  us = await Publisher.make();
});
afterEach(() => us.remove());

const pem = (uscc: string) => us.place.path(`.qifeng/keys/${uscc}.pem`);

describe('qifeng keys', () => {
  it('makes an encrypted key that only its owner reads, and shows what to hand over', async () => {
    const env = { QIFENG_PASSPHRASE: '一 long pass' };
    const made = await us.place.spawned(['keys', 'new', '--publisher', OTHER, '--default', '--json'], env);
    expect(made.exit).toBe(0);
    const { publicKey, encrypted } = JSON.parse(made.stdout);
    expect([encrypted, statSync(pem(OTHER)).mode & 0o777]).toEqual([true, 0o600]);
    expect(readFileSync(pem(OTHER), 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    expect(readFileSync(us.place.path('.qifeng/default-key'), 'utf8')).toBe(`${OTHER}.pem\n`);
    writeFileSync(us.place.path('pass'), '一 long pass\n');
    const shown = await us.place.inProcess(['keys', 'show', '--passphrase-file', 'pass']);
    expect([shown.exit, shown.stdout]).toEqual([0, expect.stringContaining(`${OTHER} ${publicKey}\n`)]);
    const wrong = await us.place.inProcess(['keys', 'show'], { QIFENG_PASSPHRASE: 'x' });
    expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringContaining('does not open')]);
    const none = await us.place.inProcess(['keys', 'show']);
    expect([none.exit, none.stderr]).toEqual([2, expect.stringContaining('--passphrase-file')]);
  });

  it('never replaces a key, and takes no wrong code', async () => {
    const again = await us.place.inProcess(['keys', 'new', '--publisher', PUBLISHER, '--no-passphrase']);
    expect([again.exit, again.stderr]).toEqual([2, expect.stringContaining('There is a key already')]);
    const wrong = await us.place.inProcess(['keys', 'new', '--publisher', '91350211M000100Y43']);
    expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringContaining('check character')]);
  });

  it('encrypts a plain key in its place; stamping with it needs the passphrase', async () => {
    const env = { QIFENG_PASSPHRASE: 'secret' };
    expect((await us.place.inProcess(['keys', 'encrypt'], env)).exit).toBe(0);
    expect([statSync(pem(PUBLISHER)).mode & 0o777, readFileSync(pem(PUBLISHER), 'utf8')]).toEqual([
      0o600,
      expect.stringContaining('ENCRYPTED'),
    ]);
    expect((await us.place.inProcess(['keys', 'encrypt'], env)).exit).toBe(2);
    expect((await us.place.inProcess(['stamp', 'paper.md'])).exit).toBe(2);
    expect((await us.place.inProcess(['stamp', 'paper.md'], env)).exit).toBe(0);
  });

  it('a key is found by file, by code, by QIFENG_KEY; whose it is by its name or --publisher', async () => {
    writeFileSync(us.place.path('mine.pem'), readFileSync(pem(PUBLISHER)), { mode: 0o600 });
    writeFileSync(us.place.path('.qifeng/default-key'), 'none');
    const key = async (args: string[], env = {}) =>
      (await us.place.inProcess(['keys', 'show', ...args], env)).exit;
    expect(await key([])).toBe(2);
    expect(await key([PUBLISHER])).toBe(0);
    expect(await key([], { QIFENG_KEY: pem(PUBLISHER) })).toBe(0);
    expect(await key(['mine.pem'])).toBe(2);
    expect(await key(['mine.pem', '--publisher', PUBLISHER])).toBe(0);
    expect(await key(['paper.md', '--publisher', PUBLISHER])).toBe(2);
  });
});
