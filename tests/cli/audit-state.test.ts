import {
  type Accusation,
  accusationCodec,
  accusationEntry,
  type Entry,
  encode,
  entryCodec,
  type Leaf,
  stateName,
} from '@qifeng/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Executed } from '../../packages/client/src/audit/submissions.ts';
import { twoHeads, twoVotes } from '../fixtures/accusations.ts';
import { PUBLISHER, seed, testKey } from '../fixtures/builder.ts';
import { AuditBench, entry, record, recordAll, signedBy, submit, TIME } from './audit-bench.ts';
import type { ExecutedLedger } from './executed-ledger.ts';
import type { LedgerServer } from './ledger-server.ts';

let bench: AuditBench;
beforeEach(() => {
  bench = new AuditBench();
});
afterEach(() => bench.close());

/** Records two subjects and, between them, refuses two submissions, of which the first lives for 4 ms, to the last block. */
function withRefusals(): ExecutedLedger {
  const ledger = bench.ledgerOf();
  recordAll(ledger, 'a');
  const late = { ...entry('b'), prev: 7 };
  expect(submit(ledger, 'short', [late], { lifeMs: 4 })).toHaveProperty('code', 'wrong-prev');
  expect(submit(ledger, 'long', [entry('fresh'), late])).toHaveProperty('entry', 1);
  recordAll(ledger, 'c');
  ledger.heartbeat();
  return ledger;
}
/** Code and detail of the one thing that is wrong with a node. */
async function finding(server: LedgerServer): Promise<readonly [code: string, detail: string]> {
  const { exit, report } = await bench.audited([server]);
  expect([exit, report.nodes[0].stateRebuilt]).toEqual([1, false]);
  expect(report.nodes[0].findings).toHaveLength(1);
  const [{ code, detail }] = report.nodes[0].findings;
  return [code, detail];
}

