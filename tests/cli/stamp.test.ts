import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { decodeSubmission, encode, entryCodec, genesisCodec, signSubmission } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signedLine } from '../../packages/client/src/stamp/journal-lines.ts';
import { PUBLISHER, testEntry, testGenesis, testKey, unwrap } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

let us: Publisher;
beforeEach(async () => {
  us = await Publisher.make();
});
afterEach(() => us.remove());

const titles = () => us.ledger.leaves.map(({ leaf }) => leaf.entry.value.meta.get('title'));

describe('qifeng stamp', () => {
  it('records a file, prints one line, leaves a receipt that verifies offline; again it prints already', async () => {
    const first = await us.place.spawned(['stamp', 'paper.md', '--meta', 'number=演发[2026]1号']);
    expect([first.exit, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toBe('ok  index 0  height 1  paper.md.tlog-proof\n');
    expect(us.proven('paper.md')).toBe(0);
    const { value } = us.ledger.leaves[0]!.leaf.entry;
    expect(value).toMatchObject({ profile: 'policy', action: 'publish', prev: null });
    expect(value.subject.id).toBe('演发〔2026〕1号');
    expect(value.meta.get('title')).toBe('paper');
    const verified = await us.place.inProcess(['verify', 'paper.md']);
    expect(verified.exit).toBe(0);
    expect(verified.stdout).toMatch(
      /standing +In force \(in-force\), as of .*; proven, signed by 3 of 4 provinces/,
    );
    const again = await us.place.inProcess(['stamp', 'paper.md', '--meta', 'number=演发[2026]1号']);
    expect([again.exit, again.stdout]).toEqual([0, 'already  index 0  height 1  paper.md.tlog-proof\n']);
    expect(us.ledger.leaves).toHaveLength(1);
  });

  it.each<[string, string[]]>([
    ['subject', ['--subject', 'S-2']],
    ['field', ['--meta', 'title=another']],
    ['field more', ['--meta', 'reason=x']],
    ['origin', ['--origin', 'origin.json']],
    ['profile', ['--profile', 'nosuch']],
    ['action', ['--action', 'lapse']],
  ])(
    'records anew what is asked for with another %s than the receipt says, and keeps that',
    async (_, more) => {
      const origin = { method: 'scan', tool: 'x', operator: 'y', capturedAt: null, earlier: null };
      writeFileSync(us.place.path('origin.json'), JSON.stringify(origin));
      const stamp = (...args: string[]) => us.place.inProcess(['stamp', 'paper.md', ...args]);
      await stamp('--subject', 'S-1', '--meta', 'title=one');
      for (const same of [[], ['--subject', 'S-1'], ['--meta', 'title=one', '--profile', 'policy']])
        expect((await stamp(...same)).stdout).toMatch(/^already {2}index 0/);
      const second = await stamp(...more);
      expect([second.exit, second.stdout]).toEqual([0, 'ok  index 1  height 2  paper.md.tlog-proof\n']);
      expect((await stamp(...more)).stdout).toMatch(/^already {2}index 1/);
      expect([us.proven('paper.md'), us.proven('paper.md', 'paper.md.0.tlog-proof')]).toEqual([1, 0]);
    },
  );

  it('takes the receipt of another publisher’s record for none of its own', async () => {
    await us.place.inProcess(['stamp', 'paper.md']);
    const other = ['--publisher', '91350100M000100Y43', '--key', `.qifeng/keys/${PUBLISHER}.pem`];
    // This ledger knows one publisher.
    expect((await us.place.inProcess(['stamp', 'paper.md', ...other])).stdout).toMatch(/^refused/);
  });

  it('gives document numbers their brackets, typed or in a file, and touches nothing else', async () => {
    const typed = ['演发[2026]1号', '演发(2026)2号', '演发【2026】3号', '演发（2026）4号', '演发〔2026〕5号'];
    for (const [i, number] of typed.entries()) {
      us.write(`${i}.md`);
      const title = '关于[2026]的通知';
      writeFileSync(us.place.path('meta.json'), JSON.stringify({ number, title }));
      const meta =
        i % 2 === 0 ? ['--meta', '@meta.json'] : ['--meta', `number=${number}`, '--meta', `title=${title}`];
      expect((await us.place.inProcess(['stamp', `${i}.md`, ...meta])).exit).toBe(0);
      const { value } = us.ledger.leaves[i]!.leaf.entry;
      const normal = `演发〔2026〕${i + 1}号`;
      expect([value.subject.id, value.meta.get('number'), value.meta.get('title')]).toEqual([
        normal,
        normal,
        title,
      ]);
    }
  });

  it('means the number with its brackets 〔 〕 wherever a subject is named with others', async () => {
    const typed = `policy/${PUBLISHER}/演发[2026]5号`;
    const id = '演发〔2026〕5号';
    expect((await us.place.inProcess(['stamp', 'paper.md', '--subject', '演发(2026)5号'])).exit).toBe(0);
    const said = JSON.parse((await us.place.inProcess(['status', typed, '--json'])).stdout);
    expect([said.asked, said.subjects[0].verdict]).toEqual([`policy/${PUBLISHER}/${id}`, 'in-force']);
    expect((await us.place.inProcess(['history', typed])).exit).toBe(0);
    expect((await us.place.inProcess(['report', typed, '--out', 'report.html'])).exit).toBe(0);
    expect((await us.place.inProcess(['act', typed, 'repeal', '--meta', 'reason=x'])).exit).toBe(0);
    expect(us.ledger.leaves.map(({ leaf }) => leaf.entry.value.subject.id)).toEqual([id, id]);
    const exactly = typed.replace('[2026]', '%5B2026%5D');
    const other = JSON.parse((await us.place.inProcess(['status', exactly, '--json'])).stdout);
    expect(other.asked).toBe(`policy/${PUBLISHER}/演发[2026]5号`);
  });

  it('takes a folder of many files with threads, in a few submissions, receipts elsewhere', async () => {
    mkdirSync(us.place.path('out/deep/.git'), { recursive: true });
    const names = Array.from({ length: 300 }, (_, i) => `out/${i % 2 ? 'deep/' : ''}f${i}.txt`);
    us.write(...names, 'out/.hidden', 'out/deep/.git/x', 'out/old.tlog-proof');
    const { exit, stdout } = await us.place.spawned([
      'stamp',
      '--dir',
      'out',
      '--receipts',
      'kept',
      '--json',
    ]);
    expect(exit).toBe(0);
    const { recorded, files } = JSON.parse(stdout);
    expect([recorded, files.length, us.server.posts.length]).toEqual([300, 300, 2]);
    for (const name of names.slice(250))
      expect(us.proven(name, `${name.replace('out', 'kept')}.tlog-proof`)).not.toBeNull();
    expect(new Set(files.map((file: { index: number }) => file.index)).size).toBe(300);
  });

  it('tells of many files in the order of the log', async () => {
    mkdirSync(us.place.path('many'));
    us.write(...Array.from({ length: 64 }, (_, i) => `many/${i}.txt`));
    const { stdout } = await us.place.inProcess(['stamp', '--dir', 'many']);
    const told = [...stdout.matchAll(/^ok {2}index (\d+)/gm)].map(([, index]) => Number(index));
    expect(told).toEqual(Array.from({ length: 64 }, (_, i) => i));
  });

  it('names the one that is refused, records the rest, ends with 4', async () => {
    us.write('a.txt', 'secret-b.txt', 'c.txt');
    const { exit, stdout } = await us.place.inProcess(['stamp', 'a.txt', 'secret-b.txt', 'c.txt']);
    expect(exit).toBe(4);
    expect(stdout).toContain('refused  secret-b.txt  secret-document  entry 1  secret-document here\n');
    expect(titles()).toEqual(['a', 'c']);
    expect([us.proven('a.txt'), us.proven('c.txt')]).toEqual([0, 1]);
    expect(existsSync(us.place.path('secret-b.txt.tlog-proof'))).toBe(false);
    const again = await us.place.inProcess(['stamp', 'a.txt', 'secret-b.txt', 'c.txt']);
    expect([again.exit, us.ledger.leaves.length]).toEqual([4, 2]);
  });

  it('lets files of the same content share one record', async () => {
    writeFileSync(us.place.path('copy.md'), readFileSync(us.place.path('paper.md')));
    const { exit } = await us.place.inProcess(['stamp', 'paper.md', 'copy.md']);
    expect([exit, us.ledger.leaves.length]).toEqual([0, 1]);
    expect([us.proven('paper.md'), us.proven('copy.md')]).toEqual([0, 0]);
  });
});

describe('a run that was cut short', () => {
  it.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s after the node took it: the next sends the same bytes',
    async signal => {
      us.server.moods.push('mute');
      const child = us.place.start(['stamp', 'paper.md']);
      while (us.server.posts.length === 0) await new Promise(done => setTimeout(done, 10));
      child.kill(signal);
      const code = await new Promise(done => child.once('exit', done));
      expect(code).toBe(signal === 'SIGINT' ? 130 : null);
      expect(existsSync(us.place.path('paper.md.tlog-proof'))).toBe(false);
      const { exit, stdout } = await us.place.inProcess(['stamp', 'paper.md']);
      expect(exit).toBe(0);
      expect(stdout).toBe('ok  index 0  height 1  paper.md.tlog-proof  (taken up from an earlier run)\n');
      expect(us.server.posts[1]).toBe(us.server.posts[0]);
      expect([us.ledger.leaves.length, us.proven('paper.md')]).toEqual([1, 0]);
    },
  );

  it('with a line half written: it is passed over, said so, and signed anew', async () => {
    us.server.moods.push('mute');
    const child = us.place.start(['stamp', 'paper.md']);
    while (us.server.posts.length === 0) await new Promise(done => setTimeout(done, 10));
    child.kill('SIGKILL');
    await new Promise(done => child.once('exit', done));
    const journal = us.journal();
    us.ledger.leaves.length = 0; // it had not been sent: its line was never whole
    us.ledger.outcomes.clear();
    writeFileSync(us.place.path('.qifeng/stamp-journal'), journal.slice(0, journal.length >> 1));
    const { exit, stderr } = await us.place.inProcess(['stamp', 'paper.md']);
    expect(exit).toBe(0);
    expect(stderr).toContain('1 unfinished or damaged line');
    expect(us.ledger.leaves).toHaveLength(1);
    // What was appended after the torn line is read again.
    rmSync(us.place.path('paper.md.tlog-proof'));
    const again = await us.place.inProcess(['stamp', 'paper.md']);
    expect([again.exit, again.stdout]).toEqual([4, expect.stringContaining('wrong-prev')]);
  });

  it('not final in time is 3, kept in the journal, and final the next time', async () => {
    us.server.moods.push('not-final', 'not-final', 'not-final');
    const first = await us.place.inProcess(['stamp', 'paper.md', '--wait', '1s']);
    expect(first.exit).toBe(3);
    expect(first.stdout).toMatch(/^pending {2}paper\.md {2}not-final {2}signed and kept/);
    us.server.moods.length = 0;
    const second = await us.place.inProcess(['stamp', 'paper.md', '--json']);
    expect(second.exit).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({
      recorded: 1,
      files: [{ status: 'ok', resumed: true }],
    });
    expect([us.ledger.leaves.length, new Set(us.server.posts).size]).toEqual([1, 1]);
  });

  it('is taken up also where other files are asked for, and ends there', async () => {
    us.write('other.txt');
    us.server.moods.push('not-final');
    await us.place.inProcess(['stamp', 'paper.md', '--wait', '1s']);
    const { exit, stdout } = await us.place.inProcess(['stamp', 'other.txt']);
    expect(exit).toBe(0);
    expect(stdout).toContain('paper.md.tlog-proof  (taken up');
    expect(titles()).toEqual(['paper', 'other']);
  });
});

describe('a submission that expired before the next run', () => {
  /** Puts one in the journal that expired so many ms ago. */
  const leave = (ago: number) => {
    const expires = Date.now() - ago;
    const entry = testEntry('old', readFileSync(us.place.path('paper.md')));
    const draft = { genesis: us.ledger.chain.hash, publisher: PUBLISHER, nonce: new Uint8Array(16) };
    const times = { issuedAt: expires - 60_000, expires };
    const bytes = signSubmission(
      { ...draft, ...times, entries: [entry] },
      testKey('publisher'),
      nativeSuite.hasher,
    );
    const file = us.place.path('paper.md');
    const items = [
      {
        entry,
        bytes: encode(entryCodec, entry),
        opening: null,
        targets: [{ file, receipt: `${file}.tlog-proof` }],
      },
    ];
    const { id } = unwrap(decodeSubmission(bytes, nativeSuite.hasher));
    writeFileSync(us.place.path('.qifeng/stamp-journal'), signedLine({ id, bytes, items }));
    return { bytes, inTime: () => expires - 1_000 };
  };

  it('and had been recorded: its receipt is fetched, nothing is sent', async () => {
    const { bytes, inTime } = leave(1_000_000);
    us.ledger.clock = inTime;
    us.ledger.take(bytes);
    const { exit, stdout } = await us.place.inProcess(['stamp', 'paper.md']);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^ok {2}index 0 .*taken up/)]);
    expect([us.server.posts.length, us.proven('paper.md')]).toEqual([0, 0]);
  });

  it('and can no longer be recorded: the file is signed anew', async () => {
    const { bytes } = leave(1_000_000);
    const { exit, stdout } = await us.place.inProcess(['stamp', 'paper.md']);
    expect([exit, stdout]).toEqual([0, 'ok  index 0  height 1  paper.md.tlog-proof\n']);
    expect(us.server.posts).not.toContain(Buffer.from(bytes).toString('hex'));
    expect((await us.place.inProcess(['stamp', 'paper.md'])).stdout).toMatch(/^already/);
  });

  it('and may be in a block that the node has not seen: nothing is signed, 3', async () => {
    leave(10_000);
    const { exit, stdout } = await us.place.inProcess(['stamp', 'paper.md']);
    expect([exit, stdout]).toEqual([3, expect.stringMatching(/^pending {2}paper\.md {2}not-final/)]);
    expect(us.server.posts).toEqual([]);
  });

  it('is let be where it belongs to another chain', async () => {
    const { bytes } = leave(-60_000);
    us.ledger.take(bytes);
    const genesis = us.place.path('another.cbor');
    writeFileSync(genesis, encode(genesisCodec, testGenesis('another')));
    const { exit, stdout } = await us.place.inProcess(['stamp', 'paper.md', '--genesis', genesis]);
    expect([exit, stdout]).toEqual([4, expect.stringContaining('wrong-chain')]);
    expect(us.journal()).toContain('other-chain');
  });
});

