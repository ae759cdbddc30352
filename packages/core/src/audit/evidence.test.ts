import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testKey } from '../../../../tests/fixtures/builder.ts';
import { encode } from '../encoding/codec.ts';
import { faultsTolerated, quorum } from '../ledger/quorum.ts';
import { mth, proof } from '../merkle/testing/log-oracle.ts';
import { nativeSuite as suite } from '../native/native-suite.ts';
import { plannedChain, type Seat } from '../receipts/testing/handover-chain.ts';
import { voteBytes } from '../records/vote-bytes.ts';
import { type Certificate, certificateCodec, verifyCertificate } from './certificate.ts';
import { comparable, plainContradiction } from './comparable.ts';
import { type Conflict, encodeEvidence, verifyEvidence } from './evidence.ts';
import { Branch, certify } from './testing/branches.ts';
import type { VoteCertificate } from './votes.ts';

const CODES = Array.from({ length: 31 }, (_, i) => String(110000 + 10000 * i));
const seatsOf = (n: number): Seat[] => CODES.slice(0, n).map(code => [code, 0]);
const verdict = (chain: ReturnType<typeof plannedChain>, bytes: Uint8Array) =>
  verifyEvidence(bytes, { chain, suite });
/** Codes of those whom evidence names; its fault code if it is none. */
function named(chain: ReturnType<typeof plannedChain>, conflict: Conflict): readonly string[] | string {
  const proven = verdict(chain, encodeEvidence(chain.hash, conflict));
  return proven.ok ? proven.value.culprits.map(({ code }) => code) : proven.fault.code;
}

/** Two branches that part after two blocks, and all the ways in which heads on them exclude each other. */
function forked(chain: ReturnType<typeof plannedChain>) {
  const ours = new Branch(chain, ['a', 'b', 'c', 'd', 'e', '-f']);
  const theirs = new Branch(chain, ['a', 'b', 'x', 'y', 'z', '-w', 'v']);
  const shorter = new Branch(chain, ['a', 'b', '-x', '-y', '-z', '-w', '-v']);
  const log = { root: mth(theirs.leaves.slice(0, 3)), path: proof(3, theirs.leaves) };
  const ways = {
    height: { heights: [4, 4], branches: [ours, theirs], said: { kind: 'height' } },
    order: { heights: [3, 7], branches: [ours, shorter], said: { kind: 'order' } },
    log: { heights: [3, 7], branches: [ours, theirs], said: { kind: 'log', ...log } },
    blocks: {
      heights: [3, 7],
      branches: [ours, theirs],
      said: { kind: 'blocks', headers: theirs.headers.slice(3) },
    },
  } as const;
  return ways;
}

type Way = keyof ReturnType<typeof forked>;
const WAYS: readonly Way[] = ['height', 'order', 'log', 'blocks'];

function conflictOf(n: number, way: Way, signers: readonly [readonly number[], readonly number[]]) {
  const seats = seatsOf(n);
  const chain = plannedChain(seats);
  const { heights, branches, said } = forked(chain)[way];
  const [first, second] = [0, 1].map(side =>
    certify(chain, seats, branches[side]!.text(heights[side]!), signers[side]!),
  ) as [Certificate, Certificate];
  return { chain, seats, conflict: { ...said, first, second } as Conflict };
}

