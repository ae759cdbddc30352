import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { profileFromJson } from '@qifeng/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER, testGenesis, unwrap } from '../fixtures/builder.ts';
import { fixtureGenesis } from '../fixtures/make-fixture.ts';
import { changeLine, Workplace } from './harness.ts';
import { Publisher } from './publisher.ts';

const GENESIS = ['--genesis', 'genesis.cbor'];

describe('qifeng report, of the committed fixture', () => {
  let place: Workplace;
  beforeAll(() => {
    place = new Workplace();
  });
  afterAll(() => place.remove());
  const report = (file: string, out: string, ...more: string[]) =>
    place.inProcess(['report', file, '--out', out, ...GENESIS, ...more]);
  const page = (name: string) => readFileSync(place.path(name), 'utf8');

  it('writes it by the receipt and the genesis alone, in Chinese unless told otherwise', async () => {
    const { exit, stdout, stderr } = await place.spawned([
      ...['report', 'notice.md', '--out', 'report.html', ...GENESIS, '--offline'],
    ]);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✓ notice\.md {2}report written: report\.html\n/);
    const text = page('report.html');
    for (const said of [
      '<html lang="zh-CN">',
      '核验通过',
      'sha256:ee81235d4a6ce7fbcc49b7cb7dab845a5f2f3fe25f8af433e736f79c41563925',
      'sha256:6f9bb8ef7b06a455d55b84f2487cc8c13793fd4e74fbfa3ee46cc6303775bf80',
      '演示发布机构 (11100000000013338W)',
      '98 字节',
      '第 7 步',
      '没有任何记载',
      '未采用国密算法',
      '报告在离线状态下作出',
      '2020-09-13T20:26:42+08:00',
      'sha256sum notice.md',
      '<svg ',
    ])
      expect(text).toContain(said);
    expect(text).not.toContain(place.folder);
    const [, pre = ''] = /<pre>(<span>c2sp[\s\S]*?)<\/pre>/.exec(text) ?? [];
    expect(`${pre.replace(/<\/?span>/g, '')}\n`).toBe(page('notice.md.tlog-proof'));
    expect((await report('notice.md', 'english.html', '--lang', 'en')).exit).toBe(0);
    expect(page('english.html')).toContain('Verification report');
  });

  it('does not write over a file unless told', async () => {
    writeFileSync(place.path('kept.html'), 'kept');
    const { exit, stderr } = await report('notice.md', 'kept.html');
    expect([exit, stderr, page('kept.html')]).toEqual([2, expect.stringContaining('--force'), 'kept']);
    const forced = await report('notice.md', 'kept.html', '--force', '--json');
    expect(JSON.parse(forced.stdout)).toMatchObject({
      report: 'kept.html',
      index: 1,
      standingReason: 'no-node',
    });
    expect(page('kept.html')).toContain('核验通过');
  });

  it('writes none where anything does not verify, and leaves what is there', async () => {
    const bytes = readFileSync(place.path('notice.md'));
    bytes[5]! ^= 1;
    writeFileSync(place.path('changed.md'), bytes);
    writeFileSync(place.path('another.cbor'), fixtureGenesis('another'));
    writeFileSync(place.path('line.tlog-proof'), changeLine(page('notice.md.tlog-proof'), 9, 20));
    writeFileSync(place.path('old.html'), 'old');
    for (const [file, code, ...more] of [
      ['changed.md', 'the file', '--receipt', 'notice.md.tlog-proof'],
      ['notice.md', '', '--receipt', 'line.tlog-proof'],
      ['notice.md', 'chain', '--genesis', 'another.cbor'],
    ] as const) {
      const { exit, stderr } = await report(file, 'none.html', ...more);
      expect([exit, stderr]).toEqual([1, expect.stringContaining('no report was written')]);
      expect(stderr).toContain(code);
      expect((await report(file, 'old.html', '--force', ...more)).exit).toBe(1);
    }
    expect([existsSync(place.path('none.html')), page('old.html')]).toEqual([false, 'old']);
  });

  it.each([
    ['a file', 'none.md', [], 'no file none.md'],
    ['a receipt', 'policy.txt', [], 'no receipt policy.txt.tlog-proof'],
    ['a proof', 'notice.md', ['--status-proof', 'none.status-proof'], 'no file none.status-proof'],
  ])('%s that is missing is 2', async (_, file, more, said) => {
    const { exit, stderr } = await report(file, 'missing.html', ...more);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(existsSync(place.path('missing.html'))).toBe(false);
  });
});