describe('the state of a ledger, executed again', () => {
  it('has the root of every block, with refused submissions remembered and forgotten', async () => {
    const ledger = withRefusals();
    const server = await bench.serve(ledger);
    const heights = [1, 2, 3, 4, 5].map(height => ledger.checkpoint(height).content.stateRoot);
    expect(new Set(heights.map(String)).size).toBe(5);
    for (const height of [2, 3, 4, 5]) {
      server.shown = height;
      const { exit, report } = await bench.audited([server]);
      expect([exit, report.nodes[0].stateRebuilt]).toEqual([0, true]);
    }
  });

  it('is executed once for nodes that show the same, and for those behind', async () => {
    const [front, back, same] = await Promise.all([1, 2, 3].map(() => bench.serve(withRefusals())));
    back!.shown = 3;
    for (const server of [back!, same!])
      server.listing = () => {
        throw new Error('asked for what is known');
      };
    const { exit, report } = await bench.audited([back!, front!, same!]);
    expect(exit).toBe(0);
    expect(report.nodes.map((node: { stateRebuilt: boolean }) => node.stateRebuilt)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it.each([
    [
      'changed',
      ([name, value]: readonly [Uint8Array, Uint8Array | null]) =>
        [name, value!.map(byte => byte ^ 1)] as const,
    ],
    ['left out', () => null],
  ])('differs by one value that was %s: state-root-mismatch at its block', async (_, change) => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a');
    // The digest of the file: nothing that is executed later reads it.
    ledger.forgeState = changes =>
      changes.flatMap((one, i) => (i === 2 ? [change(one)].filter(made => made !== null) : [one]));
    recordAll(ledger, 'b');
    ledger.forgeState = changes => changes;
    recordAll(ledger, 'c');
    const [code, detail] = await finding(await bench.serve(ledger));
    expect([code, detail]).toEqual(['state-root-mismatch', expect.stringContaining('after block 2 ')]);
  });

  it('differs by a value that nobody recorded: state-root-mismatch, also in a block without records', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a');
    ledger.forgeState = changes => [...changes, [stateName('parameter', 'planted'), seed('value', 8)]];
    ledger.heartbeat();
    const [code, detail] = await finding(await bench.serve(ledger));
    expect([code, detail]).toEqual(['state-root-mismatch', expect.stringContaining('after block 2 ')]);
  });
});

describe('what a node tells of submissions', () => {
  const isRefused = ({ refused }: Executed) => refused !== null;
  const LIES: readonly (readonly [string, string, (items: readonly Executed[]) => readonly Executed[]])[] = [
    [
      'a refused one hidden',
      'state-root-mismatch',
      items => items.filter(item => !isRefused(item) || item.height > 2),
    ],
    ['the last refused one hidden', 'state-root-mismatch', items => items.filter(item => item.height !== 3)],
    [
      'a refused one invented',
      'state-root-mismatch',
      items =>
        items.flatMap(item => (isRefused(item) ? [item, { ...item, id: seed('invented', 32) }] : [item])),
    ],
    [
      'another reason',
      'state-root-mismatch',
      items =>
        items.map(item =>
          item.refused ? { ...item, refused: { ...item.refused, code: 'stale-link' } } : item,
        ),
    ],
    [
      'a longer life',
      'state-root-mismatch',
      items =>
        items.map(item =>
          item.refused ? { ...item, refused: { ...item.refused, expires: TIME + 9 } } : item,
        ),
    ],
    [
      'a reason that is no code',
      'submission-mismatch',
      items =>
        items.map(item =>
          item.refused ? { ...item, refused: { ...item.refused, code: 'x'.repeat(65) } } : item,
        ),
    ],
    ['a recorded one hidden', 'submission-mismatch', items => items.filter(item => item.height !== 4)],
    [
      'a recorded one called refused',
      'submission-mismatch',
      items =>
        items.map(item =>
          item.height === 4
            ? { ...item, recorded: null, refused: { expires: TIME, code: 'wrong-prev', entry: 0 } }
            : item,
        ),
    ],
    [
      'a recorded one in another block',
      'submission-mismatch',
      items => items.map(item => (item.height === 4 ? { ...item, height: 3 } : item)),
    ],
    [
      'neither recorded nor refused',
      'submission-mismatch',
      items => items.map(item => ({ ...item, refused: null })),
    ],
    [
      'an id that is not of the header',
      'submission-mismatch',
      items => items.map(item => ({ ...item, id: seed('id', 32) })),
    ],
    ['a lower block after a higher', 'submission-mismatch', items => items.toReversed()],
    [
      'another signature',
      'bad-signature',
      items =>
        items.map(item =>
          item.recorded ? { ...item, recorded: { ...item.recorded, signature: new Uint8Array(64) } } : item,
        ),
    ],
  ];

  it.each(LIES)('%s: %s, and a faithful node beside it is in order', async (_, code, lie) => {
    const [liar, faithful] = [await bench.serve(withRefusals()), await bench.serve(withRefusals())];
    liar.listing = page => ({ ...page, submissions: lie(page.submissions) });
    const { exit, report } = await bench.audited([liar, faithful]);
    const [lied, told] = report.nodes;
    expect([exit, lied.findings[0].code, lied.verified]).toEqual([1, code, false]);
    expect([told.findings, told.verified, told.stateRebuilt]).toEqual([[], true, true]);
  });

  it('pages that lead nowhere: submission-mismatch', async () => {
    const server = await bench.serve(withRefusals());
    for (const next of ['1.0', '0.5', 'x', '1']) {
      server.listing = page => ({ ...page, next });
      expect((await finding(server))[0]).toBe('submission-mismatch');
    }
  });

  it('one that stands twice in its block is one', async () => {
    const server = await bench.serve(withRefusals());
    server.listing = page => ({ ...page, submissions: page.submissions.flatMap(item => [item, item]) });
    expect(await bench.findings(server)).toEqual([0, []]);
  });
});

describe('a record that does not follow from what is executed', () => {
  /** Lets a quorum record an entry that the publisher signed and execution refuses. */
  const forced = (ledger: ExecutedLedger, change: (entry: Entry) => Entry) => {
    signedBy('publisher', 'publisher')(ledger);
    const resign = ledger.forge;
    ledger.forge = (leaf: Leaf) => {
      const value = change(leaf.entry.value);
      return resign({ ...leaf, entry: { value, bytes: encode(entryCodec, value) } });
    };
  };

  it('is execution-mismatch with what refuses it', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a');
    forced(ledger, value => ({ ...value, profile: 'nothing' }));
    recordAll(ledger, 'b');
    await Promise.resolve();
    const [code, detail] = await finding(await bench.serve(ledger));
    expect([code, detail]).toEqual([
      'execution-mismatch',
      expect.stringMatching(/block 2: .*unknown-profile/),
    ]);
  });

  it('an accusation of which one signature is another’s is one', async () => {
    const ledger = bench.ledgerOf();
    const key = testKey('validator 120000');
    const [good, bad] = [key, testKey('validator 130000')].map(other =>
      twoVotes(ledger.chain.hash, '120000', key, { other }),
    ) as [Accusation, Accusation];
    forced(ledger, value => ({ ...value, meta: new Map([['evidence', encode(accusationCodec, bad)]]) }));
    record(ledger, 'accusation', [accusationEntry(PUBLISHER, good)]);
    await Promise.resolve();
    const [code, detail] = await finding(await bench.serve(ledger));
    expect([code, detail]).toEqual(['execution-mismatch', expect.stringContaining('governance-evidence')]);
  });
});