describe('colluding members', () => {
  it.each([
    [4, [0, 1, 2], [0, 1, 3], [0, 1]],
    [7, [0, 1, 2, 3, 4], [2, 3, 4, 5, 6], [2, 3, 4]],
  ])('of %i are named, f+1 of them, and no honest one is', (n, ours, theirs, guilty) => {
    for (const way of WAYS) {
      const { chain, conflict } = conflictOf(n, way, [ours, theirs]);
      const proven = verdict(chain, encodeEvidence(chain.hash, conflict));
      if (!proven.ok) throw new Error(`${way}: ${proven.fault.code} ${proven.fault.detail}`);
      const { kind, culprits, atLeast } = proven.value;
      expect([kind, culprits.map(({ code }) => code)]).toEqual([way, guilty.map(i => CODES[i])]);
      expect(atLeast).toBe(faultsTolerated(n) + 1);
      for (const { statements } of culprits) {
        expect(statements[0].says).not.toBe(statements[1].says);
        expect(statements[0].signature).not.toBe(statements[1].signature);
      }
    }
  });

  it('whichever quorums sign, from 4 to 31: exactly those under both, at least f+1', () => {
    const quorums = fc.integer({ min: 4, max: 31 }).chain(n => {
      const some = fc
        .shuffledSubarray([...Array(n).keys()], { minLength: quorum(n), maxLength: quorum(n) })
        .map(list => list.sort((a, b) => a - b));
      return fc.tuple(fc.constant(n), some, some, fc.constantFrom(...WAYS));
    });
    fc.assert(
      fc.property(quorums, ([n, ours, theirs, way]) => {
        const { chain, conflict } = conflictOf(n, way, [ours, theirs]);
        const both = ours.filter(i => theirs.includes(i)).map(i => CODES[i]);
        expect(both.length).toBeGreaterThan(faultsTolerated(n));
        expect(named(chain, conflict)).toEqual(both);
      }),
      { numRuns: 40 },
    );
  });

  it('are at least f+1 however little two quorums overlap, from 4 to 31', () => {
    for (let n = 4; n <= 31; n++) expect(2 * quorum(n) - n).toBeGreaterThan(faultsTolerated(n));
  });
});

describe('evidence', () => {
  const all = [
    [0, 1, 2],
    [0, 1, 3],
  ] as const;

  it('of one kind is one file, whichever statement was found first', () => {
    const { chain, conflict } = conflictOf(4, 'height', all);
    const turned = { ...conflict, first: conflict.second, second: conflict.first } as Conflict;
    expect(encodeEvidence(chain.hash, turned)).toEqual(encodeEvidence(chain.hash, conflict));
  });

  it('in the other order is refused: a conflict is one file', () => {
    const { chain, conflict } = conflictOf(4, 'height', all);
    const bytes = Buffer.from(encodeEvidence(chain.hash, conflict));
    const sides = [conflict.first, conflict.second].map(side =>
      encode(certificateCodec, side as Certificate),
    );
    const [first, second] = sides.map(side => bytes.indexOf(side)) as [number, number];
    bytes.set(sides[0]!, second);
    bytes.set(sides[1]!, first);
    expect(verdict(chain, new Uint8Array(bytes))).toMatchObject({ fault: { code: 'bad-evidence' } });
  });

  it('about what agrees is none', () => {
    const seats = seatsOf(4);
    const chain = plannedChain(seats);
    const branch = new Branch(chain, ['a', 'b', 'c', '-d', 'e']);
    const at = (height: number) => certify(chain, seats, branch.text(height), [0, 1, 2]);
    const same = { first: at(2), second: at(5) };
    const path = proof(2, branch.leaves);
    const root = mth(branch.leaves.slice(0, 2));
    expect(named(chain, { kind: 'height', first: at(2), second: at(2) })).toBe('no-conflict');
    expect(named(chain, { kind: 'height', ...same })).toBe('no-conflict');
    expect(named(chain, { kind: 'order', ...same })).toBe('no-conflict');
    expect(named(chain, { kind: 'log', root, path, ...same })).toBe('no-conflict');
    expect(named(chain, { kind: 'log', root: chain.hash, path, ...same })).toBe('no-conflict');
    expect(named(chain, { kind: 'blocks', headers: branch.headers.slice(2), ...same })).toBe('no-conflict');
    expect(named(chain, { kind: 'blocks', headers: branch.headers.slice(3), ...same })).toBe('no-conflict');
  });

  it('whose proof is of something else is none', () => {
    for (const way of ['log', 'blocks'] as const) {
      const { chain, conflict } = conflictOf(4, way, all);
      if (conflict.kind === 'log')
        expect(named(chain, { ...conflict, path: conflict.path.slice(1) })).toBe('no-conflict');
      if (conflict.kind === 'blocks') {
        const headers = conflict.headers.with(1, { ...conflict.headers[1]!, timestamp: 5 });
        expect(named(chain, { ...conflict, headers })).toBe('no-conflict');
      }
    }
  });

  it('short of a quorum, by a stranger or of another chain is refused', () => {
    const short = conflictOf(4, 'log', [
      [0, 1],
      [0, 1, 3],
    ]);
    expect(named(short.chain, short.conflict)).toBe('no-quorum');
    const { chain, conflict } = conflictOf(4, 'height', all);
    const bytes = encodeEvidence(chain.hash, conflict);
    expect(verdict(plannedChain(seatsOf(5)), bytes)).toMatchObject({ fault: { code: 'wrong-chain' } });
    expect(verdict(chain, encodeEvidence(new Uint8Array(32), conflict))).toMatchObject({
      fault: { code: 'wrong-chain' },
    });
    const other = plannedChain(seatsOf(5));
    expect(verdict(other, encodeEvidence(other.hash, conflict))).toMatchObject({
      fault: { code: 'wrong-chain' },
    });
  });

  it('with any one byte changed is refused, or says the same', () => {
    const { chain, conflict } = conflictOf(4, 'log', all);
    const bytes = encodeEvidence(chain.hash, conflict);
    const honest = verdict(chain, bytes);
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      const found = verdict(chain, changed);
      expect(found.ok && JSON.stringify(found) !== JSON.stringify(honest), `byte ${at}`).toBe(false);
    }
  });
});

