import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from './harness.ts';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

const GENESIS = ['--genesis', 'genesis.cbor'];
const HAN = /\p{Script=Han}/u;
const DIGEST = 'ee81235d4a6ce7fbcc49b7cb7dab845a5f2f3fe25f8af433e736f79c41563925';

describe('--json', () => {
  it('of a verified file has its stable keys, bytes in hex, times in ms', async () => {
    const { exit, stdout } = await place.spawned(['verify', 'notice.md', ...GENESIS, '--offline', '--json']);
    const report = JSON.parse(stdout);
    expect(exit).toBe(0);
    expect(report).toMatchObject({
      file: 'notice.md',
      receipt: 'notice.md.tlog-proof',
      verified: true,
      code: 'verified',
      detail: null,
      chain: { name: 'Qifeng fixture', genesis: expect.stringMatching(/^[0-9a-f]{64}$/) },
      index: 1,
      recordedAt: 1_600_000_002_000,
      existedNoLaterThan: 1_600_000_004_000,
      record: {
        height: 1,
        publisher: { id: '11100000000013338W', name: '演示发布机构' },
        subject: { issuer: '11100000000013338W', id: '2' },
        digest: { alg: 'sha256', hash: DIGEST },
        meta: { title: '文件2' },
      },
      checkpoint: { size: 3, height: 1, epoch: 0 },
      assumptions: ['no-quorum-of-validator-keys-stolen'],
      standing: null,
      standingReason: 'offline',
    });
    expect(report.cosigners[0]).toEqual({
      code: '110000',
      nameZh: '北京市',
      nameEn: 'Beijing',
      time: 1_600_000_003_000,
    });
  });

  it('of several files is an array whose objects all have the same keys', async () => {
    const { exit, stdout } = await place.inProcess(['verify', 'notice.md', 'none.md', ...GENESIS, '--json']);
    const [good, missing] = JSON.parse(stdout);
    expect(exit).toBe(2);
    expect(Object.keys(missing)).toEqual(Object.keys(good));
    expect(missing).toMatchObject({ verified: false, code: 'file-missing', record: null, index: null });
  });

  it('of an error is an object with its code and nothing on stderr', async () => {
    const { exit, stdout, stderr } = await place.inProcess(['verify', 'notice.md', '--jsn', '--json']);
    expect([exit, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unknown-option', next: expect.any(String) } });
  });

  it('of info tells each step, verified only where a genesis is known', async () => {
    const args = ['info', 'notice.md.tlog-proof', '--json'];
    const known = JSON.parse((await place.inProcess([...args, ...GENESIS])).stdout);
    expect(known).toMatchObject({
      verified: true,
      code: null,
      index: 1,
      leaf: { entry: { action: 'publish' } },
    });
    expect(known.signatures.map((line: { member: string }) => line.member)).toEqual([
      '110000',
      '110000',
      '120000',
      '130000',
    ]);
    expect(Object.values(known.faults)).toEqual(Array(6).fill(null));
    const unknown = JSON.parse((await place.inProcess(args)).stdout);
    expect(unknown).toMatchObject({ verified: null, faults: null, chain: null });
    expect(Object.keys(unknown)).toEqual(Object.keys(known));
  });
});

describe('language', () => {
  it('is Chinese with --lang zh, and for every locale that begins with zh', async () => {
    const { stdout } = await place.spawned(['verify', 'notice.md', ...GENESIS, '--lang', 'zh']);
    for (const said of ['已验证', '发布机构', '标的', '区块高度 1', '省级联署', '北京市 110000'])
      expect(stdout).toContain(said);
    const by = async (env: Record<string, string>) =>
      (await place.inProcess(['verify', 'notice.md', ...GENESIS], env)).stdout.includes('已验证');
    expect(await by({ LANG: 'zh_CN.UTF-8' })).toBe(true);
    expect(await by({ LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' })).toBe(false);
    expect(await by({ LC_MESSAGES: 'zh_TW', LANG: 'C' })).toBe(true);
  });

  it.each([
    [['--help']],
    [['stamp', '--help']],
    [['act', '--help']],
    [['verify', '--help']],
    [['info', '--help']],
    [['history', '--help']],
    [['watch', '--help']],
    [['policy', '--help']],
    [['keys', '--help']],
    [['keys', 'new', '--help']],
  ])('help of %j is in both', async args => {
    const en = await place.inProcess([...args, '--lang', 'en']);
    const zh = await place.inProcess([...args, '--lang', 'zh']);
    expect([en.exit, zh.exit]).toEqual([0, 0]);
    expect(en.stdout).toMatch(/^Usage: qifeng /);
    expect(zh.stdout).toMatch(/^用法: qifeng /);
    expect(en.stdout.replaceAll('骑缝', '')).not.toMatch(HAN);
    expect(zh.stdout).not.toMatch(/Options:|Arguments:|Commands:|\[options\]/);
    // Every line that explains an option or a command does so in Chinese.
    for (const [line] of zh.stdout.matchAll(/^ {2}(?:-\w, )?(?:--)?\w.*? {2,}\S.*$/gm))
      expect(line).toMatch(HAN);
  });

  it('puts values under one another: a Chinese character takes two columns', async () => {
    const { stdout } = await place.inProcess([
      'verify',
      'notice.md',
      ...GENESIS,
      '--lang',
      'zh',
      '--offline',
    ]);
    const labels = [...stdout.matchAll(/^ {4}(\p{Script=Han}+)( +)\S/gmu)].map(([, label, gap]) => [
      label!.length,
      2 * label!.length + gap!.length,
    ]);
    expect(new Set(labels.map(([length]) => length)).size).toBeGreaterThan(1);
    expect(new Set(labels.map(([, column]) => column)).size).toBe(1);
  });

  it('breaks the lines of a help text where the terminal ends, also between Chinese characters', async () => {
    for (const lang of ['zh', 'en']) {
      const { stdout } = await place.inProcess(['stamp', '--help', '--lang', lang], {}, 60);
      const [texts] = stdout.split(/^(?:Examples:|示例：)$/m);
      for (const line of texts!.split('\n')) {
        expect(line.replace(/[\p{Script=Han}，。；：（）、]/gu, '  ').length).toBeLessThanOrEqual(60);
        expect(line).not.toMatch(/^ *[，。；：）、]/);
      }
    }
  });

  it('of errors is the one asked for', async () => {
    const { stderr } = await place.inProcess(['verify', '--lang', 'zh']);
    expect(stderr).toContain('缺少参数 <file>');
    expect(stderr).toContain('qifeng verify --help');
  });
});

describe('usage', () => {
  it.each([
    ['an unknown option', ['verify', 'notice.md', '--ofline'], '--offline'],
    ['an unknown command', ['verfy'], 'verify'],
    ['a missing option', ['keys', 'new', '--lang', 'zh'], '缺少选项 --publisher <uscc>'],
    ['an error below a command', ['keys', 'new', '--publsher', 'x'], 'qifeng keys new --help'],
    ['no file', ['verify'], '<file>'],
    ['an option without its value', ['verify', 'notice.md', '--genesis'], '--genesis'],
    ['a duration without unit', ['verify', 'notice.md', '--max-age', '10'], '30s'],
    ['a language that we have not', ['verify', 'notice.md', '--lang', 'fr'], 'zh and en'],
    ['a node that is no URL', ['verify', 'notice.md', '--node', 'localhost'], 'http://127.0.0.1:8101'],
    ['one receipt for two files', ['verify', 'a', 'b', '--receipt', 'c'], 'one by one'],
    ['no command at all', [], 'Commands:'],
  ])('%s is 2 with a hint', async (_, args, hint) => {
    const { exit, stdout, stderr } = await place.inProcess(args);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(hint);
  });

  it.each(['qifeng', 'qifeng-node'])('%s takes no harm from a reader that has enough', async name => {
    const bin = fileURLToPath(
      new URL(`../../packages/${name === 'qifeng' ? 'client' : 'node'}/bin/${name}.js`, import.meta.url),
    );
    const line = `set -o pipefail; "$0" "${bin}" --help | true`;
    const { status, stderr } = spawnSync('bash', ['--norc', '-c', line, process.execPath], { env: {} });
    expect([status, stderr.toString()]).toEqual([0, '']);
  });

  it.each(['client/bin/qifeng.js', 'node/bin/qifeng-node.js'])('%s says so where Node is too old', name => {
    const bin = fileURLToPath(new URL(`../../packages/${name}`, import.meta.url));
    const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"24.18.9"})';
    const { status, stderr } = spawnSync(process.execPath, ['--import', old, bin, '--help']);
    expect([status, stderr.toString()]).toEqual([2, expect.stringContaining('npx qifeng')]);
  });

  it('an unknown option ends the process with 2', async () => {
    expect((await place.spawned(['verify', 'notice.md', '--ofline'])).exit).toBe(2);
  });

  it('what a file is called cannot write over the terminal', async () => {
    const name = 'a\u001b[2J\u202e.md';
    writeFileSync(place.path(name), '');
    const { stdout } = await place.inProcess(['verify', name, ...GENESIS]);
    expect(stdout).toContain('a\\u{1b}[2J\\u{202e}.md');
    for (const raw of ['\u001b', '\u202e']) expect(stdout).not.toContain(raw);
  });

  it('a cluster.json in the home is a node that is known', async () => {
    const cluster = (text: string) => writeFileSync(place.path('cluster.json'), text);
    cluster('[{"member":"110000","pid":1,"url":"http://127.0.0.1:1","home":"x"}]');
    const { stdout } = await place.inProcess(['verify', 'notice.md', '--home', '.', '--json']);
    expect(JSON.parse(stdout).standingReason).toBe('no-answer');
    cluster('{}');
    expect((await place.inProcess(['verify', 'notice.md', '--home', '.'])).exit).toBe(2);
  });
});
