import { testKey } from '../../../../../tests/fixtures/builder.ts';
import { encode } from '../../encoding/codec.ts';
import { nativeSuite as suite } from '../../native/native-suite.ts';
import type { Approvals } from '../../records/approvals.ts';
import type { Entry } from '../../records/entry.ts';
import {
  type MembershipChange,
  membershipChangeCodec,
  membershipEntry,
  type NewValidator,
} from '../../records/membership.ts';
import type { Observer } from '../../records/observers.ts';
import type { EpochValue, MemberValue } from '../../records/state.ts';
import { approvalBytes, possessionBytes } from '../../records/vote-bytes.ts';
import { checkMembership, type MembershipContext } from '../check-membership.ts';

const { hasher } = suite;
/** Who submits. */
export const PUBLISHER = '11100000000013338W';
/** The genesis hash, and that of the checkpoint which newcomers sign. */
export const GENESIS = new Uint8Array(32).fill(7);
export const HASH = new Uint8Array(32).fill(9);
/** Codes of all members there are. */
export const CODES = Array.from({ length: 40 }, (_, i) => `${10 + i}0000`);

/** A member as it is in one set: its code, and how often it came back with new keys. */
export type Seat = readonly [code: string, generation: number];
/** A key of a member. */
export const keyOf = (kind: string, [code, generation]: Seat) => testKey(`${kind} ${code} ${generation}`);
/** The value of a set that starts at a height. */
export const setOf = (seats: readonly Seat[], start: number): EpochValue => ({
  n: seats.length,
  start,
  validators: seats.map(seat => ({
    code: seat[0],
    key: keyOf('validator', seat).publicKey,
    logKey: keyOf('log', seat).publicKey,
  })),
});
/** A libp2p public key in its protobuf form. */
export const p2pKeyOf = (seat: Seat) => Uint8Array.of(8, 1, 18, 32, ...keyOf('p2p', seat).publicKey);

/** The one observer there is. */
export const OBSERVER: Observer = {
  code: '530100',
  name: '演示',
  p2pKey: testKey('p2p observer').publicKey,
  addresses: [],
};

/** A world in which epoch 2 is current: its base is block 20, the block that carries the change is 200. */
export interface World {
  readonly seats: readonly Seat[];
  /** Sets of the epochs before, the current one left out. */
  readonly past: readonly (readonly Seat[])[];
  readonly height: number;
  readonly ended: boolean;
}
/** First height of the current epoch. */
export const START = 21;
/** Seven members in epoch 2; one of epoch 1 is gone. */
export const world: World = {
  seats: CODES.slice(0, 7).map(code => [code, 0]),
  past: [CODES.slice(0, 4).map(code => [code, 0]), [...CODES.slice(0, 5), CODES[9]!].map(code => [code, 0])],
  height: 200,
  ended: false,
};

/** What a change in this world is judged by. */
export function contextOf({ seats, past, height, ended }: World): MembershipContext {
  const sets = [...past.map((of, i) => setOf(of, 1 + 10 * i)), setOf(seats, START)];
  const member = (code: string): MemberValue | null => {
    if (!CODES.includes(code)) return null;
    const p2pKey = p2pKeyOf(seats.find(seat => seat[0] === code) ?? [code, 0]);
    return { nameZh: '成员', nameEn: 'Member', validator: true, p2pKey, addresses: [] };
  };
  const members = () => CODES.map(code => [code, member(code)!] as const);
  const set = (epoch: number) => sets[epoch]!;
  const observers = () => ({ removal: null, observers: [OBSERVER] });
  return { genesis: GENESIS, suite, height, epoch: past.length, ended, set, member, members, observers };
}

/** What a test changes of a change before it is approved, and of the approvals after. */
export interface Plan {
  readonly world?: Partial<World>;
  readonly change?: Partial<MembershipChange>;
  readonly joining?: (own: NewValidator) => NewValidator;
  readonly approvals?: (own: Approvals, change: Uint8Array) => Approvals;
  readonly entry?: Partial<Entry>;
}

/** A validator with these keys, and the signature that it holds them. */
export function joins(seat: Seat, epoch: number, height = 150): NewValidator {
  const key = keyOf('validator', seat);
  return {
    key: key.publicKey,
    logKey: keyOf('log', seat).publicKey,
    p2pKey: p2pKeyOf(seat),
    addresses: ['/dns4/a.example/tcp/8201'],
    possession: { height, hash: HASH, signature: key.sign(possessionBytes(GENESIS, epoch, height, HASH)) },
  };
}

/** The approval of a change by a member of the set. */
export const approve = (seat: Seat, epoch: number, change: Uint8Array): Approvals[number] => [
  seat[0],
  keyOf('validator', seat).sign(approvalBytes(GENESIS, epoch, hasher.digest(change))),
];

/** The code of the verdict on a change by which member 20 joins, but for what the plan changes. */
export function verdict(plan: Plan = {}): string {
  const given = { ...world, ...plan.world };
  const epoch = given.past.length;
  const own = joins([CODES[20]!, 0], epoch);
  const members = [{ code: CODES[20]!, validator: plan.joining?.(own) ?? own }];
  const change: MembershipChange = { v: 1, epoch, members, ...plan.change };
  const bytes = encode(membershipChangeCodec, change);
  const approvals = given.seats.slice(0, 5).map(seat => approve(seat, epoch, bytes));
  const entry = membershipEntry(PUBLISHER, change, plan.approvals?.(approvals, bytes) ?? approvals);
  return codeOf(checkMembership({ ...entry, ...plan.entry }, PUBLISHER, contextOf(given)));
}
/** The code of a verdict. */
export const codeOf = (checked: ReturnType<typeof checkMembership>) =>
  checked.ok ? 'ok' : checked.fault.code;
