import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PUBLISHER, testGenesis } from '../fixtures/builder.ts';
import { BIN } from './harness.ts';
import { Publisher } from './publisher.ts';

let lower: Publisher;
let upper: Publisher;
let child: ChildProcess | undefined;
beforeEach(async () => {
  lower = await Publisher.make();
  upper = await Publisher.make(testGenesis('upper'));
  expect((await lower.place.inProcess(['stamp', 'paper.md'])).exit).toBe(0);
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await Promise.all([lower.remove(), upper.remove()]);
});

const SUBJECT = `ledger-anchor/${PUBLISHER}/province`;
const anchors = () => readdirSync(lower.place.path('anchors')).filter(name => name.endsWith('.checkpoint'));

it('anchors at fixed times though nothing is new, until it is stopped', async () => {
  const home = upper.place.path('.qifeng');
  const command = ['anchor', 'schedule', SUBJECT, '--every', '1s', '--dir', 'anchors', '--upper-home', home];
  child = lower.place.start(command);
  await vi.waitFor(() => expect(upper.ledger.leaves.length).toBeGreaterThan(2), {
    timeout: 30_000,
    interval: 50,
  });
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);

  expect(lower.ledger.leaves).toHaveLength(1);
  for (const name of anchors()) expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.000Z\.checkpoint$/);
  const entries = upper.ledger.leaves.map(({ leaf }) => leaf.entry.value);
  expect(entries.map(({ action, prev }) => [action, prev]).slice(0, 3)).toEqual([
    ['anchor', null],
    ['anchor', 0],
    ['anchor', 1],
  ]);
  // What is above says nothing of the ledger below.
  expect(entries.every(({ meta }) => meta.size === 0)).toBe(true);

  const first = `anchors/${anchors().sort()[0]}`;
  const verified = async (...args: string[]) => {
    const { exit, stderr } = await lower.place.inProcess(['anchor', ...args]);
    expect([exit, stderr], args.join(' ')).toEqual([0, '']);
  };
  await verified('receipt', 'paper.md', '--checkpoint', first);
  const genesis = ['--upper-genesis', `${home}/genesis.cbor`];
  await verified('verify', 'paper.md', '--upper', `${first}.tlog-proof`, ...genesis);
});

it('tries again at the next time where a ledger is away', async () => {
  const home = ['--upper-home', upper.place.path('.qifeng'), '--upper-node', 'http://127.0.0.1:1'];
  const command = ['anchor', 'schedule', SUBJECT, '--every', '1s', '--dir', 'anchors', ...home];
  child = spawn(process.execPath, [BIN, ...command], { cwd: lower.place.folder, env: {} });
  let said = '';
  child.stderr?.on('data', text => {
    said += text;
  });
  await vi.waitFor(() => expect(said).toContain('No anchor this time'), { timeout: 30_000, interval: 50 });
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(said).toContain('No node could be reached');
});

it('ends with what no later time would mend', async () => {
  const home = ['--upper-home', upper.place.path('.qifeng')];
  const run = (...args: string[]) =>
    lower.place.inProcess(['anchor', 'schedule', ...args, '--dir', 'a', ...home]);
  expect((await run(SUBJECT, '--every', 'often')).exit).toBe(2);
  expect((await run('province', '--every', '1s')).exit).toBe(2);
  expect((await run(SUBJECT, '--every', '1s', '--key', 'nobody')).exit).toBe(2);
});