describe('nodes that fail', () => {
  it('a broken connection, a 429 and a 202 are outlived with the same bytes', async () => {
    us.server.moods.push('drop', 'busy', 'take-and-drop', 'queue');
    const { exit } = await us.place.inProcess(['stamp', 'paper.md']);
    expect(exit).toBe(0);
    expect(us.server.posts).toHaveLength(5);
    expect([new Set(us.server.posts).size, us.ledger.leaves.length]).toEqual([1, 1]);
  });

  it('one that is down is passed over for the next', async () => {
    const nodes = ['--node', 'http://127.0.0.1:1', '--node', us.server.url];
    const { exit, stdout } = await us.place.inProcess(['stamp', 'paper.md', ...nodes]);
    expect([exit, stdout.slice(0, 2)]).toEqual([0, 'ok']);
  });

  it('all down is 3, and nothing is lost', async () => {
    const down = await us.place.inProcess([
      'stamp',
      'paper.md',
      '--node',
      'http://127.0.0.1:1',
      '--wait',
      '1s',
    ]);
    expect([down.exit, down.stdout]).toEqual([3, expect.stringContaining('pending  paper.md  unreachable')]);
    expect((await us.place.inProcess(['stamp', 'paper.md'])).exit).toBe(0);
    expect(us.ledger.leaves).toHaveLength(1);
  });

  it('a receipt that does not verify is not kept: 1, and an honest node ends it', async () => {
    us.write('b.txt', 'c.txt');
    us.ledger.lies = true;
    const lied = await us.place.inProcess(['stamp', 'paper.md', 'b.txt', 'c.txt', '--json']);
    expect(lied.exit).toBe(1);
    expect(JSON.parse(lied.stdout).files[0]).toMatchObject({ status: 'unproven', code: 'root-mismatch' });
    expect(existsSync(us.place.path('paper.md.tlog-proof'))).toBe(false);
    us.ledger.lies = false;
    expect((await us.place.inProcess(['stamp', 'paper.md', 'b.txt', 'c.txt'])).exit).toBe(0);
    expect(us.ledger.leaves).toHaveLength(3);
  });
});
