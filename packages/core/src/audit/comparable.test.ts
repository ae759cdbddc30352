import { describe, expect, it } from 'vitest';
import { toUtf8 } from '../encoding/utf8.ts';
import { type Checkpoint, formatCheckpoint } from '../ledger/checkpoint.ts';
import { nativeSuite as suite } from '../native/native-suite.ts';
import type { Handover } from '../receipts/handover.ts';
import {
  type Draft,
  draftsOf,
  handoverOf,
  plannedChain,
  type Seat,
} from '../receipts/testing/handover-chain.ts';
import { type Certified, verifyCertificate } from './certificate.ts';
import { comparable, plainContradiction, stepsTo } from './comparable.ts';
import { encodeEvidence, type Proven, verifyEvidence } from './evidence.ts';
import { certify } from './testing/branches.ts';

const CODES = ['110000', '120000', '130000', '140000', '150000'];
const FOUR: Seat[] = CODES.slice(0, 4).map(code => [code, 0]);
/** The first came back with new keys, one joined. */
const FIVE: Seat[] = CODES.map(code => [code, code === '110000' ? 1 : 0]);
const PLAN = [
  { seats: FOUR, blocks: 3 },
  { seats: FIVE, blocks: 4 },
  { seats: FIVE, blocks: 1 },
];
const chain = plannedChain(FOUR);
const trust = { chain, suite };
const [first, second] = draftsOf(PLAN) as [Draft, Draft];
const handover = (draft: Draft, change: Partial<Draft>) => handoverOf(chain, { ...draft, ...change });

/** A certificate at the end of a way, of a checkpoint with these changes. */
function at(
  seats: readonly Seat[],
  signers: readonly number[],
  handovers: readonly Handover[],
  checkpoint: Partial<Checkpoint> & { readonly height: number },
): Certified {
  const text = formatCheckpoint({
    origin: chain.origin,
    size: checkpoint.height,
    root: suite.hasher.digest(toUtf8(`root ${checkpoint.height}`)),
    blockHash: suite.hasher.digest(toUtf8(`block ${checkpoint.height}`)),
    stateRoot: new Uint8Array(32),
    epoch: handovers.length,
    ...checkpoint,
  });
  const given = handovers.length === 0 ? null : handovers;
  const certified = verifyCertificate(certify(chain, seats, text, signers, given), trust);
  if (!certified.ok) throw new Error(`${certified.fault.code}: ${certified.fault.detail}`);
  return certified.value;
}

/** What comes of comparing two ways, whichever is named first. */
function compared(a: Certified, b: Certified): Proven | null {
  const [one, other] = [comparable(a, b, trust), comparable(b, a, trust)].map(pair => {
    const said = plainContradiction(pair);
    if (said === null) return null;
    const certificates = { first: pair.first.certificate, second: pair.second.certificate };
    const proven = verifyEvidence(encodeEvidence(chain.hash, { ...said, ...certificates }), trust);
    if (!proven.ok) throw new Error(`${proven.fault.code}: ${proven.fault.detail}`);
    return proven.value;
  });
  expect(one).toEqual(other);
  return one!;
}
const codes = (proven: Proven | null) => proven?.culprits.map(({ code }) => code);
const OTHER = new Uint8Array(32).fill(9);

