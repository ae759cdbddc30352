import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { profileFromJson, toHex } from '@qifeng/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER, testGenesis, unwrap } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

const certificate = unwrap(
  profileFromJson(readFileSync(new URL('../../seeds/profiles/certificate.json', import.meta.url), 'utf8')),
);
const META = { holder: '演示企业', expires: '2030-12-31', title: '营业执照' };
const NUMBER = '执照-2026-7';
const RECEIPT = 'paper.md.tlog-proof';
/** The command that issues it with these fields. */
const issuing = (meta: object) => [
  'stamp',
  'paper.md',
  '--profile',
  'certificate',
  '--action',
  'issue',
  '--subject',
  NUMBER,
  ...Object.entries(meta).flatMap(([name, value]) => ['--meta', `${name}=${value}`]),
];
const issue = issuing(META);

let us: Publisher;
beforeEach(async () => {
  us = await Publisher.make({ ...testGenesis(), profiles: [certificate] });
});
afterEach(() => us.remove());

const run = (...args: string[]) => us.place.inProcess(args);
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
/** The record `index` as the ledger has it. */
const record = (index: number) => us.ledger.leaves[index]!.leaf.entry.value;
const disclosed = async (receipt: string) => (await json('info', receipt)).disclosed;

describe('a sealed profile', () => {
  it('puts nothing on the ledger that a reader could know, and the receipt of the holder verifies the file', async () => {
    const made = await run(...issue);
    expect([made.exit, made.stderr]).toEqual([0, '']);
    const { subject, digest, meta, origin } = record(0);
    expect(subject.id).toMatch(/^[0-9a-f]{64}$/);
    expect([origin, [...meta.keys()].toSorted()]).toEqual([null, Object.keys(META).toSorted()]);
    for (const value of meta.values()) expect(value).toHaveLength(32);
    const onLedger = [...us.ledger.leaves.map(({ bytes }) => bytes), ...us.server.posts.map(String)];
    for (const text of [...Object.values(META), NUMBER, 'content of'])
      for (const bytes of onLedger) expect(Buffer.from(bytes).includes(text)).toBe(false);
    expect(us.proven('paper.md')).toBe(0);
    expect(statSync(us.place.path(RECEIPT)).mode & 0o777).toBe(0o600);
    const verified = await run('verify', 'paper.md', '--offline');
    expect(verified.exit).toBe(0);
    for (const text of [`Holder = ${META.holder}`, `Valid until = ${META.expires}`, 'hidden', 'nothing'])
      expect(verified.stdout).toContain(text);
    // What a node serves of it opens nothing.
    writeFileSync(us.place.path('served'), us.ledger.receipt(0));
    const served = await run('verify', 'paper.md', '--receipt', 'served', '--offline');
    expect([served.exit, served.stdout]).toEqual([1, expect.stringContaining('opening-missing')]);
    expect((await disclosed('served')).hidden).toHaveLength(4);
    expect(toHex(digest!.hash)).not.toBe((await disclosed(RECEIPT)).digest.hash);
  });

  it('finds its subjects again by their local id, and only with the key of their issuer', async () => {
    await run(...issue);
    const key = readFileSync(us.place.path(`.qifeng/keys/${PUBLISHER}.subject-key`), 'utf8');
    expect(statSync(us.place.path(`.qifeng/keys/${PUBLISHER}.subject-key`)).mode & 0o777).toBe(0o600);
    const path = `certificate/${PUBLISHER}/${NUMBER}`;
    const revoked = await run('act', path, 'revoke', '--meta', 'reason=演示');
    expect(revoked.exit).toBe(0);
    expect(record(1)).toMatchObject({ subject: record(0).subject, prev: 0, action: 'revoke' });
    expect([...record(1).meta.keys()]).toEqual(['reason']);
    const byHex = await run('act', `certificate/${PUBLISHER}/${record(0).subject.id}`, 'revoke');
    expect(byHex).toMatchObject({ exit: 0 });
    expect([byHex.exit, record(2).prev]).toEqual([0, 1]);
    writeFileSync(us.place.path(`.qifeng/keys/${PUBLISHER}.subject-key`), `${'0'.repeat(64)}\n`);
    expect((await run('act', path, 'revoke')).exit).toBe(0);
    expect([record(3).prev, record(3).subject.id === record(0).subject.id]).toEqual([null, false]);
    writeFileSync(us.place.path(`.qifeng/keys/${PUBLISHER}.subject-key`), key.slice(1));
    expect(await run('act', path, 'revoke')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('subject key'),
    });
  });

  it('is not said to be unrecorded by its file: the receipt beside it leads to its subject', async () => {
    await run(...issue);
    const held = await run('status', 'paper.md');
    expect([held.exit, held.stderr]).toEqual([0, '']);
    expect(held.stdout).toMatch(/^✓ paper\.md {2}In force\n/);
    expect(await json('status', 'paper.md', '--save')).toMatchObject({
      verdict: 'in-force',
      record: { index: 0 },
      subjects: [{ id: record(0).subject.id, current: true }],
    });
    const offline = ['--status-proof', 'paper.md.status-proof', '--node', 'http://127.0.0.1:1'];
    expect((await run('status', 'paper.md', ...offline)).exit).toBe(0);
    const past = await json('history', 'paper.md');
    expect(past.subjects).toMatchObject([{ id: record(0).subject.id, complete: { complete: true } }]);
    for (const command of ['status', 'history'] as const) {
      writeFileSync(us.place.path('copy.md'), readFileSync(us.place.path('paper.md')));
      const alone = await run(command, 'copy.md', '--lang', 'zh');
      expect([alone.exit, alone.stdout]).toEqual([
        0,
        expect.stringContaining('qifeng status copy.md.tlog-proof'),
      ]);
      expect(alone.stdout).toContain('密封的存证不能凭摘要查到');
      expect(alone.stdout).not.toContain('从未');
      // The receipt of another file says nothing of this one.
      writeFileSync(us.place.path('copy.md'), 'other');
      writeFileSync(us.place.path('copy.md.tlog-proof'), readFileSync(us.place.path(RECEIPT)));
      const other = await run(command, 'copy.md');
      expect([other.exit, other.stdout]).toEqual([0, expect.stringContaining('at least one byte differs')]);
      expect(other.stdout).not.toContain('In force');
      rmSync(us.place.path('copy.md.tlog-proof'));
    }
  });

  it('has its fields checked before they are sealed: the ledger could not', async () => {
    const bad = await run(...issuing({ ...META, expires: '2030-02-30' }));
    expect([bad.exit, bad.stderr]).toEqual([
      2,
      expect.stringContaining('field expires must be a calendar date'),
    ]);
    expect(us.server.posts).toEqual([]);
  });

  it('is asked about by the local id where its issuer has the key, and never answered as if that were unknown', async () => {
    await run(...issue);
    const path = `certificate/${PUBLISHER}/${NUMBER}`;
    const { stdout } = await run('history', path, '--json');
    expect(stdout).toContain(record(0).subject.id);
    for (const command of ['history', 'status']) {
      const foreign = await run(command, `certificate/11430000006122244L/${NUMBER}`);
      expect([foreign.exit, foreign.stderr]).toEqual([2, expect.stringContaining('64 hex digits')]);
    }
  });

  it('shows what the dates come to, which the state does not know', async () => {
    const dates = { effective: '2019-01-01', expires: '2020-01-01' };
    expect((await run(...issuing({ ...META, ...dates }))).exit).toBe(0);
    const shown = await run('verify', 'paper.md', '--offline');
    expect(shown.stdout).toMatch(/valid +from 2019-01-01 to 2020-01-01: Lapsed/);
    expect((await disclosed(RECEIPT)).validity).toEqual({
      validFrom: '2019-01-01',
      validTo: '2020-01-01',
      word: 'lapsed',
    });
    await run('present', RECEIPT, '--disclose', 'holder', '--out', 'shown');
    expect((await disclosed('shown')).validity).toBeNull();
  });

  it('may be one that the genesis does not hold, if the publisher says so', async () => {
    const args = [
      'stamp',
      'paper.md',
      '--profile',
      'later',
      '--action',
      'issue',
      '--meta',
      'note=内部',
      '--sealed',
    ];
    expect((await run(...args)).exit).toBe(0);
    expect([...record(0).meta.values()].every(value => value instanceof Uint8Array)).toBe(true);
    expect((await disclosed(RECEIPT)).meta).toMatchObject({ note: '内部' });
    const path = `later/${PUBLISHER}/sha256:${(await disclosed(RECEIPT)).digest.hash}`;
    expect(await run('act', path, 'end', '--meta', 'reason=甲', '--sealed')).toMatchObject({ exit: 0 });
    expect(record(1)).toMatchObject({ prev: 0, subject: record(0).subject });
  });

  it('keeps what opens a record through an interruption', async () => {
    us.server.moods.push('mute');
    const child = us.place.start(issue);
    while (us.server.posts.length === 0) await new Promise(done => setTimeout(done, 10));
    child.kill('SIGKILL');
    await new Promise(done => child.once('exit', done));
    const again = await run(...issue);
    expect([again.exit, again.stdout]).toEqual([0, expect.stringContaining('taken up from an earlier run')]);
    expect([us.proven('paper.md'), us.ledger.leaves.length]).toEqual([0, 1]);
    expect(await disclosed(RECEIPT)).toMatchObject({ meta: META, hidden: [] });
    expect((await run(...issue)).stdout).toContain('already');
  });

  it('an action that was cut short is not signed twice, whatever its salts', async () => {
    await run(...issue);
    us.server.moods.push('mute');
    const revoke = ['act', `certificate/${PUBLISHER}/${NUMBER}`, 'revoke', '--meta', 'reason=演示'];
    const child = us.place.start(revoke);
    while (us.server.posts.length === 1) await new Promise(done => setTimeout(done, 10));
    child.kill('SIGKILL');
    await new Promise(done => child.once('exit', done));
    expect((await run(...revoke)).exit).toBe(0);
    expect(us.ledger.leaves).toHaveLength(2);
  });
});

