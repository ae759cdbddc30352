import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { decode, encode, statusProofCodec } from '@qifeng/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER, unwrap } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

let us: Publisher;
const run = (...args: string[]) => us.place.inProcess(args);
beforeEach(async () => {
  us = await Publisher.make();
  us.write('second.md');
  expect((await run('stamp', 'paper.md', '--meta', 'number=A')).exit).toBe(0);
});
afterEach(() => us.remove());

const SUBJECT = `policy/${PUBLISHER}/A`;
const OTHER = `policy/${PUBLISHER}/B`;
const offline = ['--node', 'http://127.0.0.1:1'];
describe('qifeng status', () => {
  it('of a file, its digest and its subject: in force, proven', async () => {
    const byFile = await us.place.spawned(['status', 'paper.md']);
    expect([byFile.exit, byFile.stderr]).toEqual([0, '']);
    expect(byFile.stdout).toMatch(/^✓ paper\.md {2}Recorded once\n/);
    expect(byFile.stdout).toMatch(/^✓ policy\/\S+\/A {2}In force\n/m);
    expect(byFile.stdout).toMatch(/standing +In force .*as of .*; proven, signed by 3 of 4 provinces/);
    const { stdout } = await run('status', 'paper.md', '--json');
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({
      file: 'paper.md',
      verdict: 'in-force',
      proven: true,
      source: 'node',
      digest: { first: 0, last: 0, count: 1 },
      asOf: { height: 1, size: 1 },
      subjects: [{ profile: 'policy', id: 'A', verdict: 'in-force', inForce: true, head: 0, version: 1 }],
    });
    const byDigest = JSON.parse((await run('status', said.asked, '--json')).stdout);
    expect(byDigest).toEqual({ ...said, file: null });
    const bySubject = JSON.parse((await run('status', SUBJECT, '--json')).stdout);
    expect(bySubject.subjects).toEqual([{ ...said.subjects[0], role: null, current: null }]);
    expect(said.subjects[0].current).toBe(true);
    expect((await run('status', SUBJECT, '--lang', 'zh')).stdout).toMatch(
      /有效.*已证明，4 个省级节点中 3 个联署/,
    );
  });

  it('of a file of several subjects gives each its title, one of an earlier record too, and says how many stand how', async () => {
    const file = ['stamp', 'paper.md', '--receipts', 'kept', '--meta'];
    expect((await run(...file, 'title=乙通知', '--subject', 'B')).exit).toBe(0);
    expect((await run(...file, 'title=丙通知', '--subject', 'C', '--receipts', 'more')).exit).toBe(0);
    expect((await run('act', OTHER, 'repeal')).exit).toBe(0);
    const { stdout } = await run('status', 'paper.md', '--lang', 'zh');
    expect(stdout).toMatch(/^ {4}所涉标的 +3 \(.*有效 2.*\)$/m);
    expect(stdout).toMatch(/\/B {2}\S+\n {4}标题 +乙通知\n/);
    expect(stdout).toMatch(/\/C {2}\S+\n {4}标题 +丙通知\n/);
    const { subjects } = JSON.parse((await run('status', 'paper.md', '--json')).stdout);
    const told = subjects.map((one: { id: string; title: string }) => [one.id, one.title]).sort();
    expect(told).toEqual([
      ['A', 'paper'],
      ['B', '乙通知'],
      ['C', '丙通知'],
    ]);
    // A subject alone is told by its last record, which has no title here.
    const alone = JSON.parse((await run('status', OTHER, '--json')).stdout);
    expect(alone.subjects[0].title).toBeNull();
  });

  it('of an amended subject by its first file says that the text is another', async () => {
    const link = `amended-by=${SUBJECT}@0`;
    expect((await run('act', SUBJECT, 'amend', 'second.md', '--link', link)).exit).toBe(0);
    const { stdout } = await run('status', 'paper.md', '--json');
    expect(JSON.parse(stdout).subjects[0]).toMatchObject({
      current: false,
      by: [{ rel: 'amended-by', index: 0 }],
    });
    expect((await run('status', SUBJECT, '--lang', 'zh')).stdout).toMatch(/修改依据 +\S+（第 0 号记录）/);
    expect((await run('status', 'paper.md')).stdout).toContain(
      'present text of this subject is another file',
    );
    expect((await run('status', 'second.md')).stdout).not.toContain('another file');
    const [first, second] = await Promise.all(['paper.md', 'second.md'].map(f => run('verify', f)));
    expect(first!.stdout).toContain('this is not the present text: see record 1');
    expect(second!.stdout).not.toContain('present text');
  });

  it('--in-force takes nothing else: amended by its old file, repealed, never recorded, unproven', async () => {
    const refused = async (...args: string[]) => {
      const { exit, stdout } = await run(...args, '--in-force', '--json');
      return [exit, JSON.parse(stdout).code];
    };
    const proof = await run('status', SUBJECT, '--save');
    expect(proof.exit).toBe(0);
    expect((await run('status', 'paper.md', '--in-force')).exit).toBe(0);
    expect((await run('verify', 'paper.md', '--in-force')).exit).toBe(0);
    expect(await refused('verify', 'paper.md', '--offline')).toEqual([1, 'standing-unproven']);
    expect(await refused('status', OTHER)).toEqual([1, 'not-in-force']);
    expect(await refused('status', 'second.md')).toEqual([1, 'standing-unproven']);
    const publisher = await run('status', PUBLISHER, '--in-force');
    expect([publisher.exit, publisher.stderr]).toEqual([2, expect.stringContaining('active or suspended')]);
    expect((await run('act', SUBJECT, 'amend', 'second.md', '--link', `amended-by=${SUBJECT}@0`)).exit).toBe(
      0,
    );
    expect(await refused('verify', 'paper.md')).toEqual([1, 'not-in-force']);
    expect((await run('act', SUBJECT, 'repeal', '--link', `repealed-by=${SUBJECT}@1`)).exit).toBe(0);
    expect(await refused('verify', 'second.md')).toEqual([1, 'not-in-force']);
    const shown = await run('status', SUBJECT, '--in-force', '--lang', 'zh');
    expect([shown.exit, shown.stdout, shown.stderr]).toEqual([
      1,
      expect.stringContaining('废止'),
      expect.stringContaining('当前不具有效力'),
    ]);
  });

  it('of a repeal with a date to come: in force until next, repealed after it', async () => {
    expect((await run('act', SUBJECT, 'repeal', '--meta', 'expires=2999-12-31')).exit).toBe(0);
    const shown = await run('status', SUBJECT, '--in-force');
    expect([shown.exit, shown.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^✓ .* In force\n +standing +In force \(until 2999-12-31, then Repealed\), as of/,
      ),
    ]);
    expect((await run('status', SUBJECT, '--lang', 'zh')).stdout).toContain(
      '有效（至 2999-12-31，此后废止）',
    );
    expect((await run('verify', 'paper.md', '--in-force')).exit).toBe(0);
    expect(JSON.parse((await run('status', SUBJECT, '--json')).stdout).subjects[0]).toMatchObject({
      verdict: 'in-force',
      inForce: true,
      next: 'repealed',
      state: 'repealed',
    });
    const past = ['--meta', 'number=C', '--receipts', 'c'];
    expect((await run('stamp', 'second.md', ...past)).exit).toBe(0);
    const over = `policy/${PUBLISHER}/C`;
    expect((await run('act', over, 'repeal', '--meta', 'expires=2020-12-31')).exit).toBe(0);
    expect((await run('status', over, '--in-force', '--json')).stdout).toContain('"not-in-force"');
    expect((await run('status', over)).stdout).toMatch(/standing +Repealed \(repealed\), as of/);
  });

  it('of what was never recorded is an answer, proven', async () => {
    const said = JSON.parse((await run('status', 'second.md', '--json')).stdout);
    expect(said).toMatchObject({
      verdict: 'no-public-record',
      proven: true,
      digest: { count: 0 },
      subjects: [],
    });
    const byFile = await run('status', 'second.md', '--lang', 'zh');
    expect(byFile.stdout).toMatch(/^– second\.md {2}无公开存证记录\n/);
    expect(byFile.stdout).toContain('qifeng status second.md.tlog-proof');
    expect(byFile.stdout).not.toContain('从未');
    const { exit, stdout } = await run('status', OTHER, '--lang', 'zh');
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^– policy.* {2}从未上链\n/)]);
  });

  it('of a publisher says what the state holds of it', async () => {
    expect(JSON.parse((await run('status', PUBLISHER, '--json')).stdout)).toMatchObject({
      verdict: 'active',
      publisher: { status: 'active', seq: 1, head: 0 },
    });
    const { stdout } = await run('status', '11430000006122244L');
    expect(stdout).toMatch(/^– 11430000006122244L {2}Not enrolled\n/);
  });

  it('saves proofs that verify without a network, by file and by subject', async () => {
    for (const [x, name] of [
      ['paper.md', 'paper.md'],
      ['second.md', 'second.md'],
      [SUBJECT, 'A'],
      [PUBLISHER, PUBLISHER],
    ] as const) {
      const { stdout } = await run('status', x, '--save');
      expect(stdout).toContain(`proof: ${name}.status-proof`);
      const again = await run('status', x, '--status-proof', `${name}.status-proof`, '--json', ...offline);
      expect(again.exit, x).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject({ proven: true, source: 'file' });
    }
    const verify = ['verify', 'paper.md', '--status-proof', 'paper.md.status-proof', ...offline];
    const { exit, stdout } = await us.place.spawned(verify);
    expect([exit, stdout]).toEqual([
      0,
      expect.stringMatching(/verified\n[\s\S]*standing +In force .*proven/),
    ]);
    const [said] = [JSON.parse((await run(...verify, '--json')).stdout)];
    expect(said.standing).toMatchObject({ verdict: 'in-force', current: true, node: null, source: 'file' });
  });

  it('of an older text by the receipt beside it, and without one says what the proof can', async () => {
    const link = `amended-by=${SUBJECT}@0`;
    expect((await run('act', SUBJECT, 'amend', 'second.md', '--link', link)).exit).toBe(0);
    expect((await run('status', 'paper.md', '--save')).exit).toBe(0);
    const again = ['status', 'paper.md', '--status-proof', 'paper.md.status-proof', ...offline];
    const held = await run(...again, '--lang', 'zh');
    expect([held.exit, held.stderr]).toEqual([0, '']);
    expect(held.stdout).toContain('此文件为旧版文本');
    expect(JSON.parse((await run(...again, '--json')).stdout)).toMatchObject({
      record: { index: 0 },
      subjects: [{ current: false }],
    });
    rmSync(us.place.path('paper.md.tlog-proof'));
    const alone = await run(...again, '--lang', 'zh');
    expect([alone.exit, alone.stderr]).toEqual([1, expect.stringContaining('现行文本是另一文件')]);
    expect(alone.stderr).not.toContain('字节不同');
  });

  it('opens a proof by itself, and so does info, however old it is', async () => {
    expect((await run('status', SUBJECT, '--save')).exit).toBe(0);
    expect((await run('status', 'second.md', '--save')).exit).toBe(0);
    const alone = await run('status', 'A.status-proof', ...offline);
    expect([alone.exit, alone.stdout]).toEqual([0, expect.stringMatching(/^✓ policy\S+\/A {2}In force\n/)]);
    const info = await run('info', 'A.status-proof', '--json', ...offline);
    expect(JSON.parse(info.stdout)).toMatchObject({ asked: SUBJECT, verdict: 'in-force', source: 'file' });
    const absent = await run('info', 'second.md.status-proof', '--lang', 'zh');
    expect([absent.exit, absent.stdout]).toEqual([0, expect.stringContaining('无公开存证记录')]);
    writeFileSync(us.place.path('A.status-proof'), 'no proof');
    for (const command of ['status', 'info']) {
      const broken = await run(command, 'A.status-proof');
      expect([broken.exit, broken.stderr]).toEqual([1, expect.stringContaining('standing does not hold')]);
    }
  });

  it('tells of a code with a wrong check character what it is, and what it should be', async () => {
    const wrong = `${PUBLISHER.slice(0, -1)}${PUBLISHER.endsWith('0') ? '1' : '0'}`;
    for (const x of [wrong, `policy/${wrong}/A`])
      for (const command of ['status', 'history']) {
        const { exit, stderr } = await run(command, x);
        expect([exit, stderr]).toEqual([2, expect.stringContaining(`should be ${PUBLISHER.slice(-1)}`)]);
      }
    const chinese = await run('act', `policy/${wrong}/A`, 'repeal', '--lang', 'zh');
    expect([chinese.exit, chinese.stderr]).toEqual([2, expect.stringContaining('校验码')]);
    const other = await run('status', 'policy/x/A');
    expect([other.exit, other.stderr]).toEqual([2, expect.stringContaining('neither a file')]);
  });

  it('keeps the name of a subject inside the folder', async () => {
    expect((await run('status', `policy/${PUBLISHER}/..%2F..%2Fup`, '--save')).exit).toBe(0);
    expect(existsSync(us.place.path('_.._.._up.status-proof'))).toBe(true);
  });
});

