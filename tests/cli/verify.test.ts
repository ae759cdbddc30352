import { copyFileSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureGenesis } from '../fixtures/make-fixture.ts';
import { changeLine, Workplace } from './harness.ts';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

const GENESIS = ['--genesis', 'genesis.cbor'];
const VERIFY = ['verify', 'notice.md', ...GENESIS];

describe('qifeng verify', () => {
  it('verifies the committed fixture without a network', async () => {
    const { exit, stdout, stderr } = await place.spawned(VERIFY);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✓ notice\.md {2}verified\n/);
    for (const said of [
      '演示发布机构 (11100000000013338W)',
      'block height 1, log index 1',
      'Beijing 110000, Tianjin 120000, Hebei 130000 (3 of 4 provinces)',
      'existed no later than',
      'no node is known',
      'This assumes that no quorum of validator keys',
    ])
      expect(stdout).toContain(said);
    expect(stdout).not.toContain('\u001b');
  });

  it('refuses a file with one byte changed', async () => {
    const bytes = readFileSync(place.path('notice.md'));
    bytes[5]! ^= 1;
    writeFileSync(place.path('changed.md'), bytes);
    const args = ['verify', 'changed.md', '--receipt', 'notice.md.tlog-proof', ...GENESIS];
    const { exit, stdout } = await place.spawned(args);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/^✗ changed\.md {2}file-mismatch\n/);
    expect(stdout).toMatch(/^ {4}next {2,}\S/m);
  });

  it('refuses another chain', async () => {
    writeFileSync(place.path('another.cbor'), fixtureGenesis('another'));
    const { exit, stdout } = await place.inProcess(['verify', 'notice.md', '--genesis', 'another.cbor']);
    expect(exit).toBe(1);
    expect(stdout).toContain('wrong-chain');
  });

  it.each([1, 6, 9, 15])('refuses a receipt with a character of its line %i changed', async line => {
    const receipt = `line-${line}.tlog-proof`;
    writeFileSync(
      place.path(receipt),
      changeLine(readFileSync(place.path('notice.md.tlog-proof'), 'utf8'), line, 20),
    );
    const { exit, stdout } = await place.inProcess([...VERIFY, '--receipt', receipt]);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/^✗ notice\.md {2}[a-z-]+\n {4}\S.*\n {4}detail {2}\S/);
  });

  it('ends with 130 at Ctrl-C', async () => {
    // A sparse file that takes minutes to hash; the first file's answer shows that the command is at work.
    copyFileSync(place.path('notice.md.tlog-proof'), place.path('huge.bin.tlog-proof'));
    writeFileSync(place.path('huge.bin'), '');
    truncateSync(place.path('huge.bin'), 2 ** 37);
    const child = place.start(['verify', 'notice.md', 'huge.bin', ...GENESIS]);
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const end = await new Promise(done => child.once('exit', (code, signal) => done({ code, signal })));
    expect(end).toEqual({ code: 130, signal: null });
  });
});

describe('qifeng verify, what is missing', () => {
  const answers = async (args: string[]) => {
    const { exit, stdout, stderr } = await place.inProcess(args);
    return { exit, said: stdout + stderr };
  };

  it.each([
    ['a file', ['verify', 'none.md', ...GENESIS], 'file-missing', 'Check the spelling'],
    ['a receipt', ['verify', 'policy.txt', ...GENESIS], 'receipt-missing', 'Name it with --receipt'],
    [
      'a document, where a receipt is given',
      ['verify', 'notice.md.tlog-proof', ...GENESIS],
      'receipt-missing',
      'qifeng verify notice.md',
    ],
    ['a folder in place of a file', ['verify', '.', ...GENESIS], 'is-folder', 'Name the files'],
    ['a genesis', ['verify', 'notice.md'], 'No genesis file', 'Get genesis.cbor from somebody you trust'],
    ['the genesis named', ['verify', 'notice.md', '--genesis', 'no.cbor'], 'no file no.cbor', 'spelling'],
    [
      'a genesis that is one',
      ['verify', 'notice.md', '--genesis', 'notice.md'],
      'not a genesis',
      'fresh copy',
    ],
  ])('%s: 2, and what to do', async (_, args, what, next) => {
    const { exit, said } = await answers(args);
    expect(exit).toBe(2);
    expect(said).toContain(what);
    expect(said).toContain(next);
  });

  it('finds receipt and genesis in the home, by option and by environment', async () => {
    expect((await place.inProcess(['verify', 'notice.md', '--home', '.'])).exit).toBe(0);
    expect((await place.inProcess(['verify', 'notice.md'], { QIFENG_HOME: place.folder })).exit).toBe(0);
  });

  it('finds the receipts of several files in the folder that stamp --receipts filled', async () => {
    const folder = place.path('receipts');
    mkdirSync(folder);
    renameSync(place.path('notice.md.tlog-proof'), join(folder, 'notice.md.tlog-proof'));
    const { exit, stdout } = await place.inProcess([
      'verify',
      'notice.md',
      '--receipts',
      folder,
      '--offline',
      ...GENESIS,
    ]);
    expect([exit, stdout]).toEqual([0, expect.stringContaining('verified')]);
    // Whatever it is called, among others; of another file there is none.
    renameSync(join(folder, 'notice.md.tlog-proof'), join(folder, 'X-1.amend.tlog-proof'));
    writeFileSync(join(folder, 'broken.tlog-proof'), 'broken');
    writeFileSync(place.path('unknown.md'), 'unknown');
    const found = await place.inProcess([
      'verify',
      'notice.md',
      '--receipts',
      folder,
      '--offline',
      ...GENESIS,
    ]);
    expect([found.exit, found.stdout]).toEqual([0, expect.stringContaining('verified')]);
    const none = await place.inProcess([
      'verify',
      'unknown.md',
      '--receipts',
      folder,
      '--offline',
      ...GENESIS,
    ]);
    expect([none.exit, none.stdout]).toEqual([2, expect.stringContaining('receipt-missing')]);
    renameSync(join(folder, 'X-1.amend.tlog-proof'), place.path('notice.md.tlog-proof'));
  });

  it('reports on every file: false outranks missing', async () => {
    copyFileSync(place.path('notice.md.tlog-proof'), place.path('policy.txt.tlog-proof'));
    const all = ['notice.md', 'none.md', 'policy.txt'];
    const { exit, stdout } = await place.inProcess(['verify', ...all, ...GENESIS]);
    expect(exit).toBe(1);
    expect([...stdout.matchAll(/^([✓✗]) (\S+) {2}(\S+)$/gmu)].map(line => line.slice(1))).toEqual([
      ['✓', 'notice.md', 'verified'],
      ['✗', 'none.md', 'file-missing'],
      ['✗', 'policy.txt', 'file-mismatch'],
    ]);
    expect(stdout).toMatch(/\n1 of 3 verified\n$/);
    expect((await place.inProcess(['verify', 'notice.md', 'none.md', ...GENESIS])).exit).toBe(2);
  });
});