describe('qifeng present', () => {
  it('shows the chosen fields and hides the rest, and what it wrote verifies offline', async () => {
    await run(...issue);
    const made = await run('present', RECEIPT, '--disclose', 'holder,expires', '--out', 'shown');
    expect([made.exit, made.stderr]).toEqual([0, '']);
    const info = await json('info', 'shown');
    expect([info.verified, info.disclosed.meta]).toEqual([
      true,
      { holder: META.holder, expires: META.expires },
    ]);
    expect(info.disclosed.hidden).toEqual(['title', 'digest']);
    const shown = readFileSync(us.place.path('shown'));
    expect(Buffer.from(shown.toString().split('\n')[1]!.slice(6), 'base64').includes(META.title)).toBe(false);
    const text = await run('info', 'shown', '--lang', 'zh');
    expect(text.stdout).toContain(`已出示`);
    expect(text.stdout).toContain(`持证主体 = ${META.holder}`);
    expect(text.stdout).toMatch(/保密 +标题、文件摘要/);
    // The titles that are shown may be typed as well.
    await run('present', RECEIPT, '--disclose', '持证主体，有效期截止', '--out', 'titled');
    expect(readFileSync(us.place.path('titled'))).toEqual(shown);
    const file = await run('verify', 'paper.md', '--receipt', 'shown', '--offline');
    expect([file.exit, file.stdout]).toEqual([1, expect.stringContaining('opening-missing')]);
    await run('present', RECEIPT, '--disclose', 'digest', '--out', 'file');
    expect((await run('verify', 'paper.md', '--receipt', 'file', '--offline')).exit).toBe(0);
    expect(readdirSync(us.place.folder)).toContain(RECEIPT);
  });

  it.each([
    [
      'a field that is not there',
      2,
      'unknown-name',
      ['present', RECEIPT, '--disclose', 'holder,photo', '--out', 'x'],
    ],
    ['nothing', 2, 'no-names', ['present', RECEIPT, '--disclose', ' , ', '--out', 'x']],
    ['itself', 2, 'same-file', ['present', RECEIPT, '--disclose', 'holder', '--out', RECEIPT]],
    [
      'what a presentation hides',
      2,
      'unknown-name',
      ['present', 'shown', '--disclose', 'title', '--out', 'x'],
    ],
    ['what a node served', 2, 'opening-missing', ['present', 'served', '--disclose', 'holder', '--out', 'x']],
    ['a record in the open', 2, 'not-sealed', ['present', 'open', '--disclose', 'title', '--out', 'x']],
    [
      'a damaged receipt',
      1,
      'opening-mismatch',
      ['present', 'damaged', '--disclose', 'holder', '--out', 'x'],
    ],
  ])('refuses %s', async (_, exit, code, args) => {
    await run(...issue);
    await run('present', RECEIPT, '--disclose', 'holder', '--out', 'shown');
    writeFileSync(us.place.path('served'), us.ledger.receipt(0));
    us.write('other.md');
    await run('stamp', 'other.md');
    writeFileSync(us.place.path('open'), readFileSync(us.place.path('other.md.tlog-proof')));
    const lines = readFileSync(us.place.path(RECEIPT), 'utf8').split('\n');
    const extra = Buffer.from(lines[1]!.slice(6), 'base64');
    extra[extra.indexOf(META.holder)]! ^= 1;
    writeFileSync(us.place.path('damaged'), lines.with(1, `extra ${extra.toString('base64')}`).join('\n'));
    const answer = await run(...args, '--json');
    expect([answer.exit, answer.stdout + answer.stderr]).toEqual([exit, expect.stringContaining(code)]);
  });
});
