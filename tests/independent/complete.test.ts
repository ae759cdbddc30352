import {
  type Asked,
  askedName,
  type ConsistencyFile,
  consistencyCodec,
  type Entry,
  encode,
  genesisCodec,
  type Leaf,
  leafHashesOf,
  logHash,
  logProver,
  receiptVerifier,
  signSubmission,
  toUtf8,
  verifyAllRecords,
  verifyConsistent,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vectors } from '../../packages/core/src/merkle/testing/log-oracle.ts';
import { Ledger } from '../cli/ledger.ts';
import {
  PUBLISHER,
  seed,
  TIME,
  testChain,
  testEntry,
  testGenesis,
  testKey,
  unwrap,
} from '../fixtures/builder.ts';
import { checkComplete, checkConsistency, checkGrowth } from './checker.mjs';

const genesis = testGenesis();
/** Records of subjects a, b, a, c, a; those of a and c have one file. */
const PLAN = ['a', 'b', 'a', 'c', 'a'];

function ledgerOf(plan: readonly string[], forge: (leaf: Leaf) => Leaf = leaf => leaf): Ledger {
  const ledger = new Ledger(testChain(genesis));
  ledger.clock = () => TIME;
  ledger.forge = forge;
  const heads = new Map<string, number>();
  for (const [i, id] of plan.entries()) {
    const entry: Entry = {
      ...testEntry(id, toUtf8(id === 'b' ? id : 'shared')),
      prev: heads.get(id) ?? null,
    };
    const header = { genesis: ledger.chain.hash, publisher: PUBLISHER, nonce: seed(`nonce ${i}`, 16) };
    const draft = { ...header, issuedAt: TIME, expires: TIME + 3_600_000, entries: [entry] };
    ledger.take(signSubmission(draft, testKey('publisher'), nativeSuite.hasher));
    heads.set(id, i);
  }
  return ledger;
}

const subject = (id: string): Asked => ({
  kind: 'subject',
  profile: 'policy',
  subject: { issuer: PUBLISHER, id },
});
const QUESTIONS: readonly (readonly [Asked, readonly number[]])[] = [
  [subject('a'), [0, 2, 4]],
  [subject('nobody'), []],
  [{ kind: 'digest', ...testEntry('x', toUtf8('shared')).digest! }, [0, 2, 3, 4]],
  [{ kind: 'publisher', id: PUBLISHER }, [0, 1, 2, 3, 4]],
];

/** Whether records are complete, as `core/checker`. */
function verdicts(ledger: Ledger, asked: Asked, indexes: readonly number[], height = ledger.height): string {
  const proof = ledger.statusProof(asked, height);
  const receipts = indexes.map(index => toUtf8(ledger.receipt(index)));
  const trust = { chain: ledger.chain, suite: nativeSuite, fresh: null };
  const verifies = receiptVerifier(trust);
  const core = verifyAllRecords(
    receipts.map(receipt => unwrap(verifies(receipt, null))),
    proof,
    trust,
  );
  const name = [asked.kind, ...askedName(asked)];
  const { problems } = checkComplete({ proof, receipts, genesis: encode(genesisCodec, genesis), name });
  return `${core.ok}/${problems.length === 0}`;
}

