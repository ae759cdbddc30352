import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../encoding/codec.ts';
import { isGovernance } from '../records/governance.ts';
import { type MembershipChange, membershipChangeCodec, membershipEntry } from '../records/membership.ts';
import { approvalBytes, possessionBytes, voteBytes } from '../records/vote-bytes.ts';
import { checkMembership, MAX_POSSESSION_AGE, possessionFlaw } from './check-membership.ts';
import {
  approve,
  CODES,
  codeOf,
  contextOf,
  GENESIS,
  HASH,
  joins,
  PUBLISHER,
  type Seat,
} from './testing/membership-world.ts';

describe('the sizes of sets', () => {
  const plans = fc.record({
    n: fc.integer({ min: 1, max: 34 }),
    leaving: fc.nat(4),
    returning: fc.nat(4),
    joining: fc.nat(4),
    approving: fc.nat(40),
  });

  it('allow what a plain model allows, and no more', { timeout: 60_000 }, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(plans, ({ n, leaving, returning, joining, approving }) => {
        const seats = CODES.slice(0, n).map((code): Seat => [code, 0]);
        fc.pre(leaving + returning <= n && n + joining <= CODES.length);
        const members = [
          ...seats.slice(0, leaving).map(([code]) => ({ code, validator: null })),
          ...seats
            .slice(leaving, leaving + returning)
            .map(([code]) => ({ code, validator: joins([code, 1], 0) })),
          ...CODES.slice(n, n + joining).map(code => ({ code, validator: joins([code, 0], 0) })),
        ];
        const change: MembershipChange = { v: 1, epoch: 0, members };
        const bytes = encode(membershipChangeCodec, change);
        const approvals = seats.slice(n - Math.min(n, approving)).map(seat => approve(seat, 0, bytes));
        const context = contextOf({ seats, past: [], height: 200, ended: false });
        const found = codeOf(
          checkMembership(membershipEntry(PUBLISHER, change, approvals), PUBLISHER, context),
        );
        // Written out by hand: q overlaps any other q in f + 1.
        const f = (size: number) => Math.floor((size - 1) / 3);
        const count = leaving + returning + joining;
        const after = n - leaving + joining;
        const wanted =
          count < 1 || count > f(n) || count > f(after)
            ? 'governance-limit'
            : 2 * approvals.length < n + f(n) + 1
              ? 'governance-approvals'
              : 'ok';
        seen.add(wanted);
        expect(found).toBe(wanted);
      }),
      { numRuns: 250 },
    );
    expect(seen.size).toBe(3);
  });
});

describe('what an approver asks', () => {
  const known = (height: number) => (height === 150 ? HASH : GENESIS);
  const change: MembershipChange = {
    v: 1,
    epoch: 2,
    members: [
      { code: CODES[0]!, validator: null },
      { code: CODES[20]!, validator: joins([CODES[20]!, 0], 2) },
    ],
  };
  const codeAt = (now: number, at: typeof known | (() => null) = known) =>
    possessionFlaw(change, at, now)?.code ?? 'ok';

  it('a checkpoint that is final, known and at most 100 blocks old', () => {
    expect(codeAt(150)).toBe('ok');
    expect(codeAt(150 + MAX_POSSESSION_AGE)).toBe('ok');
    expect(codeAt(151 + MAX_POSSESSION_AGE)).toBe('governance-possession');
    expect(codeAt(149)).toBe('governance-possession');
    expect(codeAt(160, () => null)).toBe('governance-possession');
    expect(codeAt(160, () => GENESIS as never)).toBe('governance-possession');
    expect(possessionFlaw({ ...change, members: change.members.slice(0, 1) }, () => null, 0)).toBeNull();
  });
});

describe('what is signed', () => {
  it('is told apart by its type byte alone', () => {
    const all = [1, 2, 3, 4, 5].map(type => voteBytes(GENESIS, type, 2, 0, 0, HASH));
    all.push(approvalBytes(GENESIS, 2, HASH), possessionBytes(GENESIS, 2, 0, HASH));
    expect(new Set(all.map(bytes => bytes.join())).size).toBe(7);
    for (const bytes of all) expect([bytes.length, bytes[0]]).toEqual([1 + 14 + 1 + 32 + 4 + 8 + 8 + 32, 0]);
  });

  const entry = membershipEntry(PUBLISHER, { v: 1, epoch: 2, members: [] }, []);

  it('a submission is of governance by its entries alone', () => {
    expect(isGovernance({ entries: [entry] })).toBe(true);
    const other = { ...entry, profile: 'policy' };
    expect(isGovernance({ entries: [other] })).toBe(false);
    expect(isGovernance({ entries: [other, { ...entry, action: 'nonsense' }] })).toBe(true);
  });
});