describe('a proof of standing is refused', () => {
  const refused = async (...args: string[]) => {
    const { exit, stdout } = await run(...args, '--json');
    const said = JSON.parse(stdout);
    return [exit, said.code ?? said.error?.code];
  };

  it('about something else than was asked', async () => {
    expect((await run('status', 'second.md', '--save')).exit).toBe(0);
    expect((await run('status', SUBJECT, '--save')).exit).toBe(0);
    const [absent, present] = ['second.md.status-proof', 'A.status-proof'];
    expect(await refused('verify', 'paper.md', '--status-proof', absent)).toEqual([1, 'status-other-name']);
    expect(await refused('status', 'paper.md', '--status-proof', absent)).toEqual([1, 'status-other-name']);
    expect(await refused('status', OTHER, '--status-proof', present)).toEqual([1, 'status-other-name']);
    expect(await refused('status', 'second.md', '--status-proof', present)).toEqual([1, 'other-text']);
    expect(await refused('status', PUBLISHER, '--status-proof', present)).toEqual([1, 'status-other-name']);
  });

  it('of absence is refused by verify as what it is for its own file, which has no receipt', async () => {
    expect((await run('status', 'second.md', '--save')).exit).toBe(0);
    const absent = ['--status-proof', 'second.md.status-proof', ...offline] as const;
    expect(await refused('verify', 'second.md', ...absent)).toEqual([1, 'no-public-record']);
    const said = await run('verify', 'second.md', ...absent);
    expect(said.stdout).toMatch(/no public record carried sha256:[0-9a-f]{64} as of \d{4}-/);
    const chinese = await run('verify', 'second.md', ...absent, '--lang', 'zh');
    expect(chinese.stdout).toContain('经证明，没有公开的存证记录载有此文件的这一摘要');
    writeFileSync(us.place.path('third.md'), 'another text\n');
    expect(await refused('verify', 'third.md', ...absent)).toEqual([1, 'status-other-name']);
    writeFileSync(us.place.path('cut.status-proof'), 'no proof');
    const cut = ['--status-proof', 'cut.status-proof'] as const;
    expect(await refused('verify', 'second.md', ...cut)).toEqual([1, 'status-malformed']);
    // A proof about a subject says nothing of a file without a receipt.
    expect((await run('status', SUBJECT, '--save')).exit).toBe(0);
    const subject = ['--status-proof', 'A.status-proof'] as const;
    expect(await refused('verify', 'second.md', ...subject)).toEqual([2, 'receipt-missing']);
  });

  it('with a part changed, cut, or of absence for what is there', async () => {
    expect((await run('status', SUBJECT, '--save')).exit).toBe(0);
    const honest = readFileSync(us.place.path('A.status-proof'));
    const parts = unwrap(decode(statusProofCodec, new Uint8Array(honest)));
    const changed = async (bytes: Uint8Array) => {
      writeFileSync(us.place.path('bad.status-proof'), bytes);
      return refused('status', SUBJECT, '--status-proof', 'bad.status-proof');
    };
    expect(await changed(honest.subarray(0, -1))).toEqual([1, 'status-malformed']);
    expect(await changed(encode(statusProofCodec, { ...parts, value: null, receipt: null }))).toEqual([
      1,
      'status-root-mismatch',
    ]);
    expect(await changed(encode(statusProofCodec, { ...parts, receipt: null }))).toEqual([
      1,
      'status-no-receipt',
    ]);
    expect(
      await changed(
        encode(statusProofCodec, { ...parts, siblings: [...parts.siblings, honest.subarray(0, 32)] }),
      ),
    ).toEqual([1, 'bad-map-proof']);
  });

  it('older than the record, or than --max-age', async () => {
    expect((await run('status', SUBJECT, '--save')).exit).toBe(0);
    expect((await run('act', SUBJECT, 'amend', 'second.md')).exit).toBe(0);
    const saved = ['--status-proof', 'A.status-proof'];
    expect(await refused('verify', 'second.md', ...saved)).toEqual([1, 'status-older']);
    await new Promise(done => setTimeout(done, 1_100));
    expect(await refused('verify', 'paper.md', ...saved, '--max-age', '1s')).toEqual([1, 'status-stale']);
    expect(await refused('status', 'A.status-proof', '--max-age', '1s')).toEqual([1, 'status-stale']);
    expect(await refused('verify', 'paper.md', ...saved)).toEqual([0, 'verified']);
  });

  it('of a time to come', async () => {
    us.ledger.clock = () => Date.now() + 5_000_000;
    us.ledger.heartbeat();
    expect(await refused('status', SUBJECT)).toEqual([1, 'status-ahead']);
    const { stdout } = await run('verify', 'paper.md', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      verified: true,
      standing: null,
      standingReason: 'not-proven',
    });
  });

  it('by a node that answers about something else, or that lies', async () => {
    us.server.proofs = asked => ({ ...asked, kind: 'publisher', id: PUBLISHER });
    expect(await refused('status', SUBJECT)).toEqual([1, 'status-other-name']);
    expect(JSON.parse((await run('verify', 'paper.md', '--json')).stdout)).toMatchObject({
      verified: true,
      standingReason: 'not-proven',
    });
    us.server.proofs = asked => asked;
    us.ledger.lies = true;
    expect((await run('status', SUBJECT)).exit).toBe(1);
  });

  it('what is missing is 2, no node 3', async () => {
    expect((await run('status', 'none.md')).exit).toBe(2);
    expect((await run('status', SUBJECT, '--status-proof', 'none.status-proof')).exit).toBe(2);
    expect((await run('status', SUBJECT, '--home', 'empty')).exit).toBe(2);
    expect((await run('status', SUBJECT, '--max-age', 'soon')).exit).toBe(2);
    expect((await run('verify', 'paper.md', 'second.md', '--status-proof', 'A.status-proof')).exit).toBe(2);
    expect((await run('status', SUBJECT, ...offline)).exit).toBe(3);
  });
});