describe('vote certificates', () => {
  const seats = seatsOf(4);
  const chain = plannedChain(seats);
  const votes = (block: number, signers: readonly number[], more: Partial<VoteCertificate> = {}) => {
    const slot = { kind: 'commit' as const, epoch: 0, view: 3, height: 9, ...more };
    const hash = new Uint8Array(32).fill(block);
    const type = slot.kind === 'prepare' ? 1 : 2;
    const signed = voteBytes(chain.hash, type, slot.epoch, slot.view, slot.height, hash);
    const signatures = signers.map(at => [at, testKey(`validator ${seats[at]![0]} 0`).sign(signed)] as const);
    return { ...slot, hash, signatures, handovers: null, ...more };
  };
  const judged = (first: VoteCertificate, second: VoteCertificate) =>
    named(chain, { kind: 'votes', first, second });

  it('of one slot for two blocks name those under both', () => {
    for (const kind of ['prepare', 'commit'] as const)
      expect(judged(votes(1, [0, 1, 2], { kind }), votes(2, [1, 2, 3], { kind }))).toEqual(CODES.slice(1, 3));
  });

  it.each<[string, Partial<VoteCertificate>]>([
    ['of another kind', { kind: 'prepare' }],
    ['of another view', { view: 4 }],
    ['of another height', { height: 10 }],
  ])('%s exclude nothing', (_, more) => {
    expect(judged(votes(1, [0, 1, 2]), votes(2, [1, 2, 3], more))).toBe('no-conflict');
  });

  it('for one block, short of a quorum, or forged are none', () => {
    expect(judged(votes(1, [0, 1, 2]), votes(1, [1, 2, 3]))).toBe('no-conflict');
    expect(judged(votes(1, [0, 1, 2]), votes(2, [1, 2]))).toBe('no-quorum');
    const { signatures } = votes(3, [0, 1, 2]);
    expect(judged(votes(1, [0, 1, 2]), votes(2, [0, 1, 2], { signatures }))).toBe('bad-vote');
    const late = { epoch: 1 };
    expect(judged(votes(1, [0, 1, 2], late), votes(2, [0, 1, 2], late))).toBe('wrong-epoch');
  });
});

describe('two checkpoints', () => {
  it('are compared by what they say: height, then order; the logs say the rest', () => {
    const seats = seatsOf(4);
    const chain = plannedChain(seats);
    const { height, order, log } = forked(chain);
    const kindOf = ({ heights, branches }: { heights: readonly number[]; branches: readonly Branch[] }) => {
      const sides = [0, 1].map(side => {
        const text = branches[side]!.text(heights[side]!);
        const certified = verifyCertificate(certify(chain, seats, text, [0, 1, 2]), { chain, suite });
        if (!certified.ok) throw new Error(certified.fault.detail);
        return certified.value;
      });
      return [sides, sides.toReversed()].map(([a, b]) => {
        const pair = comparable(a!, b!, { chain, suite });
        expect(pair.first.checkpoint.height).toBeLessThanOrEqual(pair.second.checkpoint.height);
        return plainContradiction(pair)?.kind ?? null;
      });
    };
    expect(kindOf(height)).toEqual(['height', 'height']);
    expect(kindOf(order)).toEqual(['order', 'order']);
    expect(kindOf(log)).toEqual([null, null]);
  });
});
