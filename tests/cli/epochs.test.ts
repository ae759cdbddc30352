import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import {
  cosignedMessage,
  formatReceipt,
  formatSignatureLine,
  formatVerifierKey,
  makeCosignature,
  makeVerifierKey,
  parseNote,
  parseReceipt,
  TYPE_COSIGNATURE,
  toHex,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testEntry, testKey, unwrap } from '../fixtures/builder.ts';
import { EpochLedger } from '../fixtures/epoch-ledger.ts';
import { EARLY, epochsLedger } from '../fixtures/epochs.ts';
import { serveEpochs } from './epoch-server.ts';
import { changeLine, Workplace } from './harness.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/epochs', import.meta.url));
const DEAD = 'http://127.0.0.1:1';
const { hasher } = nativeSuite;

const ledger = epochsLedger();
let place: Workplace;
let url: string;
const servers: Server[] = [];
const serve = async (...args: Parameters<typeof serveEpochs>) => {
  const made = await serveEpochs(...args);
  servers.push(made.server);
  return made.url;
};
beforeAll(async () => {
  place = new Workplace();
  cpSync(FIXTURE, place.folder, { recursive: true });
  url = await serve(ledger);
});
afterAll(() => {
  for (const server of servers) server.close();
  place.remove();
});

const G = ['--genesis', 'genesis.cbor'];
const text = (name: string) => readFileSync(place.path(name), 'utf8');
const run = async (...args: string[]) => place.inProcess([...args, ...G]);
const verify = async (file: string, ...args: string[]) => {
  const { exit, stdout, stderr } = await run('verify', file, '--offline', '--json', ...args);
  return [exit, stdout === '' ? stderr : (JSON.parse(stdout).code ?? JSON.parse(stdout).error.code)];
};
const pinsOf = async (file: string) => JSON.parse((await run('policy', file, '--json')).stdout).pins;

describe('qifeng policy', () => {
  it('of a receipt is that of its epoch, proven from the genesis by what the receipt carries', async () => {
    expect(await run('policy', 'late.md.tlog-proof')).toMatchObject({
      exit: 0,
      stdout: text('policy-5.txt'),
    });
    expect(await run('policy', 'early.md.tlog-proof')).toMatchObject({
      exit: 0,
      stdout: text('policy-0.txt'),
    });
    const said = JSON.parse((await run('policy', 'late.md.tlog-proof', '--json')).stdout);
    expect(said).toMatchObject({ epoch: 5, source: 'genesis', policy: text('policy-5.txt') });
    expect(said.pins).toHaveLength(5);
    writeFileSync(place.path('bad.tlog-proof'), changeLine(text('late.md.tlog-proof'), 1, 2000));
    const bad = await run('policy', 'bad.tlog-proof');
    expect([bad.exit, bad.stdout]).toEqual([1, '']);
  });

  it('of an epoch is proven by the handovers of a node, of the next one where they are false', async () => {
    const named = ['policy', '--epoch', '5', '--node'];
    expect(await run(...named, url)).toMatchObject({ exit: 0, stdout: text('policy-5.txt'), stderr: '' });
    const lying = await serve(ledger, undefined, { handovers: ledger.handovers.toReversed() });
    const alone = await run(...named, lying, '--json');
    expect([alone.exit, JSON.parse(alone.stdout).error.code]).toEqual([1, 'bad-handover']);
    expect(await run(...named, lying, '--node', url)).toMatchObject({
      exit: 0,
      stdout: text('policy-5.txt'),
    });
    const early = await run('policy', '--epoch', '6', '--node', url);
    expect([early.exit, early.stderr]).toEqual([1, expect.stringContaining('has not begun')]);
    const word = await place.inProcess(['policy', '--epoch', '5', '--node', url]);
    expect([word.stdout, word.stderr]).toEqual([text('policy-5.txt'), expect.stringContaining('Compare it')]);
    for (const wrong of [
      ['--epoch', 'x'],
      ['late.md.tlog-proof', '--epoch', '5'],
    ])
      expect((await run('policy', ...wrong)).exit).toBe(2);
  });

  it('is what a court report names to check its receipt by', async () => {
    const made = await run('report', 'late.md', '--offline', '--out', 'late.html');
    expect([made.exit, made.stderr]).toEqual([0, '']);
    const command = /qifeng policy ([^\s<]+) --genesis genesis\.cbor/.exec(text('late.html'));
    expect(await run('policy', command![1]!)).toMatchObject({ exit: 0, stdout: text('policy-5.txt') });
  });
});

