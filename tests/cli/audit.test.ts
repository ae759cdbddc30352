import { readFileSync, writeFileSync } from 'node:fs';
import {
  type Alteration,
  approvalBytes,
  blockHash,
  encode,
  entryCodec,
  type Leaf,
  publisherChangeCodec,
  publishersEntry,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER, seed, testKey } from '../fixtures/builder.ts';
import { AuditBench, entry, record, recordAll, signedBy, TIME } from './audit-bench.ts';
import type { ExecutedLedger } from './executed-ledger.ts';
import { changeLine } from './harness.ts';
import type { LedgerServer } from './ledger-server.ts';

let bench: AuditBench;
beforeEach(() => {
  bench = new AuditBench();
});
afterEach(() => bench.close());

describe('qifeng audit of honest nodes', () => {
  it('verifies a ledger of several tiles on nodes that are not equally far', async () => {
    const ledger = bench.ledgerOf();
    const many = Array.from({ length: 600 }, (_, i) => entry(`many ${i}`));
    record(ledger, 'batch', many);
    recordAll(ledger, 'a', 'b');
    ledger.heartbeat();
    record(ledger, 'amended', [{ ...entry('a'), action: 'amend', prev: 600 }]);
    const [front, back] = [await bench.serve(ledger), await bench.serve(ledger)];
    back.shown = 3;
    const { exit, report } = await bench.audited([front, back]);
    expect([exit, report.verified, report.conflicts]).toEqual([0, true, []]);
    const sizes = report.nodes.map((node: { checkpoint: { size: number } }) => node.checkpoint.size);
    expect(sizes).toEqual([603, 602]);
    expect(report.nodes.map((node: { stateRebuilt: boolean }) => node.stateRebuilt)).toEqual([true, true]);
    back.shown = null;
    ledger.heartbeat();
    expect(await bench.findings(front, back)).toEqual([0, [], []]);
  });

  it('says so to a person, in both languages', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a');
    const { url } = await bench.serve(ledger);
    const args = ['audit', '--node', url, '--genesis', 'genesis.cbor'];
    const english = await bench.place.inProcess(args);
    expect([english.exit, english.stdout]).toEqual([0, expect.stringMatching(/^✓ http.*verified\n/)]);
    expect(english.stdout).toMatch(/state +root [0-9a-f]{64}, the same when every record is executed again/);
    const chinese = await bench.place.inProcess([...args, '--lang', 'zh']);
    expect(chinese.stdout).toContain('重新执行全部记录所得相同');
  });

  it('is 3 with a node that cannot be reached, 2 without a genesis, a node or a whole memory', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a');
    const server = await bench.serve(ledger);
    const away = ['--node', 'http://127.0.0.1:1'];
    const { exit, report } = await bench.audited([server], ...away);
    expect([exit, report.nodes[0].verified, report.nodes[1].error.code]).toEqual([3, true, 'unreachable']);
    expect((await bench.place.inProcess(['audit', ...away])).exit).toBe(2);
    expect((await bench.place.inProcess(['audit', '--genesis', 'genesis.cbor'])).stderr).toContain('No node');
    server.began = 1;
    const partial = await bench.audited([server], '--home', 'fresh');
    expect([partial.exit, partial.report.nodes[0].error.code]).toEqual([3, 'not-held']);
    writeFileSync(bench.place.path('.qifeng/audited'), 'x');
    expect((await bench.audited([server])).report.error.code).toBe('bad-audited');
  });
});