describe('two ways from the genesis', () => {
  it('that part where an epoch ends are compared there, by one set', () => {
    const ours = at(FIVE, [0, 1, 2, 3], [handover(first, { signers: [0, 1, 2] })], { height: 5 });
    const theirs = at(
      FIVE,
      [1, 2, 3, 4],
      [handover(first, { signers: [1, 2, 3], checkpoint: { root: OTHER } })],
      { height: 6 },
    );
    const proven = compared(ours, theirs);
    expect(proven).toMatchObject({ kind: 'height', heights: [3, 3], atLeast: 2 });
    expect(codes(proven)).toEqual(CODES.slice(1, 3));
  });

  it('on which an epoch ends twice, at two heights', () => {
    const later = { ...first, height: 5, next: { ...first.next, start: 6 } };
    const ours = at(FIVE, [0, 1, 2, 3], [handover(first, { signers: [0, 1, 3] })], { height: 4 });
    const theirs = at(FIVE, [0, 1, 2, 3], [handover(later, { signers: [1, 2, 3] })], { height: 6 });
    const proven = compared(ours, theirs);
    expect(proven).toMatchObject({ kind: 'epoch-end', heights: [3, 5], atLeast: 2 });
    expect(codes(proven)).toEqual(['120000', '140000']);
  });

  it('on one of which the epoch goes on that ended on the other', () => {
    const ours = at(FOUR, [0, 2, 3], [], { height: 4 });
    const theirs = at(FIVE, [0, 1, 2, 3], [handover(first, { signers: [0, 1, 2] })], { height: 9 });
    const proven = compared(ours, theirs);
    expect(proven).toMatchObject({ kind: 'epoch-end', heights: [3, 4], atLeast: 2 });
    expect(codes(proven)).toEqual(['110000', '130000']);
  });

  it('on neither of which the epoch ended say nothing', () => {
    const { certificate } = at(FOUR, [0, 2, 3], [], { height: 4 });
    const kindOf = (flaw: Partial<Draft>) => {
      const { checkpoint, epoch: value, proof } = handover(first, flaw);
      const low = { checkpoint, handovers: null };
      const conflict = { kind: 'epoch-end' as const, value, proof, first: low, second: certificate };
      const proven = verifyEvidence(encodeEvidence(chain.hash, conflict), trust);
      return proven.ok ? proven.value.kind : proven.fault.code;
    };
    expect(kindOf({})).toBe('epoch-end');
    expect(kindOf({ next: { ...first.next, start: 5 } })).toBe('no-conflict');
    expect(kindOf({ heldAs: 2 })).toBe('no-conflict');
    expect(kindOf({ height: 4 })).toBe('no-conflict');
  });

  it('of which one stopped earlier say nothing yet, and of the same block nothing at all', () => {
    const end = handover(first, { signers: [0, 1, 2] });
    const far = at(FIVE, [0, 1, 2, 3], [end], { height: 9 });
    expect(compared(at(FOUR, [0, 1, 2], [], { height: 2 }), far)).toBeNull();
    expect(compared(at(FIVE, [1, 2, 3, 4], [end], { height: 9 }), far)).toBeNull();
    const [step] = stepsTo(far, trust);
    expect(compared(step!, far)).toBeNull();
  });

  it('that went on together are compared at their ends', () => {
    const way = [handover(first, {}), handover(second, { signers: [0, 1, 2, 3] })];
    const ours = at(FIVE, [0, 1, 2, 3], way, { height: 8 });
    const theirs = at(FIVE, [1, 2, 3, 4], way, { height: 8, blockHash: OTHER });
    expect(codes(compared(ours, theirs))).toEqual(CODES.slice(1, 4));
    expect(compared(ours, theirs)!.atLeast).toBe(2);
  });
});

describe('statements by two sets', () => {
  it('name whose key is under both, and promise no number', () => {
    const end = handover(first, { signers: [0, 1, 2] });
    const head = at(FIVE, [0, 1, 2, 4], [end], { height: 6, size: 2 });
    const [step] = stepsTo(head, trust);
    const pair = { first: step!, second: head, ended: null };
    const said = plainContradiction(pair)!;
    const certificates = { first: step!.certificate, second: head.certificate };
    const proven = verifyEvidence(encodeEvidence(chain.hash, { ...said, ...certificates }), trust);
    if (!proven.ok) throw new Error(proven.fault.detail);
    // The first member signed the one with its old key and the other with its new one.
    expect([proven.value.kind, codes(proven.value), proven.value.atLeast]).toEqual([
      'order',
      ['120000', '130000'],
      0,
    ]);
  });
});