describe('qifeng report, with a node', () => {
  let us: Publisher;
  beforeEach(async () => {
    us = await Publisher.make();
    us.write('second.md');
    const origin = {
      method: '网页快照',
      tool: '演示工具',
      operator: '演示操作者',
      capturedAt: 0,
      earlier: null,
    };
    writeFileSync(us.place.path('origin.json'), JSON.stringify(origin));
    await done('stamp', 'paper.md', '--subject', 'S 1', '--meta', 'title=甲', '--meta', 'made=2026-01-02');
    await done('act', SUBJECT, 'amend', 'second.md', '--origin', 'origin.json');
  });
  afterEach(() => us.remove());

  const SUBJECT = `policy/${PUBLISHER}/S%201`;
  const run = (...args: string[]) => us.place.inProcess(args);
  const done = async (...args: string[]) => {
    const { exit, stdout, stderr } = await run(...args);
    expect([exit, stderr]).toEqual([0, '']);
    return stdout;
  };
  const page = () => readFileSync(us.place.path('r.html'), 'utf8');

  it('holds the standing and the whole history, both proven', async () => {
    const said = JSON.parse(await done('report', 'paper.md', '--out', 'r.html', '--json'));
    expect(said).toMatchObject({
      index: 0,
      records: 2,
      complete: true,
      standing: { current: false, head: 1 },
    });
    for (const text of [
      '共 2 条，列出 2 条',
      '1 （本记录）',
      '不是现行文本，见第 1 号记录',
      '2026-01-02',
      '甲',
    ])
      expect(page()).toContain(text);
    expect(page()).toContain('没有任何记载');
    await done('report', 'second.md', '--out', 'r.html', '--force');
    for (const text of ['演示操作者', '演示工具', '1970-01-01T08:00:00+08:00', '所核验文件即现行文本'])
      expect(page()).toContain(text);
    expect(page()).not.toContain('没有任何记载');
  });

  it('finds the origin that another record of the same file states', async () => {
    const again = `policy/${PUBLISHER}/S2`;
    us.write('page.md');
    await done('stamp', 'page.md', '--subject', 'S2');
    await done('act', again, 'amend', 'page.md', '--origin', 'origin.json', '--receipts', 'with');
    await done('act', again, 'amend', 'page.md', '--receipts', 'later');
    await done('report', 'page.md', '--out', 'r.html');
    expect(page()).toContain('第 3 号存证记录载有文件来源');
    expect(page()).not.toContain('没有任何记载');
    await done('report', 'page.md', '--out', 'r.html', '--force', '--offline');
    expect(page()).toContain('没有任何记载。 该标的的其他记录未予查阅');
  });

  it('takes the standing from a proof in a file, and no report from one that is not of the record', async () => {
    await done('status', 'paper.md', '--save');
    us.write('other.md');
    await done('stamp', 'other.md');
    await us.server.stop();
    const proof = ['--status-proof', 'paper.md.status-proof'];
    await done('report', 'paper.md', '--out', 'r.html', ...proof);
    expect(page()).toContain('效力证明已核验');
    expect(page()).toContain('未查询历史');
    const { exit, stderr } = await run('report', 'other.md', '--out', 'other.html', ...proof);
    expect([exit, stderr]).toEqual([1, expect.stringContaining('no report was written')]);
    expect(existsSync(us.place.path('other.html'))).toBe(false);
  });

  it('says what it does not know where no node answers', async () => {
    await us.server.stop();
    await done('report', 'paper.md', '--out', 'r.html');
    expect(page()).toContain('本报告不说明该文件目前是否有效');
    expect(page()).toContain('没有节点给出证明');
  });

  it('is of a record without a file by its receipt alone, and says that no file was examined', async () => {
    await done('act', SUBJECT, 'repeal', '--receipts', 'kept');
    const receipt = 'kept/S%201.repeal.tlog-proof';
    const said = JSON.parse(await done('report', receipt, '--out', 'r.html', '--json'));
    expect(said).toMatchObject({ file: null, examined: 'record', digest: null, index: 2, records: 3 });
    for (const text of [
      '未核验任何文件',
      '第 6 步',
      '即该标的的最后一条记录',
      '该记录不涉及文件',
      'qifeng info &#39;S%201.repeal.tlog-proof&#39; --genesis genesis.cbor',
    ])
      expect(page()).toContain(text);
    for (const text of ['第 7 步', '所核验文件', 'sha256sum FILE']) expect(page()).not.toContain(text);
    await done('report', 'paper.md.tlog-proof', '--out', 'r.html', '--force', '--offline', '--lang', 'en');
    for (const text of ['No file was examined', 'sha256sum FILE', 'digest in the record'])
      expect(page()).toContain(text);
    writeFileSync(
      us.place.path('bad.tlog-proof'),
      changeLine(readFileSync(us.place.path(receipt), 'utf8'), 9, 20),
    );
    const bad = await run('report', 'bad.tlog-proof', '--out', 'bad.html');
    expect([bad.exit, existsSync(us.place.path('bad.html'))]).toEqual([1, false]);
  });

  it('is of a digest, whose receipt a node gives, or a file; of several records the one that is named', async () => {
    const { stdout } = await run('status', 'paper.md', '--json');
    const digest = JSON.parse(stdout).asked as string;
    const said = JSON.parse(await done('report', digest, '--out', 'r.html', '--json'));
    expect(said).toMatchObject({ file: null, examined: 'digest', index: 0 });
    for (const text of ['所给摘要即', '仅给出摘要', '该摘要的文件不是现行文本', 'sha256sum FILE'])
      expect(page()).toContain(text);
    await done(
      'report',
      digest,
      '--receipt',
      'paper.md.tlog-proof',
      '--out',
      'r.html',
      '--force',
      '--offline',
    );
    const other = await run('report', digest, '--receipt', 'second.md.tlog-proof', '--out', 'o.html');
    expect([other.exit, existsSync(us.place.path('o.html'))]).toEqual([1, false]);
    await done('stamp', 'paper.md', '--subject', 'S 2', '--receipts', 'twice');
    const several = await run('report', digest, '--out', 'o.html');
    expect([several.exit, several.stderr]).toEqual([2, expect.stringContaining('0 2')]);
    await done('report', digest, '--index', '2', '--out', 'o.html');
    for (const [index, code] of [
      ['1', 'not of this digest'],
      ['x', 'not a log index'],
    ] as const) {
      const wrong = await run('report', digest, '--index', index, '--out', 'r.html', '--force');
      expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringContaining(code)]);
    }
    const unknown = await run('report', `sha256:${'0'.repeat(64)}`, '--out', 'u.html');
    expect([unknown.exit, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('no public record of this digest'),
    ]);
  });

  it('is of a subject: its last record, or the one of its records that is named', async () => {
    const said = JSON.parse(await done('report', SUBJECT, '--out', 'r.html', '--json'));
    expect(said).toMatchObject({ file: null, examined: 'record', index: 1, records: 2, complete: true });
    for (const text of ['未核验任何文件', '共 2 条']) expect(page()).toContain(text);
    const first = JSON.parse(await done('report', SUBJECT, '--index', '0', '--out', 'o.html', '--json'));
    expect(first).toMatchObject({ index: 0, standing: { head: 1 } });
    await done('report', SUBJECT, '--receipt', 'second.md.tlog-proof', '--out', 's.html', '--offline');
    await done('stamp', 'paper.md', '--subject', 'S2', '--receipts', 'twice');
    for (const [args, exit, text] of [
      [[SUBJECT, '--index', '2'], 2, 'not of this subject; there are: 0 1'],
      [[`policy/${PUBLISHER}/none`], 2, 'no record of this subject'],
      [[SUBJECT, '--receipt', 'twice/paper.md.tlog-proof', '--offline'], 1, 'record 2 is of'],
    ] as const) {
      const wrong = await run('report', ...args, '--out', 'w.html');
      expect([wrong.exit, wrong.stderr]).toEqual([exit, expect.stringContaining(text)]);
    }
    us.ledger.receipt = () => readFileSync(us.place.path('twice/paper.md.tlog-proof'), 'utf8');
    const lying = await run('report', SUBJECT, '--out', 'w.html');
    expect([lying.exit, existsSync(us.place.path('w.html'))]).toEqual([1, false]);
  });

  it('is not written on a history that leaves records out', async () => {
    const where = us.ledger.where.bind(us.ledger);
    us.ledger.where = test => where(test).slice(0, 1);
    const { exit, stderr } = await run('report', 'paper.md', '--out', 'r.html');
    expect([exit, stderr]).toEqual([1, expect.stringContaining('contradict the proofs')]);
    expect(existsSync(us.place.path('r.html'))).toBe(false);
    await done('report', 'paper.md', '--out', 'r.html', '--offline');
  });
});

