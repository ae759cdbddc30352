import { readFileSync } from 'node:fs';
import { profileFromJson } from '@qifeng/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER, testGenesis, unwrap } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

const profileOf = (name: string) =>
  unwrap(
    profileFromJson(readFileSync(new URL(`../../seeds/profiles/${name}.json`, import.meta.url), 'utf8')),
  );
const PROFILES = ['certificate', 'credit', 'evidence', 'property', 'receivable'].map(profileOf);

let us: Publisher;
const run = (...args: string[]) => us.place.inProcess(args);
/** Records an action, its required texts filled in. */
const act = async (profile: string, action: string, file: string | null, ...meta: string[]) => {
  const asked = ['act', `${profile}/${PUBLISHER}/x`, action, ...(file === null ? [] : [file])];
  const { exit, stderr } = await run(...asked, ...meta.flatMap(field => ['--meta', field]));
  expect([exit, stderr]).toEqual([0, '']);
};
/** Exit code, code, and what the file is said to be, of the question whether it is in force. */
const ask = async (file: string) => {
  const { exit, stdout } = await run('verify', file, '--in-force', '--json');
  const { code, standing } = JSON.parse(stdout);
  return [exit, code, standing?.role ?? null];
};
const TEXT = [0, 'verified', 'present'];
const ENCLOSED = [1, 'enclosed-file', null];
const EARLIER = [1, 'not-in-force', null];

beforeEach(async () => {
  us = await Publisher.make({ ...testGenesis(), profiles: PROFILES });
  us.write('text.md', 'paper-2.md', 'paper-3.md', 'text-2.md');
});
afterEach(() => us.remove());

describe('the file of an action that only encloses it is never the text', () => {
  it('evidence stays what was deposited, whatever a court finds', async () => {
    await act('evidence', 'deposit', 'text.md');
    expect(await ask('text.md')).toEqual(TEXT);
    await act('evidence', 'submit', 'paper-2.md', `owner=${PUBLISHER}`);
    await act('evidence', 'verify', 'paper-3.md');
    expect(await ask('text.md')).toEqual(TEXT);
    expect(await ask('paper-2.md')).toEqual(ENCLOSED);
    expect(await ask('paper-3.md')).toEqual(ENCLOSED);
  });

  it('a credit record stays the decision, and an objection to it is none; a correction takes its place', async () => {
    await act('credit', 'record', 'text.md', `owner=${PUBLISHER}`, 'kind=x', 'facts=x');
    await act('credit', 'object', 'paper-2.md', 'reason=x');
    await act('credit', 'uphold', null, 'reason=x');
    expect(await ask('text.md')).toEqual(TEXT);
    expect(await ask('paper-2.md')).toEqual(ENCLOSED);
    await act('credit', 'correct', 'text-2.md', 'reason=x');
    expect([await ask('text.md'), await ask('text-2.md')]).toEqual([EARLIER, TEXT]);
    expect(await ask('paper-2.md')).toEqual(ENCLOSED);
  });

  it('a register goes through mortgage and release; a transfer writes it anew', async () => {
    await act('property', 'register', 'text.md', 'unit=1', `owner=${PUBLISHER}`);
    await act('property', 'mortgage', 'paper-2.md', `mortgagee=${PUBLISHER}`);
    await act('property', 'release', 'paper-3.md');
    expect(await ask('text.md')).toEqual(TEXT);
    for (const paper of ['paper-2.md', 'paper-3.md']) expect(await ask(paper)).toEqual(ENCLOSED);
    await act('property', 'transfer', 'text-2.md', `owner=${PUBLISHER}`);
    expect([await ask('text.md'), await ask('text-2.md')]).toEqual([EARLIER, TEXT]);
  });

  it('sealed ones too: a loan is not the receivable, an order not the certificate', async () => {
    await act('receivable', 'confirm', 'text.md');
    await act('receivable', 'finance', 'paper-2.md');
    expect(await ask('paper-2.md')).toEqual(ENCLOSED);
    await act('certificate', 'issue', 'text-2.md');
    await act('certificate', 'revoke', 'paper-3.md');
    expect(await ask('paper-3.md')).toEqual(ENCLOSED);
    expect(await ask('text-2.md')).toEqual(EARLIER);
  });

  it('the same file again as an enclosure is the text still', async () => {
    await act('evidence', 'deposit', 'text.md');
    await act('evidence', 'submit', 'text.md', `owner=${PUBLISHER}`);
    expect(await ask('text.md')).toEqual(TEXT);
  });
});

describe('which action a file accompanied is told', () => {
  beforeEach(async () => {
    await act('evidence', 'deposit', 'text.md');
    await act('evidence', 'submit', 'paper-2.md', `owner=${PUBLISHER}`);
    await act('evidence', 'verify', 'paper-3.md');
  });
  const ways = [
    ['en', /this file accompanied the action “Evidence · Verify”; it was never the text itself/],
    ['zh', /本文件系“电子存证 · 核验通过”的附件，从未作为标的文本/],
  ] as const;

  it.each(ways)('by verify, status and report in %s', async (lang, words) => {
    const spoken = ['--lang', lang] as const;
    const plain = await run('verify', 'paper-3.md', ...spoken);
    expect([plain.exit, plain.stdout]).toEqual([0, expect.stringMatching(words)]);
    for (const x of ['paper-3.md', 'paper-3.md.tlog-proof']) {
      const asked = await run('status', x, '--in-force', ...spoken);
      expect([asked.exit, asked.stdout]).toEqual([1, expect.stringMatching(words)]);
      expect(asked.stdout.split('\n').filter(line => line.startsWith('✓') && line.includes('paper'))).toEqual(
        [],
      );
    }
    const refused = await run('verify', 'paper-3.md', '--in-force', ...spoken);
    expect(refused.stdout).toMatch(words);
    expect(refused.stdout).not.toContain('✓');
    expect((await run('report', 'paper-3.md', '--out', `${lang}.html`, ...spoken)).exit).toBe(0);
  });

  it('in the report and to programs', async () => {
    await run('report', 'paper-3.md', '--out', 'report.html');
    expect(readFileSync(us.place.path('report.html'), 'utf8')).toMatch(/核验通过”的附件，从未作为标的文本/);
    const status = JSON.parse((await run('status', 'paper-3.md', '--json')).stdout);
    expect(status).toMatchObject({ verdict: 'enclosure', subjects: [{ role: 'enclosed', current: false }] });
    const text = JSON.parse((await run('status', 'text.md', '--json')).stdout);
    expect(text).toMatchObject({ verdict: 'in-force', subjects: [{ role: 'present', current: true }] });
    const verified = JSON.parse((await run('verify', 'paper-3.md', '--json')).stdout);
    expect(verified.standing).toMatchObject({ role: 'enclosed', current: false });
  });

  it('a text of one subject is that, though it is an enclosure to another', async () => {
    const other = `evidence/${PUBLISHER}/y`;
    expect((await run('act', other, 'deposit', 'text-2.md')).exit).toBe(0);
    const submit = ['submit', 'text.md', '--receipts', 'other', '--meta', `owner=${PUBLISHER}`];
    expect((await run('act', other, ...submit)).exit).toBe(0);
    const { exit, stdout } = await run('status', 'text.md', '--in-force', '--json');
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { subjects: [{ id: 'x' }, { id: 'y' }] }]);
  });
});