describe('core and the independent checker agree on completeness', () => {
  const ledger = ledgerOf(PLAN);

  it('of all records in any order, and of any others', () => {
    for (const [asked, all] of QUESTIONS) {
      expect(verdicts(ledger, asked, all), JSON.stringify(asked)).toBe('true/true');
      expect(verdicts(ledger, asked, all.toReversed())).toBe('true/true');
      const some = fc.array(fc.nat(PLAN.length - 1), { maxLength: PLAN.length });
      fc.assert(
        fc.property(some, given => {
          const isAll = given.toSorted().join() === all.join();
          return verdicts(ledger, asked, given) === (isAll ? 'true/true' : 'false/false');
        }),
        { numRuns: 8 },
      );
    }
  });

  it('of records that came after the proof', () => {
    expect(verdicts(ledger, subject('a'), [0, 2], 3)).toBe('true/true');
    expect(verdicts(ledger, subject('a'), [0, 2, 4], 3)).toBe('false/false');
    expect(verdicts(ledger, subject('a'), [0, 2], 5)).toBe('false/false');
  });

  it.each([
    ['skips one', (leaf: Leaf) => (leaf.height === 5 ? { ...leaf, subjectPrev: 0, publisherPrev: 0 } : leaf)],
    [
      'begins elsewhere',
      (leaf: Leaf) => (leaf.height === 1 ? { ...leaf, subjectPrev: 7, publisherPrev: 7 } : leaf),
    ],
    ['has a number twice', (leaf: Leaf) => (leaf.height === 3 ? { ...leaf, version: 1, seq: 1 } : leaf)],
  ])('of a log whose chain %s, whoever signed it', (_, forge) => {
    const forged = ledgerOf(PLAN, forge);
    expect(verdicts(forged, subject('a'), [0, 2, 4])).toBe('false/false');
    expect(verdicts(forged, { kind: 'publisher', id: PUBLISHER }, [0, 1, 2, 3, 4])).toBe('false/false');
  });

  it('of receipts of another history that the same members signed', () => {
    const other = ledgerOf(['z', ...PLAN]);
    const proof = ledger.statusProof(subject('a'), 5);
    const name = ['subject', 'policy', PUBLISHER, 'a'];
    const receipts = [ledger.receipt(0), ledger.receipt(2), other.receipt(0)].map(toUtf8);
    const { problems } = checkComplete({ proof, receipts, genesis: encode(genesisCodec, genesis), name });
    expect(problems).toEqual(['block 1 has two checkpoints']);
  });
});

describe('core and the independent checker agree on growth', () => {
  const ledger = ledgerOf(PLAN);
  const file = (steps: ConsistencyFile['steps'], hash = ledger.chain.hash) =>
    encode(consistencyCodec, { v: 1 as const, genesis: hash, steps });
  const tree = logHash(nativeSuite.hasher);
  const leaves = leafHashesOf(
    tree,
    ledger.leaves.map(({ bytes }) => bytes),
  );
  const step = (from: number, to: number) => {
    const hashes = (_: number, __: number, width: number) => leaves.slice(0, width * 32);
    return { from, to, path: unwrap(logProver(tree, { hashes }).consistency(from, to)) };
  };
  const all = [step(1, 2), step(2, 5)];
  const grows = (proofs: Uint8Array, of: Ledger = ledger) => {
    const receipts = [0, 1, 4].map(index => toUtf8(of.receipt(index)));
    const verifies = receiptVerifier({ chain: of.chain, suite: nativeSuite });
    const heads = receipts.map(receipt => unwrap(verifies(receipt, null)).checkpoint);
    const core = verifyConsistent(heads, proofs, of.chain, nativeSuite.hasher);
    const { problems } = checkGrowth({ proofs, receipts, genesis: encode(genesisCodec, genesis) });
    return `${core.ok}/${problems.length === 0}`;
  };

  it('of a log by its own proofs, and by no others', () => {
    expect(grows(file(all))).toBe('true/true');
    expect(grows(file([step(1, 5), ...all.toReversed()]))).toBe('true/true');
    for (const bad of [
      file([step(1, 5)]),
      file([all[0]!]),
      file([all[0]!, { ...all[1]!, path: all[1]!.path.slice(1) }]),
      file([all[0]!, { ...all[1]!, path: all[1]!.path.toReversed() }]),
      file([all[0]!, { ...all[1]!, path: [...all[1]!.path, new Uint8Array(32)] }]),
      file(all, new Uint8Array(32)),
      file(all).subarray(0, -1),
    ])
      expect(grows(bad)).toBe('false/false');
    // Another history of the same lengths, whose signers are the same.
    expect(grows(file(all), ledgerOf(['z', 'b', 'a', 'c', 'a']))).toBe('false/false');
  });
});

describe('the independent checker of consistency', () => {
  type Probe = { name: string; oldSize: number; newSize: number; oldRoot: string; newRoot: string };
  type Probes = { consistency: (Probe & { path: string[]; accepted: boolean })[] };
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

  it.each(vectors<Probes>('rfc6962-proofs').consistency)('$name', probe => {
    const { problems } = checkConsistency({
      first: probe.oldSize,
      firstRoot: bytes(probe.oldRoot),
      size: probe.newSize,
      root: bytes(probe.newRoot),
      path: probe.path.map(bytes),
    });
    expect(problems.length === 0).toBe(probe.accepted);
  });
});
