import { readFileSync, renameSync } from 'node:fs';
import { type Asked, Output, profileFromJson, signSubmission } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { printHistory, toJsonHistory } from '../../packages/client/src/cli/commands/history/print.ts';
import { trailOf } from '../../packages/client/src/cli/commands/history/provenance.ts';
import type { Context } from '../../packages/client/src/cli/context.ts';
import { Prover } from '../../packages/client/src/cli/prover.ts';
import { NodeClient } from '../../packages/client/src/sdk/client.ts';
import { PUBLISHER, policyOf, testEntry, testGenesis, testKey, unwrap } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

let us: Publisher;
beforeEach(async () => {
  us = await Publisher.make();
  us.write('second.md');
  const { exit } = await us.place.inProcess([
    'stamp',
    'paper.md',
    '--meta',
    'number=A/1 号',
    '--meta',
    'title=甲',
  ]);
  expect(exit).toBe(0);
});
afterEach(() => us.remove());

const SUBJECT = `policy/${PUBLISHER}/A%2F1%20%E5%8F%B7`;

describe('qifeng act', () => {
  it('goes on after the last record, with and without a file', async () => {
    const amended = await us.place.spawned(['act', SUBJECT, 'amend', 'second.md', '--meta', 'reason=勘误']);
    expect([amended.exit, amended.stdout]).toEqual([0, 'ok  index 1  height 2  second.md.tlog-proof\n']);
    const link = `repealed-by=${SUBJECT}@0`;
    const repealed = await us.place.inProcess(['act', SUBJECT, 'repeal', '--link', link, '--json']);
    expect(repealed.exit).toBe(0);
    const [report] = JSON.parse(repealed.stdout).files;
    expect(report).toMatchObject({ file: null, status: 'ok', index: 2, action: 'repeal', digest: null });
    expect(readFileSync(report.receipt, 'utf8')).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
    const [, second, third] = us.ledger.leaves.map(({ leaf }) => leaf.entry.value);
    expect([second!.prev, third!.prev, third!.links[0]!.rel]).toEqual([0, 1, 'repealed-by']);
  });

  it('takes an interrupted action up, and does not act twice', async () => {
    us.server.moods.push('not-final');
    expect((await us.place.inProcess(['act', SUBJECT, 'repeal', '--wait', '1s'])).exit).toBe(3);
    const again = await us.place.inProcess(['act', SUBJECT, 'repeal', '--json']);
    expect([again.exit, JSON.parse(again.stdout).files[0].resumed]).toEqual([0, true]);
    expect(us.ledger.leaves).toHaveLength(2);
  });

  it('links to the last record of a subject, and when taken up to the one that was the last then', async () => {
    const act = (...args: string[]) => us.place.inProcess(['act', ...args]);
    const other = `policy/${PUBLISHER}/B`;
    expect((await act(other, 'publish', 'second.md')).exit).toBe(0);
    const repeal = [SUBJECT, 'repeal', '--link', `repealed-by=${other}`];
    us.server.moods.push('not-final');
    expect((await act(...repeal, '--wait', '1s')).exit).toBe(3);
    const entry = { ...testEntry('B', new Uint8Array(1)), action: 'amend', prev: 1 };
    const now = Date.now();
    const draft = { genesis: us.ledger.chain.hash, publisher: PUBLISHER, nonce: new Uint8Array(16) };
    const whole = { ...draft, issuedAt: now, expires: now + 60_000, entries: [entry] };
    us.ledger.take(signSubmission(whole, testKey('publisher'), nativeSuite.hasher));
    const again = await act(...repeal, '--json');
    expect([again.exit, JSON.parse(again.stdout).files[0].resumed]).toEqual([0, true]);
    const repeals = us.ledger.leaves.filter(({ leaf }) => leaf.entry.value.action === 'repeal');
    expect(repeals.map(({ leaf }) => leaf.entry.value.links[0]!.index)).toEqual([1]);
  });

  it('goes on after the record that was seen, if that is said, and is refused where there is a later one', async () => {
    const act = (...args: string[]) => us.place.inProcess(['act', SUBJECT, ...args]);
    expect((await act('amend', 'second.md', '--prev', '0')).exit).toBe(0);
    const late = await act('repeal', '--prev', '0');
    expect([late.exit, late.stdout]).toEqual([4, expect.stringContaining('wrong-prev')]);
    expect(us.ledger.leaves).toHaveLength(2);
  });

  it.each([
    ['a subject in two parts', ['policy/x', 'amend'], 'PROFILE/ISSUER/ID'],
    ['a link without relation', [SUBJECT, 'amend', '--link', SUBJECT], 'REL='],
    [
      'a link to what has no record',
      [SUBJECT, 'amend', '--link', `a=${SUBJECT}9`],
      'no record of this subject',
    ],
    ['a record that is no number', [SUBJECT, 'amend', '--prev', 'last'], 'not a log index'],
    ['a field without value', [SUBJECT, 'amend', '--meta', 'reason'], 'NAME=VALUE'],
    ['a field twice', [SUBJECT, 'amend', '--meta', 'reason=a', '--meta', 'reason=b'], 'typed twice'],
  ])('%s is 2 with a hint', async (_, args, hint) => {
    const { exit, stderr } = await us.place.inProcess(['act', ...args]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(hint)]);
  });

  it('names what is possible now where the profile has no such action', async () => {
    const file = new URL('../../seeds/profiles/policy.json', import.meta.url);
    const known = unwrap(profileFromJson(readFileSync(file, 'utf8')));
    const other = await Publisher.make({ ...testGenesis(), profiles: [known] });
    const possible = async (subject: string) =>
      /possible now: (.*)\.$/m.exec((await other.place.inProcess(['act', subject, 'cancel'])).stderr)?.[1];
    expect(await possible(SUBJECT)).toBe('publish (Publish)');
    expect((await other.place.inProcess(['act', SUBJECT, 'publish', 'paper.md'])).exit).toBe(0);
    expect(await possible(SUBJECT)).toBe('amend (Amend), repeal (Repeal), lapse (Declare lapsed)');
    await other.remove();
  });
});