describe('qifeng verify --pin', () => {
  it('takes what agrees with the pins, and refuses another history that the same members signed', async () => {
    const pins: string[] = await pinsOf('late.md.tlog-proof');
    expect(await verify('late.md', ...pins.flatMap(pin => ['--pin', pin]))).toEqual([0, 'verified']);
    const other = new EpochLedger(ledger.chain);
    other.run([testEntry('early', EARLY), testEntry('more', new Uint8Array(3))]);
    other.run([other.changeEntry([{ code: '150000', validator: other.newValidator('150000') }])]);
    writeFileSync(place.path('other.md'), EARLY);
    other.run([testEntry('next', EARLY)]);
    writeFileSync(place.path('other.md.tlog-proof'), other.receipt(3));
    expect(await verify('other.md')).toEqual([0, 'verified']);
    expect(await verify('other.md', '--pin', pins[0]!)).toEqual([1, 'pin-mismatch']);
    expect(await verify('other.md', '--pin', 'late.md.tlog-proof')).toEqual([1, 'pin-mismatch']);
    expect(await verify('other.md', '--pin', pins[1]!)).toEqual([0, 'verified']);
    expect(await verify('late.md', '--pin', 'late.md.tlog-proof')).toEqual([0, 'verified']);
  });

  it('is a number and a hash, or a receipt that verifies', async () => {
    for (const [pin, exit, code] of [
      ['0:12', 2, 'bad-pin'],
      ['early.md.tlog-proof', 2, 'bad-pin'],
      ['nothing.tlog-proof', 2, 'file-missing'],
      ['late.md', 1, 'proof-header'],
    ] as const)
      expect(await verify('late.md', '--pin', pin)).toEqual([exit, code]);
  });
});

describe('qifeng verify --witness-policy', () => {
  const witness = testKey('witness');
  const name = 'witness.example/w';
  const vkey = formatVerifierKey(makeVerifierKey(name, TYPE_COSIGNATURE, witness.publicKey, hasher));

  it('lets a receipt carry the line of a witness that it names, if it verifies', async () => {
    const receipt = unwrap(parseReceipt(new Uint8Array(readFileSync(place.path('early.md.tlog-proof')))));
    const signed = unwrap(parseNote(receipt.note)).text;
    const lines = (over: string) => {
      const line = witness.sign(cosignedMessage(over, 1_700_000_000));
      const signature = makeCosignature(name, witness.publicKey, 1_700_000_000, line, hasher);
      const note = Buffer.concat([receipt.note, Buffer.from(formatSignatureLine(signature))]);
      return formatReceipt({ ...receipt, note: new Uint8Array(note) });
    };
    writeFileSync(place.path('w.txt'), `witness w1 ${vkey}\nquorum none\n`);
    writeFileSync(place.path('none.txt'), 'quorum none\n');
    writeFileSync(place.path('seen.tlog-proof'), lines(signed));
    writeFileSync(place.path('false.tlog-proof'), lines(`${signed}x\n`));
    const early = (proof: string, ...args: string[]) => verify('early.md', '--receipt', proof, ...args);
    expect(await early('seen.tlog-proof')).toMatchObject([1, 'unknown-line']);
    expect(await early('seen.tlog-proof', '--witness-policy', 'none.txt')).toMatchObject([1, 'unknown-line']);
    expect(await early('seen.tlog-proof', '--witness-policy', 'w.txt')).toEqual([0, 'verified']);
    expect(await early('false.tlog-proof', '--witness-policy', 'w.txt')).toEqual([1, 'bad-cosignature']);
    expect(await early('early.md.tlog-proof', '--witness-policy', 'w.txt')).toEqual([0, 'verified']);
    expect(await early('seen.tlog-proof', '--witness-policy', 'early.md')).toEqual([2, 'policy-line']);
  });
});

describe('qifeng anchor', () => {
  const anchor = (...args: string[]) => run('anchor', ...args);

  it('takes a checkpoint of a later epoch, and the receipt at it, from the next node where one is away or lies', async () => {
    const lying = await serve(ledger, undefined, { handovers: ledger.handovers.toReversed() });
    for (const first of [DEAD, lying]) {
      const nodes = ['--node', first, '--node', url];
      const taken = await anchor('checkpoint', '--out', 'head', ...nodes);
      expect([taken.exit, taken.stderr]).toEqual([0, '']);
      const made = await anchor('receipt', 'early.md', '--checkpoint', 'head', ...nodes);
      expect([made.exit, made.stderr]).toEqual([0, '']);
      expect(await verify('early.md', '--receipt', 'early.md.anchored.tlog-proof')).toEqual([0, 'verified']);
    }
    const { extra } = unwrap(
      parseReceipt(new Uint8Array(readFileSync(place.path('early.md.anchored.tlog-proof')))),
    );
    expect(extra.handovers).toHaveLength(5);
    expect(toHex(readFileSync(place.path('head')))).toBe(toHex(ledger.note(ledger.height)));
  });

  it('says why the first node gave nothing where none does', async () => {
    const lying = await serve(ledger, undefined, { handovers: ledger.handovers.toReversed() });
    const away = await anchor('checkpoint', '--out', 'none', '--node', DEAD);
    expect([away.exit, away.stderr]).toEqual([3, expect.stringContaining('No node could be reached')]);
    const refuted = await anchor('checkpoint', '--out', 'none', '--node', lying, '--node', DEAD);
    expect([refuted.exit, refuted.stderr]).toEqual([1, expect.stringContaining('is not a checkpoint')]);
  });

  it('refuses a checkpoint that came before the record', async () => {
    writeFileSync(place.path('first'), ledger.note(1));
    const { exit, stderr } = await anchor('receipt', 'late.md', '--checkpoint', 'first', '--node', url);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('came after the checkpoint')]);
  });
});