describe('one flaw, planted', () => {
  const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const tampering =
    (path: RegExp, change: (bytes: Uint8Array) => Uint8Array | null) => (server: LedgerServer) => {
      server.tamper = (asked, bytes) => (path.test(asked) ? change(bytes) : bytes);
    };
  const note = (change: (text: string) => string) =>
    tampering(/checkpoint/, bytes => new Uint8Array(Buffer.from(change(Buffer.from(bytes).toString()))));

  const SERVED: readonly (readonly [string, string, (server: LedgerServer) => void])[] = [
    ['a leaf swapped', 'root-mismatch', tampering(/entries/, bytes => flip(bytes, bytes.length - 1))],
    ['a leaf cut', 'bad-entry-bundle', tampering(/entries/, bytes => bytes.slice(0, -1))],
    ['a tile wrong', 'tile-mismatch', tampering(/tile\/0/, bytes => flip(bytes, 40))],
    ['a tile of a level above wrong', 'tile-mismatch', tampering(/tile\/1/, bytes => flip(bytes, 0))],
    ['a tile kept back', 'not-served', tampering(/tile\/1/, () => null)],
    ['a cosignature short of the quorum', 'no-quorum', note(text => text.replace(/— \S+ \S+\n$/, ''))],
    ['a cosignature changed', 'bad-cosignature', note(text => changeLine(text, 10, 120))],
    ['the log line of nobody', 'bad-log-line', note(text => changeLine(text, 7, 90))],
    ['a checkpoint of another chain', 'wrong-chain', note(text => text.replace(/^fixture/, 'mixture'))],
  ];

  it.each(SERVED)('%s: %s', async (_, code, plant) => {
    const ledger = bench.ledgerOf();
    const many = Array.from({ length: 300 }, (__, i) => entry(`many ${i}`));
    record(ledger, 'batch', many);
    const [good, bad] = [await bench.serve(ledger), await bench.serve(ledger)];
    plant(bad);
    expect(await bench.findings(good, bad)).toEqual([1, [], [code]]);
  });

  const leaf = (change: (leaf: Leaf) => Partial<Leaf>) => (ledger: ExecutedLedger) => {
    ledger.forge = honest => ({ ...honest, ...change(honest) });
  };
  const signedAfter =
    (prev: number) =>
    ({ entry: { value } }: Leaf) => ({
      entry: { value: { ...value, prev }, bytes: encode(entryCodec, { ...value, prev }) },
    });
  const unsigned = ({ entry: { value } }: Leaf) => {
    const other = { ...value, digest: { alg: 'sha256' as const, hash: seed('other file', 32) } };
    return { entry: { value: other, bytes: encode(entryCodec, other) } };
  };

  const SIGNED: readonly (readonly [string, string, (ledger: ExecutedLedger) => void])[] = [
    ['a gap in a publisher’s chain', 'publisher-chain', leaf(({ seq }) => ({ seq: seq + 1 }))],
    ['a wrong record before a publisher’s', 'publisher-chain', leaf(() => ({ publisherPrev: 0 }))],
    ['a gap in a subject’s chain', 'subject-chain', leaf(() => ({ version: 2 }))],
    ['a record of a later time than its block', 'block-mismatch', leaf(({ time }) => ({ time: time + 1 }))],
    ['a record of an earlier time than the one before', 'leaf-order', leaf(() => ({ time: 1 }))],
    ['another entry than was signed', 'entry-mismatch', leaf(unsigned)],
    ['an entry signed after another record', 'subject-chain', leaf(signedAfter(0))],
    [
      'another submission than was signed',
      'submission-mismatch',
      leaf(() => ({ submission: seed('id', 32) })),
    ],
    ['a signature that is not the publisher’s', 'bad-signature', signedBy('publisher', 'stranger')],
    ['a key that is not the publisher’s', 'wrong-key', signedBy('stranger', 'stranger')],
  ];

  it.each(SIGNED)('%s, cosigned by a quorum: %s', async (_, code, plant) => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a', 'b');
    plant(ledger);
    recordAll(ledger, 'c');
    const [exit, codes] = await bench.findings(await bench.serve(ledger), await bench.serve(ledger));
    expect([exit, codes]).toEqual([1, expect.arrayContaining([code])]);
  });

  /** The entry by which the publisher carries a change of itself, approved by its home member. */
  const alters = (ledger: ExecutedLedger, after: number | null, over: Partial<Alteration>) => {
    const nothing = { status: null, keys: null, roles: null, quota: null };
    const altered = [{ id: PUBLISHER, after, ...nothing, ...over }];
    const head = { v: 1 as const, epoch: 0, carrier: PUBLISHER, home: '110000', enrolled: [] };
    const change = { ...head, altered };
    const hash = nativeSuite.hasher.digest(encode(publisherChangeCodec, change));
    const approval = testKey('validator 110000').sign(approvalBytes(ledger.chain.hash, 0, hash));
    return publishersEntry(change, [['110000', approval]], nativeSuite.hasher);
  };

  it('a record by a key that was the publisher’s no longer: wrong-key; by its new one: nothing', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a');
    record(ledger, 'rekeyed', [alters(ledger, null, { keys: [testKey('stranger').publicKey] })]);
    record(ledger, 'b', [entry('b')], 'stranger');
    expect(await bench.findings(await bench.serve(ledger), await bench.serve(ledger))).toEqual([0, [], []]);
    signedBy('publisher', 'publisher')(ledger);
    record(ledger, 'c', [entry('c')], 'stranger');
    expect(await bench.findings(await bench.serve(ledger))).toEqual([1, ['wrong-key']]);
  });

  it('a block that does not follow the one before: block-chain', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a', 'b', 'c');
    const server = await bench.serve(ledger);
    ledger.checkpoint(3);
    ledger.headers[1] = { ...ledger.headers[1]!, proposer: '120000' };
    expect(await bench.findings(server)).toEqual([1, ['block-chain']]);
  });

  it('a last block that is not that of the checkpoint: block-chain', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a', 'b');
    const server = await bench.serve(ledger);
    const other = { ...ledger.headers[1]!, proposer: '120000' };
    const hash = blockHash(other, nativeSuite.hasher);
    Object.assign(ledger.checkpoint(2).content, { blockHash: hash });
    ledger.headers[1] = other;
    expect(await bench.findings(server)).toEqual([1, ['block-chain', 'block-mismatch']]);
  });

  it('a block told with another state than was certified: block-mismatch', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a', 'b');
    const server = await bench.serve(ledger);
    Object.assign(ledger.checkpoint(2).content, { stateRoot: seed('state', 32) });
    expect(await bench.findings(server)).toEqual([1, ['state-root-mismatch', 'block-mismatch']]);
  });

  it('a block told with another state than another node shows as certified: state-mismatch, which proves nothing more', async () => {
    const [ours, theirs] = forked(4, [0, 1, 2], [0, 1, 2]);
    recordAll(theirs, 'c');
    Object.assign(theirs.checkpoint(2).content, { stateRoot: seed('state', 32) });
    const [back, front] = [await bench.serve(ours), await bench.serve(theirs)];
    const { exit, report } = await bench.audited([front, back]);
    expect([exit, report.evidence]).toEqual([1, null]);
    expect(report.conflicts).toMatchObject([
      { kind: null, culprits: null, fault: { code: 'state-mismatch' } },
    ]);
  });

  it('a node that went back behind the last audit: rollback, until it has caught up', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a', 'b', 'c');
    const server = await bench.serve(ledger);
    expect(await bench.findings(server)).toEqual([0, []]);
    server.shown = 2;
    expect(await bench.findings(server)).toEqual([1, ['rollback']]);
    expect(await bench.findings(server)).toEqual([1, ['rollback']]);
    server.shown = null;
    recordAll(ledger, 'd');
    expect(await bench.findings(server)).toEqual([0, []]);
  });
});

