import { describe, expect, it } from 'vitest';
import type { testKey } from '../../../../tests/fixtures/builder.ts';
import { smallPoints } from '../../../../tests/vectors/ed25519-edge.ts';
import { nativeSuite as suite } from '../native/native-suite.ts';
import { membershipEntry } from '../records/membership.ts';
import { looseCbor } from '../records/testing/loose.ts';
import { possessionBytes, voteBytes } from '../records/vote-bytes.ts';
import { changedSet } from './check-membership.ts';
import {
  approve,
  CODES,
  GENESIS,
  HASH,
  joins,
  keyOf,
  OBSERVER,
  type Plan,
  PUBLISHER,
  p2pKeyOf,
  type Seat,
  START,
  setOf,
  verdict,
  world,
} from './testing/membership-world.ts';

const { hasher } = suite;
const entry = membershipEntry(PUBLISHER, { v: 1, epoch: 2, members: [] }, []);
const metaWith = (pairs: [string, Uint8Array | string][]) => ({ entry: { meta: new Map(pairs) } });
const own = [...entry.meta] as [string, Uint8Array][];
const signedBy = (signer: ReturnType<typeof testKey>, message: Uint8Array, height = 150) => ({
  possession: { height, hash: HASH, signature: signer.sign(message) },
});
const twenty = keyOf('validator', [CODES[20]!, 0]);

