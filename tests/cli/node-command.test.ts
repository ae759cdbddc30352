import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../packages/node/src/cli/run.ts';
import type { Answer } from './harness.ts';

const HAN = /\p{Script=Han}/u;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-node-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string) => join(folder, name);

/** `qifeng-node` in this process. */
async function node(args: readonly string[], env: Record<string, string> = {}): Promise<Answer> {
  const written = { stdout: '', stderr: '' };
  const exit = await run(args, {
    stdout: text => {
      written.stdout += text;
    },
    stderr: text => {
      written.stderr += text;
    },
    env: { QIFENG_HOME: path('none'), ...env },
    columns: undefined,
    colour: { out: false, err: false },
  });
  return { exit, ...written };
}

describe('qifeng-node, a home whose keys are encrypted', () => {
  it('is made with a passphrase and opened by no other, with a code that says so', async () => {
    const home = path('locked');
    const env = { QIFENG_NODE_PASSPHRASE: 'a long passphrase' };
    expect((await node(['init', '--member', '110000', '--home', home, '--json'], env)).exit).toBe(0);
    const genesis = (given: Record<string, string>) =>
      node(
        [
          'genesis',
          'new',
          '--nodes',
          home,
          '--name',
          'n',
          '--origin',
          'o.example',
          '--out',
          path('locked.cbor'),
          '--json',
        ],
        given,
      );
    for (const [given, code] of [
      [{}, 'key-encrypted'],
      [{ QIFENG_NODE_PASSPHRASE: 'another' }, 'key-not-opened'],
    ] as const) {
      const refused = await genesis(given);
      expect([refused.exit, JSON.parse(refused.stdout).error.code]).toEqual([2, code]);
    }
    expect((await genesis(env)).exit).toBe(0);
    const start = await node(['start', '--home', home]);
    expect([start.exit, start.stderr]).toEqual([2, expect.stringContaining('QIFENG_NODE_PASSPHRASE')]);
  });
});

describe('qifeng-node init without a passphrase and a terminal', () => {
  it('makes plain keys and says so in either language, unless told that they are meant', async () => {
    const init = (name: string, ...more: readonly string[]) =>
      node(['init', '--member', '110000', '--home', path(name), ...more]);
    const [en, zh, meant] = [
      await init('plain-en'),
      await init('plain-zh', '--lang', 'zh', '--json'),
      await init('plain', '--no-passphrase'),
    ];
    expect([en.exit, zh.exit, meant.exit]).toEqual([0, 0, 0]);
    expect(en.stderr).toMatch(/^Warning: the keys in .*plain-en are not encrypted.*\n$/);
    expect(zh.stderr).toMatch(/^警告：.*plain-zh 的密钥未加密.*\n$/);
    expect(meant.stderr).toBe('');
    for (const name of ['plain-en', 'plain-zh', 'plain'])
      expect(readFileSync(join(path(name), 'keys', 'validator.pem'), 'utf8')).toContain('BEGIN PRIVATE KEY');
  });
});

