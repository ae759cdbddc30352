import type { ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGenesis, receiptVerifier } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../fixtures/builder.ts';
import { Network, until } from './network.ts';

const FOLDERS = 100;
const FILES_A_FOLDER = 100;
const FILES = FOLDERS * FILES_A_FOLDER;
const FILE_BYTES = 4096;
const RECEIPT = '.tlog-proof';

const network = new Network();
const tree = join(network.home, 'documents');
const key = join(network.home, 'keys', '11110000DEM000001C.pem');
const command = ['stamp', '--dir', tree, '--key', key] as const;

/** What `stamp --json` says of one file. */
interface Stamped {
  readonly file: string;
  readonly status: string;
  readonly index: number;
  readonly receipt: string;
  readonly resumed: boolean;
}

const folders = Array.from({ length: FOLDERS }, (_, i) => join(tree, `批次-${String(i).padStart(2, '0')}`));
const receipts = (): string[] =>
  folders.flatMap(folder =>
    readdirSync(folder)
      .filter(name => name.endsWith(RECEIPT) && !name.startsWith('.'))
      .map(name => join(folder, name)),
  );

/** Starts stamping, ends it by `signal` once `enough` receipts are there, and gives its exit code and how many there were. */
async function interrupt(signal: 'SIGINT' | 'SIGKILL', enough: number) {
  const stamping: ChildProcess = network.start('qifeng', ...command);
  stamping.stdout?.resume();
  stamping.stderr?.resume();
  const ended = once(stamping, 'exit') as Promise<[number | null, string | null]>;
  await until(() => receipts().length >= enough || stamping.exitCode !== null, `${enough} receipts`);
  stamping.kill(signal);
  const [code, by] = await ended;
  return { code, by, receipts: receipts().length };
}

/** Submissions that the journal holds without outcome. */
function unsettled(): number {
  const lines = readFileSync(join(network.home, 'stamp-journal'), 'utf8').split('\n').slice(0, -1);
  const open = new Set<unknown>();
  for (const line of lines) {
    // A line that the kill cut announces what was never sent.
    const [, what, id] = /^\{"v":1,"(signed|settled)":"([0-9a-f]{64})".*\}$/.exec(line) ?? [];
    if (what === 'signed') open.add(id);
    if (what === 'settled') open.delete(id);
  }
  return open.size;
}

async function sizes(): Promise<number[]> {
  const views = await Promise.all(
    [0, 1, 2, 3].map(node => network.json<{ size: number }>(node, '/v1/network')),
  );
  return views.map(({ size }) => size);
}

describe(`${FILES} files of ${FILE_BYTES} bytes`, () => {
  beforeAll(() => {
    for (const folder of folders) {
      mkdirSync(folder, { recursive: true });
      for (let i = 0; i < FILES_A_FOLDER; i++)
        writeFileSync(join(folder, `${i}.bin`), randomBytes(FILE_BYTES));
    }
    network.up();
  });
  afterAll(() => network.end());

  let before = 0;

  it('survive Ctrl-C while some receipts are there and others are not', async () => {
    const ended = await interrupt('SIGINT', 1_500);
    expect(ended).toMatchObject({ code: 130, by: null });
    expect(ended.receipts).toBeGreaterThanOrEqual(1_500);
    expect(ended.receipts).toBeLessThan(FILES);
    before = ended.receipts;
  });

  it('survive a kill of the run that goes on', async () => {
    const ended = await interrupt('SIGKILL', before + 2_000);
    expect(ended).toMatchObject({ code: null, by: 'SIGKILL' });
    expect(ended.receipts).toBeLessThan(FILES);
    before = ended.receipts;
  });

  it('are each recorded exactly once in the end', async () => {
    const open = unsettled();
    const { recorded, of, files } = JSON.parse(network.must('qifeng', '--json', ...command)) as {
      recorded: number;
      of: number;
      files: readonly Stamped[];
    };
    expect([recorded, of]).toEqual([FILES, FILES]);
    expect(new Set(files.map(({ file }) => file)).size).toBe(FILES);
    expect(new Set(files.map(({ index }) => index)).size).toBe(FILES);
    expect(files.filter(({ status }) => status === 'already').length).toBeGreaterThan(0);
    expect(files.some(({ resumed }) => resumed)).toBe(open > 0);
    expect(unsettled()).toBe(0);
    await until(async () => (await sizes()).every(size => size === FILES), 'every node holds all');
  });

  it('have receipts that all verify offline, for the file they lie beside, no index twice', () => {
    const genesis = new Uint8Array(readFileSync(join(network.home, 'genesis.cbor')));
    const chain = unwrap(readGenesis(genesis, nativeSuite));
    const verifies = receiptVerifier({ chain, suite: nativeSuite });
    const indexes = new Set<number>();
    for (const receipt of receipts()) {
      const file = readFileSync(receipt.slice(0, -RECEIPT.length));
      const hash = new Uint8Array(createHash('sha256').update(file).digest());
      const digests = [{ alg: 'sha256' as const, hash }];
      indexes.add(unwrap(verifies(new Uint8Array(readFileSync(receipt)), digests)).index);
    }
    expect([indexes.size, Math.min(...indexes), Math.max(...indexes)]).toEqual([FILES, 0, FILES - 1]);
  });

  it('are found recorded by another run, which records nothing', async () => {
    const out = network.must('qifeng', ...command);
    expect(out.match(/^already /gm)).toHaveLength(FILES);
    expect(out).not.toMatch(/^ok /m);
    expect(await sizes()).toEqual(Array(4).fill(FILES));
  });
});