describe('qifeng report, of a sealed record', () => {
  it('shows what the receipt opens, names what it does not, and says so', async () => {
    const json = readFileSync(new URL('../../seeds/profiles/certificate.json', import.meta.url), 'utf8');
    const us = await Publisher.make({ ...testGenesis(), profiles: [unwrap(profileFromJson(json))] });
    try {
      const fields = ['holder=演示企业', 'title=营业执照'].flatMap(field => ['--meta', field]);
      const issue = ['--profile', 'certificate', '--action', 'issue', '--subject', 'S'];
      expect((await us.place.inProcess(['stamp', 'paper.md', ...issue, ...fields])).exit).toBe(0);
      const less = ['--disclose', 'digest,title', '--out', 'shown'];
      expect((await us.place.inProcess(['present', 'paper.md.tlog-proof', ...less])).stderr).toBe('');
      const told = await us.place.inProcess(['report', 'paper.md', '--receipt', 'shown', '--out', 'r.html']);
      expect([told.exit, told.stderr]).toEqual([0, '']);
      const page = readFileSync(us.place.path('r.html'), 'utf8');
      for (const text of [
        '营业执照',
        '记录中的加盐摘要',
        '<td>持证主体',
        '该记录为密封记录',
        'sha256sum paper.md',
      ])
        expect(page).toContain(text);
      expect(page).not.toContain('演示企业');
    } finally {
      await us.remove();
    }
  });
});
