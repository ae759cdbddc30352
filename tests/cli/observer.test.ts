import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Chain, readGenesis } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf, readProposals } from '../../packages/node/src/cli/members/proposal.ts';
import { run } from '../../packages/node/src/cli/run.ts';
import { unwrap } from '../fixtures/builder.ts';

const COURT = '11430000006122244L';
const CARRIER = '91350100M000100Y43';
let folder: string;
let server: Server;
let chain: Chain;
let url: string;
const path = (name: string): string => join(folder, name);

/** `qifeng-node` in this process; what it wrote, read as JSON if it was asked for that. */
async function node(...args: readonly string[]) {
  let out = '';
  const write = (text: string): void => {
    out += text;
  };
  const exit = await run(args, {
    stdout: write,
    stderr: write,
    env: { QIFENG_HOME: path('none') },
    columns: undefined,
    colour: { out: false, err: false },
  });
  return { exit, out, json: args.includes('--json') ? JSON.parse(out) : null };
}

const follows = (home: string, ...more: readonly string[]) =>
  node('observer', '--home', path(home), '--genesis', path('g'), '--out', path(`${home}.request`), ...more);
const propose = (...what: readonly string[]) =>
  node('members', 'propose', '--node', url, '--genesis', path('g'), '--out', path('p'), '--json', ...what);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-observer-'));
  for (const [home, code] of Object.entries({
    bj: '110000',
    sh: '310000',
    km: '530100',
    qj: '530300',
    ct: COURT,
  }))
    await node('init', '--member', code, '--home', path(home));
  await node('genesis', 'new', '--nodes', path('bj'), path('sh'), '--out', path('g'));
  chain = unwrap(readGenesis(new Uint8Array(readFileSync(path('g'))), nativeSuite));
  const members = chain.genesis.members.map(({ code, nameZh, nameEn, addresses }) => ({
    ...{ code, nameZh, nameEn, addresses, validator: true, key: null, logKey: null, p2pKey: null },
  }));
  const observers = [{ code: '530100', name: '昆明', p2pKey: '00'.repeat(32), addresses: [] }];
  const answer = JSON.stringify({ epoch: 0, quorum: 2, members, observers, removal: 41 });
  server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const home of ['km', 'qj', 'ct', 'sh']) await follows(home);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('qifeng-node, for observers', () => {
  it('makes homes for codes of cities, courts and members, and for no other', async () => {
    const made = await node('init', '--member', '532901', '--home', path('dali'));
    expect([made.exit, made.out]).toEqual([0, expect.stringContaining('qifeng-node observer')]);
    for (const code of ['990000', '53010', '11430000006122244X']) {
      const { json } = await node('init', '--member', code, '--home', path('no'), '--json');
      expect(json.error.code).toBe('no-member-unit');
    }
  });

  it('asks to follow a chain whose genesis does not name it, by a name for people', async () => {
    const { json } = await follows(
      'ct',
      '--name',
      '法院（演示）',
      '--address',
      '/dns4/c.example/tcp/1',
      '--json',
    );
    expect(json).toMatchObject({ member: COURT, addresses: ['/dns4/c.example/tcp/1'] });
    const shown = await propose('--admit', path('ct.request'), '--carrier', CARRIER);
    expect(shown.json).toMatchObject({ action: 'change-observers', admits: [COURT], removes: [] });
    const { out } = await node('members', 'show', path('p'), '--node', url, '--genesis', path('g'));
    expect(out).toContain(`${COURT} 法院（演示）`);
  });

  it('never asks to vote, nor is it of a genesis', async () => {
    const joins = await node('join', '--home', path('km'), '--out', path('j'), '--json');
    expect(joins.json.error.code).toBe('no-member-here');
    const founds = await node(
      'genesis',
      'new',
      '--nodes',
      path('bj'),
      path('km'),
      '--out',
      path('g2'),
      '--json',
    );
    expect([founds.exit, founds.json.error.code]).toEqual([2, 'genesis-flaw']);
    const votes = await propose('--add', path('km.request'));
    expect(votes.json.error.code).toBe('bad-request');
  });

  it('is admitted with others and removed in one proposal, which names the last removal', async () => {
    const what = ['--admit', path('qj.request'), path('ct.request'), '--remove', '530100'];
    const { json } = await propose(...what, '--carrier', CARRIER);
    expect(json).toMatchObject({
      action: 'change-observers',
      admits: [COURT, '530300'],
      removes: ['530100'],
    });
    expect(contentOf(readProposals(path('p'), chain)[0]!).change).toMatchObject({
      after: 41,
      carrier: CARRIER,
    });
    expect((await propose(...what)).json.error.code).toBe('no-carrier');
    const { out } = await node(
      'members',
      'show',
      path('p'),
      '--node',
      url,
      '--genesis',
      path('g'),
      '--lang',
      'zh',
    );
    expect(out).toMatch(/不再跟随 +530100 昆明/);
  });

  it.each([
    ['members and observers', () => ['--admit', path('sh.request'), path('km.request')]],
    ['observers and a vote', () => ['--admit', path('km.request'), '--remove', '310000']],
    ['an observer and a vote that go', () => ['--remove', '530100', '310000']],
  ])('is not in one proposal with others: %s', async (_, what) => {
    const { exit, json } = await propose(...what(), '--carrier', CARRIER);
    expect([exit, json.error.code]).toEqual([2, 'what-change']);
  });
});