describe('qifeng history', () => {
  beforeEach(async () => {
    expect((await us.place.inProcess(['act', SUBJECT, 'amend', 'second.md'])).exit).toBe(0);
  });

  it('of a subject, a file and a digest: every record, proven by its receipt', async () => {
    const bySubject = await us.place.spawned(['history', SUBJECT]);
    expect(bySubject.exit).toBe(0);
    expect(bySubject.stdout).toMatch(/^✓ policy\/.*2 records\n/);
    expect(bySubject.stdout).toMatch(/standing +Recorded \(after-amend\), as of .*; proven/);
    expect(bySubject.stdout.match(/^ {4}✓ .* index /gm)).toHaveLength(2);
    // Wherever the machine is.
    expect(bySubject.stdout.match(/^ {4}✓ \d{4}-\d\d-\d\dT[\d:.]+\+08:00 /gm)).toHaveLength(2);
    expect(bySubject.stdout).toMatch(/^ {4}✓ complete: 2 of 2 records, as of .*; proven/m);
    const byFile = await us.place.inProcess(['history', 'paper.md', '--json']);
    const [found] = JSON.parse(byFile.stdout).subjects;
    expect(found.records.map((record: { proven: boolean }) => record.proven)).toEqual([true, true]);
    const hash = found.records[0].entry.digest.hash;
    const byDigest = await us.place.inProcess(['history', `sha256:${hash}`, '--json']);
    expect(byDigest.stdout.length).toBe(byFile.stdout.length);
  });

  it('shows what a record links to, with the title that it has, and so does verify', async () => {
    const link = `repealed-by=${SUBJECT}@0`;
    const act = ['act', SUBJECT, 'repeal', 'second.md', '--link', link, '--receipts', 'r', '--json'];
    const [{ receipt }] = JSON.parse((await us.place.inProcess(act)).stdout).files;
    const organ = `演示发布机构 (${PUBLISHER})`;
    for (const [lang, says, offline] of [
      ['en', `repealed by: “甲” ${organ} A/1 号, record 0`, `repealed by: ${organ} A/1 号, record 0`],
      ['zh', `废止依据：《甲》${organ} A/1 号，第 0 号记录`, `废止依据：${organ} A/1 号，第 0 号记录`],
    ] as const) {
      const history = await us.place.inProcess(['history', SUBJECT, '--lang', lang]);
      expect(history.stdout).toContain(`      ${says}\n`);
      const verify = ['verify', 'second.md', '--receipt', receipt, '--lang', lang];
      expect((await us.place.inProcess(verify)).stdout).toContain(`  ${says}\n`);
      expect((await us.place.inProcess([...verify, '--offline'])).stdout).toContain(`  ${offline}\n`);
    }
  });

  it('a record left out by the node is noticed', async () => {
    expect((await us.place.inProcess(['act', SUBJECT, 'repeal'])).exit).toBe(0);
    const where = us.ledger.where.bind(us.ledger);
    us.ledger.where = test => where(test).filter(index => index !== 1);
    const { exit, stdout } = await us.place.inProcess(['history', SUBJECT]);
    expect([exit, stdout]).toEqual([1, expect.stringContaining('left records out')]);
  });

  it('a node that leaves out the last record, or all, is found out by the proof of how many there are', async () => {
    const where = us.ledger.where.bind(us.ledger);
    us.ledger.where = test => where(test).slice(0, 1);
    us.server.proofs = asked => asked;
    const last = await us.place.inProcess(['history', SUBJECT, '--json']);
    const [{ complete, records }] = JSON.parse(last.stdout).subjects;
    expect([last.exit, complete]).toEqual([
      1,
      expect.objectContaining({ complete: false, code: 'history-gap', count: 2, shown: 1 }),
    ]);
    expect(records[0].proven).toBe(true);
    us.ledger.where = () => [];
    const none = await us.place.inProcess(['history', SUBJECT]);
    expect([none.exit, none.stderr]).toEqual([1, expect.stringContaining('keeps back the records')]);
  });

  it('of a publisher, and of a digest recorded twice: complete as well', async () => {
    const more = await us.place.inProcess(['stamp', 'paper.md', '--subject', 'again', '--receipts', 'r']);
    expect(more.exit).toBe(0);
    const ours = await us.place.inProcess(['history', PUBLISHER]);
    expect([ours.exit, ours.stdout]).toEqual([0, expect.stringContaining('complete: 3 of 3 records')]);
    expect(ours.stdout.match(/^ {4}✓ .* index /gm)).toHaveLength(3);
    const { stdout } = await us.place.inProcess(['history', 'paper.md', '--json']);
    const said = JSON.parse(stdout);
    expect(said.complete).toMatchObject({ complete: true, count: 2, proven: true });
    expect(said.subjects.map(({ id }: { id: string }) => id)).toEqual(['again', 'A/1 号']);
    const none = await us.place.inProcess(['history', '11430000006122244L', '--lang', 'zh']);
    expect([none.exit, none.stdout]).toEqual([0, expect.stringMatching(/未登记.*已证明/)]);
  });

  it('is read to its end where a proof says how many there are, and else says that it was cut; neither is a fault', async () => {
    expect((await us.place.inProcess(['act', SUBJECT, 'repeal'])).exit).toBe(0);
    us.server.page = 1;
    const { chain } = us.ledger;
    const client = new NodeClient({ nodes: [us.server.url], mostRecords: 2 });
    const context = { lang: 'en' } as Context;
    const subject = { issuer: PUBLISHER, id: 'A/1 号' };
    const digest = us.ledger.leaves[0]!.leaf.entry.value.digest!;
    const read = async (asked: Asked, isProven = true) => {
      const trust = isProven ? { chain, prover: new Prover(chain, 600_000) } : null;
      const { records, fault, isCut, status } = await trailOf(asked, { client, trust, context });
      return [records.map(({ record }) => record.index), fault, isCut, status !== null];
    };
    const asked = { kind: 'subject', profile: 'policy', subject } as const;
    const all = [[0, 1, 2], null, false, true];
    expect(await read(asked)).toEqual(all);
    expect(await read({ kind: 'publisher', id: PUBLISHER })).toEqual(all);
    expect(await read({ kind: 'digest', ...digest })).toEqual([[0], null, false, true]);
    expect(await read(asked, false)).toEqual([[0, 1], null, true, false]);
    us.server.proofs = null;
    expect(await read(asked)).toEqual([[0, 1], null, true, false]);
    const trail = await trailOf(asked, { client, trust: null, context });
    const found = { trail, subjects: [{ ...trail, word: null, inbound: null }] };
    expect(toJsonHistory(found, null)).toMatchObject({
      cut: true,
      subjects: [{ cut: true, complete: null }],
    });
    const lines: string[] = [];
    const plain = (text: string) => text;
    const paint = { dim: plain, bold: plain, green: plain, red: plain, yellow: plain };
    const streams = { stdout: (text: string) => lines.push(text) };
    const [io, colours] = [streams, paint] as unknown as ConstructorParameters<typeof Output>;
    const out = new Output(io, colours);
    printHistory(found, new Map(), null, { ...context, out });
    expect(lines.join('')).toContain('The first 2 records only');
  });

  it('where the node has no proof of how many there are, that is the node’s word', async () => {
    us.server.proofs = null;
    const { exit, stdout } = await us.place.inProcess(['history', SUBJECT]);
    expect([exit, stdout]).toEqual([
      0,
      expect.stringContaining('none came after the last is the node’s word'),
    ]);
    expect(stdout).toContain("by the node's word");
  });

  it('a node that lies is found out; one without a genesis has its word only', async () => {
    us.ledger.lies = true;
    expect((await us.place.inProcess(['history', SUBJECT])).exit).toBe(1);
    const home = ['--home', 'empty', '--node', us.server.url];
    const word = await us.place.inProcess(['history', SUBJECT, ...home]);
    expect([word.exit, word.stdout]).toEqual([0, expect.stringContaining("all of this is the node's word")]);
  });

  it('of what has no record is an answer, as that of status; no node is 3', async () => {
    const lone = await us.place.inProcess(['history', 'notice.md', '--json']);
    // Its receipt is true, and this node does not count its record.
    expect([lone.exit, JSON.parse(lone.stdout).error.code]).toEqual([1, 'status-contradiction']);
    renameSync(us.place.path('notice.md'), us.place.path('none.md'));
    const none = await us.place.inProcess(['history', 'none.md']);
    expect([none.exit, none.stderr]).toEqual([0, '']);
    expect(none.stdout).toMatch(
      /^– none\.md {2}No public record\n +status +No public record, as of .*; proven/,
    );
    expect(none.stdout).toContain('A sealed record is not found by it, but by its receipt.');
    const said = JSON.parse((await us.place.inProcess(['history', 'none.md', '--json'])).stdout);
    expect(said).toMatchObject({ complete: { complete: true, count: 0 }, subjects: [], verified: true });
    const absent = await us.place.inProcess(['history', `${SUBJECT}-none`]);
    expect([absent.exit, absent.stdout]).toEqual([0, expect.stringMatching(/^– .* {2}Never recorded\n/)]);
    const word = ['--home', 'empty', '--node', us.server.url];
    const told = await us.place.inProcess(['history', 'none.md', ...word]);
    expect([told.exit, told.stdout]).toEqual([
      0,
      expect.stringContaining("No public record, by the node's word"),
    ]);
    const away = ['--node', 'http://127.0.0.1:1'];
    expect((await us.place.inProcess(['history', SUBJECT, ...away])).exit).toBe(3);
  });
});

describe('qifeng policy', () => {
  it('is worked out from the genesis, or is the word of a node', async () => {
    const own = await us.place.inProcess(['policy']);
    expect([own.exit, own.stdout, own.stderr]).toEqual([0, policyOf(us.ledger.chain), '']);
    const told = await us.place.inProcess(['policy', '--node', us.server.url]);
    expect([told.exit, told.stdout]).toEqual([0, policyOf(us.ledger.chain)]);
    expect(told.stderr).toContain('Compare it');
  });
});
