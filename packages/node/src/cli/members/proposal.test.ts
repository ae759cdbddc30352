import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CHANGE_MEMBERS,
  CHANGE_PUBLISHERS,
  type Chain,
  encode,
  type Proposal,
  proposalsCodec,
} from '@qifeng/core';
import { afterAll, describe, expect, it } from 'vitest';
import { PUBLISHER, testChain, testGenesis, testKey } from '../../../../../tests/fixtures/builder.ts';
import { approve } from './membership.ts';
import type { SetNow } from './nodes.ts';
import { approvers, enough, mergedFiles, proposalOf, readProposals, writeProposals } from './proposal.ts';

const chain: Chain = testChain();
const CODES = ['110000', '120000', '130000', '140000'];
const set: SetNow = {
  epoch: 0,
  quorum: 3,
  validators: CODES,
  keys: new Map(CODES.map(code => [code, testKey(`validator ${code}`).publicKey])),
  members: [],
  observers: [],
  removal: null,
};
const folder = mkdtempSync(join(tmpdir(), 'qifeng-proposals-'));
const path = join(folder, 'proposals');

const leaving = proposalOf(chain, {
  action: CHANGE_MEMBERS,
  change: { v: 1, epoch: 0, members: [{ code: '110000', validator: null }] },
});

/** A proposal about one publisher of a home member, by those who approved it. */
function proposed(home: string, by: readonly string[], quota = 1): Proposal {
  const nothing = { after: null, status: null, keys: null, roles: null };
  const proposal = proposalOf(chain, {
    action: CHANGE_PUBLISHERS,
    change: {
      ...{ v: 1, epoch: 0, carrier: PUBLISHER, home },
      ...{ enrolled: [], altered: [{ id: PUBLISHER, ...nothing, quota }] },
    },
  });
  return { ...proposal, approvals: by.map(code => approval(code, proposal)) };
}

function approval(member: string, { change }: Proposal) {
  const keys = { validator: testKey(`validator ${member}`) };
  return approve({ member, keys } as Parameters<typeof approve>[0], chain, 0, change);
}

describe('proposals', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('need their home member alone where it has a vote, else a quorum', () => {
    const codes = (proposal: Proposal) => enough(proposal, chain, set).map(([code]) => code);
    expect(codes(proposed('110000', ['110000']))).toEqual(['110000']);
    expect(codes(proposed('110000', ['110000', '120000']))).toEqual(['110000']);
    expect(codes(proposed('110000', ['120000', '130000', '140000']))).toHaveLength(3);
    expect(codes(proposed('650000', ['110000', '120000', '130000']))).toHaveLength(3);
    for (const [home, by] of [
      ['110000', ['120000']],
      ['110000', ['120000', '130000']],
      ['650000', ['110000', '120000']],
      ['650000', ['650000']],
    ] as const)
      expect(() => codes(proposed(home, by)), `${home} by ${by}`).toThrow('too-few-approvals');
    // Other changes need a quorum whoever approves.
    expect(() => codes({ ...leaving, approvals: [approval('110000', leaving)] })).toThrow(
      'too-few-approvals',
    );
  });

  it('count approvals that are over their own change and by a key of the set', () => {
    const one = proposed('650000', ['110000', '120000']);
    const other = proposed('650000', ['130000'], 2);
    expect(approvers({ ...one, approvals: [...one.approvals, ...other.approvals] }, chain, set)).toEqual([
      '110000',
      '120000',
    ]);
  });

  it('travel many in a file, and copies of it come together one by one', () => {
    const by = (...codes: readonly string[]) => [1, 2].map(quota => proposed('650000', codes, quota));
    writeProposals(path, by('140000', '110000'));
    const read = readProposals(path, chain);
    expect(read.map(({ approvals }) => approvals.map(([code]) => code))).toEqual(
      Array(2).fill(['110000', '140000']),
    );
    for (const proposal of mergedFiles([read, by('120000')]))
      expect(enough(proposal, chain, set)).toHaveLength(3);
    const [first, second] = read as [Proposal, Proposal];
    expect(() => mergedFiles([read, [first]])).toThrow('other-proposal');
    expect(() => mergedFiles([read, [second, first]])).toThrow('other-proposal');
  });

  it('are of one chain, and at least one', () => {
    const [good] = [proposed('650000', [])];
    const refused = (bytes: Uint8Array) => {
      writeFileSync(path, bytes);
      return () => readProposals(path, chain);
    };
    const other = testChain(testGenesis('Another')).hash;
    expect(refused(encode(proposalsCodec, [good, { ...good, genesis: other }]))).toThrow('other-chain');
    expect(refused(new Uint8Array([0x80]))).toThrow('bad-proposal');
    // An approver would not see the second.
    expect(refused(encode(proposalsCodec, [good, leaving]))).toThrow('bad-proposal');
    expect(refused(encode(proposalsCodec, [leaving]))()).toHaveLength(1);
  });
});