describe('a change of members', () => {
  it('joins, with the approval of q or more', () => {
    expect(verdict()).toBe('ok');
    expect(verdict({ approvals: (all, bytes) => [...all, approve(world.seats[6]!, 2, bytes)] })).toBe('ok');
  });

  it('makes another set, and no new keys for those who stay', () => {
    const set = setOf(world.seats, START);
    const [first] = world.seats;
    const members = [
      { code: first![0], validator: null },
      { code: world.seats[3]![0], validator: joins([world.seats[3]![0], 1], 2) },
      { code: CODES[20]!, validator: joins([CODES[20]!, 0], 2) },
    ];
    const next: Seat[] = world.seats.slice(1).map(([code]) => [code, code === world.seats[3]![0] ? 1 : 0]);
    expect(changedSet(set, { v: 1, epoch: 2, members }, 201)).toEqual(setOf([...next, [CODES[20]!, 0]], 201));
  });

  it.each<[code: string, why: string, Plan]>([
    ['governance-malformed', 'another action', { entry: { action: 'change-rules' } }],
    ['governance-malformed', 'a digest', { entry: { digest: { alg: 'sha256', hash: HASH } } }],
    ['governance-malformed', 'a prev', { entry: { prev: 0 } }],
    [
      'governance-malformed',
      'a link',
      { entry: { links: [{ rel: 'x', subject: entry.subject, index: 0 }] } },
    ],
    [
      'governance-malformed',
      'an origin',
      { entry: { origin: { method: '', tool: '', operator: '', capturedAt: null, earlier: null } } },
    ],
    ['governance-malformed', 'no change', metaWith(own.slice(1))],
    ['governance-malformed', 'more meta', metaWith([...own, ['x', HASH]])],
    ['governance-malformed', 'a change that is text', metaWith([['change', 'x'], own[1]!])],
    ['governance-malformed', 'a change of other bytes', metaWith([['change', HASH], own[1]!])],
    ['governance-malformed', 'approvals of other bytes', metaWith([own[0]!, ['approvals', HASH]])],
    [
      'governance-malformed',
      'a change of another version',
      metaWith([['change', looseCbor([2, 2, []])], own[1]!]),
    ],
    [
      'governance-malformed',
      'members out of order',
      metaWith([
        [
          'change',
          looseCbor([
            1,
            2,
            [
              ['120000', null],
              ['110000', null],
            ],
          ]),
        ],
        own[1]!,
      ]),
    ],
    [
      'governance-malformed',
      'a member twice',
      metaWith([
        [
          'change',
          looseCbor([
            1,
            2,
            [
              ['110000', null],
              ['110000', null],
            ],
          ]),
        ],
        own[1]!,
      ]),
    ],
    [
      'governance-malformed',
      'the subject of another epoch',
      { entry: { subject: { issuer: PUBLISHER, id: 'epoch 2' } } },
    ],
    [
      'governance-malformed',
      'the subject of another publisher',
      { entry: { subject: { issuer: '11430000006122244L', id: 'epoch 3' } } },
    ],
    [
      'governance-epoch',
      'an epoch before',
      { change: { epoch: 1 }, entry: { subject: { issuer: PUBLISHER, id: 'epoch 2' } } },
    ],
    [
      'governance-epoch',
      'an epoch after',
      { change: { epoch: 3 }, entry: { subject: { issuer: PUBLISHER, id: 'epoch 4' } } },
    ],
    ['governance-epoch', 'an epoch that ended in this block', { world: { ended: true } }],
    ['governance-members', 'nobody’s code', { change: { members: [{ code: '990000', validator: null }] } }],
    [
      'governance-members',
      'nobody’s code that joins',
      { change: { members: [{ code: '990000', validator: joins(['990000', 0], 2) }] } },
    ],
    [
      'governance-members',
      'one leaves that is none',
      { change: { members: [{ code: CODES[20]!, validator: null }] } },
    ],
    ['governance-limit', 'nothing changes', { change: { members: [] } }],
    [
      'governance-limit',
      'three of seven',
      { change: { members: CODES.slice(0, 3).map(code => ({ code, validator: null })) } },
    ],
    [
      'governance-limit',
      'two leave seven, and the five that stay bear one',
      { change: { members: CODES.slice(0, 2).map(code => ({ code, validator: null })) } },
    ],
    ['governance-limit', 'a set of three', { world: { seats: world.seats.slice(0, 3) } }],
    ['governance-approvals', 'one too few', { approvals: all => all.slice(1) }],
    ['governance-approvals', 'none', { approvals: () => [] }],
    ['governance-approvals', 'one twice', { approvals: all => all.with(1, all[0]!) }],
    ['governance-approvals', 'q and one of them twice', { approvals: all => [...all, all[4]!] }],
    ['governance-approvals', 'out of order', { approvals: all => all.toReversed() }],
    [
      'governance-approvals',
      'one of nobody in the set',
      { approvals: (all, bytes) => [...all, approve([CODES[30]!, 0], 2, bytes)] },
    ],
    [
      'governance-approvals',
      'one by a member that left before, with the key it had',
      { approvals: (all, bytes) => all.with(4, approve([CODES[9]!, 0], 2, bytes)) },
    ],
    [
      'governance-approvals',
      'one by another’s key',
      { approvals: all => all.with(4, [all[4]![0], all[3]![1]]) },
    ],
    [
      'governance-approvals',
      'a wrong one beside q',
      { approvals: all => [...all, [world.seats[6]![0], new Uint8Array(64)]] },
    ],
    [
      'governance-approvals',
      'approvals of another change',
      { approvals: (all, bytes) => all.map((_, i) => approve(world.seats[i]!, 2, bytes.with(0, 0))) },
    ],
    [
      'governance-approvals',
      'approvals of another epoch',
      { approvals: (all, bytes) => all.map((_, i) => approve(world.seats[i]!, 1, bytes)) },
    ],
    [
      'governance-approvals',
      'votes over the same hash',
      {
        approvals: (all, bytes) =>
          all.map(([code], i) => {
            const vote = voteBytes(GENESIS, 2, 2, 0, 0, hasher.digest(bytes));
            return [code, keyOf('validator', world.seats[i]!).sign(vote)];
          }),
      },
    ],
    [
      'governance-keys',
      'a key of small order',
      { joining: all => ({ ...all, key: new Uint8Array(smallPoints()[0]!.canonical) }) },
    ],
    [
      'governance-keys',
      'a log key that is none',
      { joining: all => ({ ...all, logKey: new Uint8Array(32).fill(255) }) },
    ],
    ['governance-keys', 'one key for both', { joining: all => ({ ...all, logKey: all.key }) }],
    [
      'governance-keys',
      'the key of another',
      { joining: all => ({ ...all, key: keyOf('validator', world.seats[2]!).publicKey }) },
    ],
    [
      'governance-keys',
      'another’s log key as validator key',
      { joining: all => ({ ...all, key: keyOf('log', world.seats[2]!).publicKey }) },
    ],
    [
      'governance-keys',
      'a key of one that left long ago',
      { joining: all => ({ ...all, logKey: keyOf('log', [CODES[9]!, 0]).publicKey }) },
    ],
    [
      'governance-keys',
      'one comes back with the key it has',
      { change: { members: [{ code: CODES[0]!, validator: joins([CODES[0]!, 0], 2) }] } },
    ],
    [
      'governance-keys',
      'the p2p key is its validator key',
      { joining: all => ({ ...all, p2pKey: all.key }) },
    ],
    [
      'governance-keys',
      'the p2p key is another’s log key',
      {
        joining: all => ({
          ...all,
          p2pKey: Uint8Array.of(8, 1, 18, 32, ...keyOf('log', world.seats[1]!).publicKey),
        }),
      },
    ],
    [
      'governance-keys',
      'another’s p2p key',
      { joining: all => ({ ...all, p2pKey: p2pKeyOf(world.seats[1]!) }) },
    ],
    [
      'governance-keys',
      'another’s p2p key as log key',
      { joining: all => ({ ...all, logKey: keyOf('p2p', world.seats[1]!).publicKey }) },
    ],
    [
      'governance-keys',
      'an observer’s p2p key',
      { joining: all => ({ ...all, p2pKey: Uint8Array.of(8, 1, 18, 32, ...OBSERVER.p2pKey) }) },
    ],
    [
      'governance-keys',
      'an observer’s p2p key as its own',
      { joining: all => ({ ...all, key: OBSERVER.p2pKey }) },
    ],
    [
      'governance-keys',
      'the p2p key of a member without a vote',
      { joining: all => ({ ...all, p2pKey: p2pKeyOf([CODES[9]!, 0]) }) },
    ],
    [
      'governance-keys',
      'the p2p key of one that leaves, and goes on without a vote',
      {
        change: {
          members: [
            { code: CODES[0]!, validator: null },
            {
              code: CODES[20]!,
              validator: { ...joins([CODES[20]!, 0], 2), p2pKey: p2pKeyOf([CODES[0]!, 0]) },
            },
          ],
        },
      },
    ],
    [
      'governance-possession',
      'by another key',
      {
        joining: all => ({
          ...all,
          ...signedBy(keyOf('log', [CODES[20]!, 0]), possessionBytes(GENESIS, 2, 150, HASH)),
        }),
      },
    ],
    [
      'governance-possession',
      'of another epoch',
      { joining: all => ({ ...all, ...signedBy(twenty, possessionBytes(GENESIS, 1, 150, HASH)) }) },
    ],
    [
      'governance-possession',
      'of another height',
      { joining: all => ({ ...all, ...signedBy(twenty, possessionBytes(GENESIS, 2, 151, HASH)) }) },
    ],
    [
      'governance-possession',
      'of another hash',
      { joining: all => ({ ...all, ...signedBy(twenty, possessionBytes(GENESIS, 2, 150, GENESIS)) }) },
    ],
    [
      'governance-possession',
      'of another chain',
      { joining: all => ({ ...all, ...signedBy(twenty, possessionBytes(HASH, 2, 150, HASH)) }) },
    ],
    [
      'governance-possession',
      'as a vote',
      { joining: all => ({ ...all, ...signedBy(twenty, voteBytes(GENESIS, 1, 2, 0, 150, HASH)) }) },
    ],
    ['governance-possession', 'below the epoch', { joining: () => joins([CODES[20]!, 0], 2, START - 2) }],
    ['governance-possession', 'of this very block', { joining: () => joins([CODES[20]!, 0], 2, 200) }],
  ])('is refused as %s: %s', (code, _, plan) => expect(verdict(plan)).toBe(code));

  it.each<[why: string, Plan]>([
    ['the block the epoch stands on', { joining: () => joins([CODES[20]!, 0], 2, START - 1) }],
    ['the block before this one', { joining: () => joins([CODES[20]!, 0], 2, 199) }],
    ['a height not known yet', { world: { height: Number.POSITIVE_INFINITY } }],
    [
      'one comes back and keeps its p2p key',
      {
        change: {
          members: [
            { code: CODES[0]!, validator: { ...joins([CODES[0]!, 1], 2), p2pKey: p2pKeyOf([CODES[0]!, 0]) } },
          ],
        },
      },
    ],
    ['one leaves', { change: { members: [{ code: CODES[0]!, validator: null }] } }],
    [
      'two come back and exchange their p2p keys',
      {
        change: {
          members: [0, 1].map(i => {
            const p2pKey = p2pKeyOf([CODES[1 - i]!, 0]);
            return { code: CODES[i]!, validator: { ...joins([CODES[i]!, 1], 2), p2pKey } };
          }),
        },
      },
    ],
  ])('is taken with %s', (_, plan) => expect(verdict(plan)).toBe('ok'));
});