describe('accusations on record', () => {
  it('are listed with what was signed, once for all nodes, and are no finding', async () => {
    const ledger = bench.ledgerOf();
    recordAll(ledger, 'a');
    const votes = (code: string, kind: 'prepare' | 'commit') =>
      twoVotes(ledger.chain.hash, code, testKey(`validator ${code}`), { kind, view: 3, height: 9 });
    const heads = twoHeads(ledger.chain, '130000', testKey('validator 130000'));
    const accusations = [votes('120000', 'commit'), votes('140000', 'prepare'), heads];
    record(
      ledger,
      'accusations',
      accusations.map(one => accusationEntry(PUBLISHER, one)),
    );
    const nodes = [await bench.serve(ledger), await bench.serve(ledger)];
    const { exit, report } = await bench.audited(nodes);
    expect([exit, report.verified]).toEqual([0, true]);
    expect(report.accusations).toEqual([
      {
        record: 1,
        code: '120000',
        nameZh: '天津市',
        nameEn: 'Tianjin',
        epoch: 0,
        kind: 'commit',
        view: 3,
        height: 9,
      },
      {
        record: 2,
        code: '140000',
        nameZh: '山西省',
        nameEn: 'Shanxi',
        epoch: 0,
        kind: 'prepare',
        view: 3,
        height: 9,
      },
      {
        record: 3,
        code: '130000',
        nameZh: '河北省',
        nameEn: 'Hebei',
        epoch: 0,
        kind: 'checkpoint',
        view: null,
        height: 5,
      },
    ]);
    const asked = ['audit', '--node', nodes[0]!.url, '--genesis', 'genesis.cbor'];
    const english = (await bench.place.inProcess(asked)).stdout;
    expect(english).toContain('Tianjin 120000  accused on record; both signatures verify');
    expect(english).toContain('COMMIT for two blocks at height 9 in view 3');
    expect(english).toContain('two checkpoints of block 5');
    expect(english).toContain('record 2, about epoch 0');
    const chinese = (await bench.place.inProcess([...asked, '--lang', 'zh'])).stdout;
    expect(chinese).toContain('山西省 140000  已被记录指证，两个签名均有效');
    expect(chinese).toContain('在高度 9、视图 3 对两个不同区块的 PREPARE');
  });
});