describe('qifeng-node, help', () => {
  it.each([
    [[]],
    [['init']],
    [['genesis']],
    [['genesis', 'new']],
    [['genesis', 'sign']],
    [['genesis', 'show']],
    [['start']],
    [['cluster']],
    [['cluster', 'up']],
    [['cluster', 'down']],
    [['cluster', 'status']],
    [['cluster', 'stop']],
    [['cluster', 'start']],
    [['cluster', 'partition']],
    [['cluster', 'heal']],
    [['backup']],
    [['restore']],
    [['repair']],
    [['members', 'accuse']],
    [['check']],
  ])('of %j is in both languages', async args => {
    const en = await node([...args, '--help'], { LANG: 'C' });
    const zh = await node([...args, '--help'], { LANG: 'zh_CN.UTF-8' });
    expect([en.exit, zh.exit]).toEqual([0, 0]);
    expect(en.stdout).toMatch(/^Usage: qifeng-node /);
    expect(zh.stdout).toMatch(/^用法: qifeng-node /);
    expect(en.stdout.replaceAll('骑缝', '')).not.toMatch(HAN);
    expect(zh.stdout).not.toMatch(/Options|Arguments|Commands|\[options\]|\[command\]|default/);
    const explained = [...zh.stdout.matchAll(/^ {2}(?:-\w, )?(?:--)?\w.*? {2,}\S.*$/gm)];
    expect(explained.length).toBeGreaterThan(3);
    for (const [line] of explained) expect(line).toMatch(HAN);
  });

  it('takes --lang zh-CN over the locale, and refuses a language that it has not', async () => {
    expect((await node(['--help', '--lang', 'zh-CN'], { LC_ALL: 'en_US' })).stdout).toMatch(/^用法/);
    expect(await node(['--lang', 'fr', 'cluster', 'status'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('zh and en only'),
    });
  });

  it('knows its version', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../packages/node/package.json', import.meta.url), 'utf8'),
    );
    expect(await node(['--version'])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('qifeng-node, what it refuses', () => {
  it.each([
    ['an unknown command', ['strat'], 'unknown-command', 'start'],
    ['one below another', ['cluster', 'stats'], 'unknown-command', 'qifeng-node cluster --help'],
    ['an unknown option', ['cluster', 'status', '--jsno'], 'unknown-option', '--json'],
    ['a missing option', ['start'], 'missing-mandatory-option-value', 'qifeng-node start --help'],
    ['a missing argument', ['cluster', 'stop'], 'missing-argument', 'qifeng-node cluster stop --help'],
    ['no such member', ['init', '--member', '1', '--home', 'x'], 'no-member-unit', '110000'],
    ['no such port', ['init', '--member', '110000', '--home', 'x', '--p2p-port', 'y'], 'bad-port', '65535'],
    ['a network that is not there', ['cluster', 'status'], 'no-cluster', 'cluster up -n 4'],
    ['no number of nodes', ['cluster', 'up', '-n', 'four'], 'bad-count', '-n 4'],
    ['a home that is none', ['start', '--home', '/none'], 'no-node-home', 'qifeng-node init'],
    ['a genesis that is none', ['genesis', 'show', 'README.md'], 'bad-genesis', 'genesis.cbor'],
    ['a store without a genesis', ['check'], 'no-genesis', 'genesis new'],
    ['repair of what is no home', ['repair', '--home', '/none'], 'no-node-home', 'qifeng-node init'],
    ['partition of no network', ['cluster', 'partition', '1', '2'], 'no-cluster', 'cluster up -n 4'],
  ])('%s: 2, what and what next in both languages', async (_, args, code, next) => {
    const json = await node([...args, '--json']);
    expect([json.exit, json.stderr]).toEqual([2, '']);
    expect(JSON.parse(json.stdout).error).toMatchObject({ code, next: expect.stringContaining(next) });
    const zh = await node([...args, '--lang', 'zh']);
    expect([zh.exit, zh.stdout]).toEqual([2, '']);
    expect(zh.stderr).toMatch(/^qifeng-node: .*\p{Script=Han}.*。\n/u);
    expect(zh.stderr).toMatch(/^ {2}下一步 {2}.*\p{Script=Han}/mu);
    expect(zh.stderr).toContain(next);
  });
});

describe('qifeng-node init and genesis', () => {
  it('make a chain from homes, in either language or as JSON; a second time is refused', async () => {
    const made = await node(['init', '--member', '110000', '--home', path('bj'), '--lang', 'zh']);
    expect([made.exit, made.stdout]).toEqual([0, expect.stringMatching(/^✓ 北京市 110000 {2}.*bj\n/)]);
    const second = ['init', '--member', '310000', '--home', path('sh'), '--json'];
    const keys = JSON.parse((await node(second)).stdout);
    expect(keys).toMatchObject({
      member: '310000',
      validatorKey: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.parse((await node(second)).stdout).error.code).toBe('home-taken');
    const list = path('publishers.json');
    const genesis = (...more: readonly string[]) =>
      node(['genesis', 'new', '--nodes', path('bj'), path('sh'), '--out', path('g.cbor'), ...more, '--json']);
    for (const [text, code] of [
      ['{', 'bad-publishers'],
      ['[{"id": "1"}]', 'bad-publishers'],
      [publisher('00'), 'bad-publishers'],
      [publisher('00'.repeat(32)), 'genesis-flaw'],
    ] as const) {
      writeFileSync(list, text);
      expect(JSON.parse((await genesis('--publishers', list)).stdout).error.code).toBe(code);
    }
    expect(JSON.parse((await genesis('--origin', 'a b')).stdout).error.code).toBe('genesis-flaw');
    const chain = JSON.parse((await genesis()).stdout);
    expect(chain).toMatchObject({ validators: ['110000', '310000'], publishers: 0 });
    const signed = await node(['genesis', 'sign', '--home', path('sh'), '--genesis', path('g.cbor')]);
    expect([signed.exit, signed.stdout]).toEqual([0, expect.stringContaining(chain.genesis)]);
    const shown = JSON.parse((await node(['genesis', 'show', path('g.cbor')])).stdout);
    expect(shown).toMatchObject({ hash: chain.genesis, origin: chain.origin });
  });

  const publisher = (key: string) =>
    JSON.stringify([{ id: '91350100M000100Y43', name: 'x', home: '110000', roles: ['policy'], keys: [key] }]);
});

describe('qifeng-node cluster status', () => {
  let server: Server;
  let url: string;
  let code = '110000';
  beforeAll(async () => {
    const peers = [1, 2, 3].map(i => ({ connected: i === 1, final: 9 }));
    writeFileSync(path('genesis.cbor'), 'a genesis');
    const genesis = createHash('sha256').update('a genesis').digest('hex');
    const stands = { ready: false, height: 8, final: 7, view: 2, reason: 'other words', accused: [], peers };
    server = createServer((_, response) => response.end(JSON.stringify({ code, genesis, ...stands })));
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const nodes = [
      { member: '110000', pid: process.pid, url, home: folder },
      { member: '150000', pid: null, url: 'http://127.0.0.1:1', home: 'y' },
    ];
    writeFileSync(path('cluster.json'), JSON.stringify(nodes));
  });
  afterAll(() => new Promise<void>(done => server.close(() => done())));

  it('says why a node is not ready and that one is stopped, in columns that stand under one another', async () => {
    const en = await node(['cluster', 'status', '--home', folder]);
    expect([en.exit, en.stderr]).toEqual([0, '']);
    const pid = `pid ${process.pid}`;
    const wide = Math.max(url.length, 'http://127.0.0.1:1'.length);
    expect(en.stdout.split('\n')).toEqual([
      `1  110000  Beijing         ${url.padEnd(wide)}  ${pid}  connected to 1 other validator, a quorum needs 2  block 8, final 7, view 2`,
      `2  150000  Inner Mongolia  ${'http://127.0.0.1:1'.padEnd(wide)}  ${' '.repeat(pid.length)}  stopped`,
      '',
    ]);
    const zh = (await node(['cluster', 'status', '--home', folder, '--lang', 'zh'])).stdout;
    expect(zh.split('\n').slice(0, 2)).toEqual([
      `1  110000  北京市        ${url.padEnd(wide)}  ${pid}  已连接 1 个其他验证节点，法定数量还需 2 个  区块 8，最终确认 7，视图 2`,
      `2  150000  内蒙古自治区  ${'http://127.0.0.1:1'.padEnd(wide)}  ${' '.repeat(pid.length)}  已停止`,
    ]);
  });

  it('is one JSON value with --json', async () => {
    const { stdout } = await node(['cluster', 'status', '--home', folder, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ alive: true, answer: { height: 8 } }, { answer: null }]);
  });

  it('takes what another node says at that address for no answer', async () => {
    code = '120000';
    const { stdout } = await node(['cluster', 'status', '--home', folder, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ alive: true, answer: null }, { answer: null }]);
  });
});

it('a long answer reaches a slow reader of a pipe whole', async () => {
  const home = path('many');
  mkdirSync(home);
  const node = { member: '110000', pid: null, url: 'http://127.0.0.1:1', home: 'x'.repeat(1_000) };
  writeFileSync(join(home, 'cluster.json'), JSON.stringify(Array.from({ length: 500 }, () => node)));
  const bin = fileURLToPath(new URL('../../packages/node/bin/qifeng-node.js', import.meta.url));
  const child = spawn(process.execPath, [bin, 'cluster', 'status', '--json', '--home', home]);
  // Longer than it takes to write: what a pipe does not hold must wait for us.
  await new Promise(resolve => setTimeout(resolve, 1_000));
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  expect(JSON.parse(text)).toHaveLength(500);
});