/** Two ledgers of one chain with the same first records, each cosigned by a quorum. */
function forked(
  n: number,
  ours: readonly number[],
  theirs: readonly number[],
): readonly [ExecutedLedger, ExecutedLedger] {
  const ledgers = [bench.ledgerOf(n, ours), bench.ledgerOf(n, theirs)] as const;
  for (const ledger of ledgers) recordAll(ledger, 'a', 'b');
  return ledgers;
}

describe('a fork by colluding members', () => {
  const CODES = ['110000', '120000', '130000', '140000', '150000', '210000', '220000'];
  const SIZES = [
    [4, [0, 1, 2], [0, 1, 3], [0, 1]],
    [7, [0, 1, 2, 3, 4], [2, 3, 4, 5, 6], [2, 3, 4]],
  ] as const;
  const grow = {
    height: ([a, b]: readonly [ExecutedLedger, ExecutedLedger]) => {
      recordAll(a, 'c');
      recordAll(b, 'x');
    },
    log: ([a, b]: readonly [ExecutedLedger, ExecutedLedger]) => {
      recordAll(a, 'c');
      recordAll(b, 'x', 'y', 'z');
    },
    blocks: ([a, b]: readonly [ExecutedLedger, ExecutedLedger]) => {
      a.clock = () => TIME + 99;
      a.heartbeat();
      for (let i = 0; i < 3; i++) b.heartbeat();
      recordAll(b, 'x');
    },
    order: ([a, b]: readonly [ExecutedLedger, ExecutedLedger]) => {
      recordAll(a, 'c');
      for (let i = 0; i < 3; i++) b.heartbeat();
    },
  };
  const cases = SIZES.flatMap(([n, ours, theirs, guilty]) =>
    (Object.keys(grow) as (keyof typeof grow)[]).map(kind => [n, kind, ours, theirs, guilty] as const),
  );

  it.each(cases)(
    'of %i members, shown by %s: named with both statements, and proven offline',
    async (n, kind, ours, theirs, guilty) => {
      const ledgers = forked(n, ours, theirs);
      grow[kind](ledgers);
      const nodes = [await bench.serve(ledgers[0]), await bench.serve(ledgers[1])];
      const { exit, report } = await bench.audited(nodes, '--out', 'conflict.evidence');
      expect([exit, report.verified, report.conflicts.length, report.evidence]).toEqual([
        1,
        false,
        1,
        'conflict.evidence',
      ]);
      const [conflict] = report.conflicts;
      expect([conflict.kind, conflict.atLeast]).toEqual([kind, guilty.length]);
      const codesOf = (found: { culprits: { code: string }[] }) => found.culprits.map(({ code }) => code);
      expect(codesOf(conflict)).toEqual(guilty.map(i => CODES[i]));
      const check = ['audit', '--evidence', 'conflict.evidence', '--genesis', 'genesis.cbor'];
      const proven = await bench.place.inProcess([...check, '--json']);
      expect([proven.exit, codesOf(JSON.parse(proven.stdout))]).toEqual([0, guilty.map(i => CODES[i])]);
      const person = await bench.place.inProcess(check);
      expect(person.stdout.match(/^ {6}signed /gm)).toHaveLength(2 * guilty.length);
      const turned = await bench.audited(nodes.toReversed(), '--out', 'turned.evidence');
      expect(turned.exit).toBe(1);
      const [one, other] = ['conflict', 'turned'].map(name =>
        readFileSync(bench.place.path(`${name}.evidence`)),
      );
      expect(one!.equals(other!)).toBe(true);
    },
  );

  it('that one node went through since the last audit is found in its memory', async () => {
    const [ours, theirs] = forked(4, [0, 1, 2], [1, 2, 3]);
    recordAll(ours, 'c');
    recordAll(theirs, 'x', 'y');
    const server = await bench.serve(ours);
    expect((await bench.audited([server])).exit).toBe(0);
    server.ledger = theirs;
    const { exit, report } = await bench.audited([server]);
    expect([exit, report.conflicts[0].between.map(({ from }: { from: string }) => from)]).toEqual([
      1,
      ['shown', 'remembered'],
    ]);
    expect(report.conflicts[0].culprits.map(({ code }: { code: string }) => code)).toEqual([
      '120000',
      '130000',
    ]);
    expect((await bench.audited([server])).exit).toBe(1);
    theirs.headers.length = 3;
    theirs.leaves.length = 3;
    const level = await bench.audited([server]);
    expect([level.exit, level.report.conflicts[0].kind]).toEqual([1, 'height']);
  });

  it('is told a person with the members’ names', async () => {
    const ledgers = forked(4, [0, 1, 2], [0, 1, 3]);
    grow.height(ledgers);
    const nodes = [await bench.serve(ledgers[0]), await bench.serve(ledgers[1])].flatMap(({ url }) => [
      '--node',
      url,
    ]);
    const done = await bench.place.inProcess([
      'audit',
      ...nodes,
      '--genesis',
      'genesis.cbor',
      '--lang',
      'zh',
    ]);
    expect(done.exit).toBe(1);
    expect(done.stdout.match(/^– http.* {2}自身无误，但与另一方冲突/gm)).toHaveLength(2);
    expect(done.stdout).toContain('北京市 110000');
    expect(done.stdout).toContain('天津市 120000');
    expect(done.stdout).not.toContain('河北省 130000');
  });

  it('is not proven by a changed file, nor on another chain', async () => {
    const ledgers = forked(4, [0, 1, 2], [0, 1, 3]);
    grow.height(ledgers);
    await bench.audited([await bench.serve(ledgers[0]), await bench.serve(ledgers[1])], '--out', 'e');
    const bytes = readFileSync(bench.place.path('e'));
    bytes[bytes.length - 40]! ^= 1;
    writeFileSync(bench.place.path('changed'), bytes);
    const check = (file: string) =>
      bench.place.inProcess(['audit', '--evidence', file, '--genesis', 'genesis.cbor', '--json']);
    const changed = await check('changed');
    expect([changed.exit, JSON.parse(changed.stdout).verified]).toEqual([1, false]);
    bench.ledgerOf(5);
    expect(JSON.parse((await check('e')).stdout).code).toBe('wrong-chain');
    expect((await check('nowhere')).exit).toBe(2);
  });
});
