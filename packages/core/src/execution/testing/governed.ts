import { PUBLISHER, testChain, testGenesis, testKey } from '../../../../../tests/fixtures/builder.ts';
import { encode } from '../../encoding/codec.ts';
import { nativeSuite } from '../../native/native-suite.ts';
import type { Approvals } from '../../records/approvals.ts';
import type { Entry } from '../../records/entry.ts';
import type { Profile } from '../../records/profile.ts';
import { definitionEntry, profileDefinitionCodec } from '../../records/profile-definition.ts';
import {
  type Alteration,
  type Enrolment,
  type PublisherChange,
  publisherChangeCodec,
  publishersEntry,
} from '../../records/publisher-change.ts';
import { approvalBytes } from '../../records/vote-bytes.ts';
import { B, keyOf } from './ledger.ts';
import { action, profile } from './profiles.ts';

const { hasher } = nativeSuite;
/** The action that ends a history. */
export const CLOSE = action('close', { from: ['open'], to: 'closed' });
/** The first of the chain's profiles. */
export const NOTE: Profile = profile('note', [
  action('open'),
  action('comment', { from: ['open'], by: 'any-publisher' }),
  action('inspect', { from: ['open'], by: 'home-member' }),
  CLOSE,
]);
const PROFILES = [NOTE, profile('strict', [action('open'), CLOSE])];
/** A chain of four validators with these profiles; its only publisher is at home in 110000. */
export const GOVERNED = testChain({ ...testGenesis(), profiles: PROFILES });
/** The publisher that carries what is approved here. */
export const CARRIER = PUBLISHER;
/** The key that it signs with. */
export const CARRIER_KEY = testKey('publisher').publicKey;

/** Approvals of a change by members in order of code. */
export function approvals(change: Uint8Array, members: readonly string[], epoch = 0): Approvals {
  const message = approvalBytes(GOVERNED.hash, epoch, hasher.digest(change));
  return members.map(code => [code, testKey(`validator ${code}`).sign(message)]);
}

/** What becomes of publishers; their home is 110000 unless another is named. */
export type ChangeOf = Partial<PublisherChange>;

/** A change of publishers, of nobody unless it says so. */
export function changeOf(over: ChangeOf): PublisherChange {
  return { v: 1, epoch: 0, carrier: CARRIER, home: '110000', enrolled: [], altered: [], ...over };
}

/** Its governance entry, approved by its home member unless others are named. */
export function changeEntry(over: ChangeOf, approvers?: readonly string[]): Entry {
  const change = changeOf(over);
  const by = approvers ?? [change.home];
  return publishersEntry(change, approvals(encode(publisherChangeCodec, change), by), hasher);
}

/** An enrolment with one key, as issuer in every profile and without a quota. */
export function enrolment(over: Partial<Enrolment> = {}): Enrolment {
  const id = over.id ?? B;
  return { id, name: `演示 ${id}`, keys: [keyOf(id)], roles: [], quota: 0, ...over };
}

/** An alteration of nothing but what is given, of a publisher last changed by record `after`. */
export function alteration(after: number | null, over: Partial<Alteration>): Alteration {
  return { id: B, after, status: null, keys: null, roles: null, quota: null, ...over };
}

/** The governance entry of a profile, approved by three of the four unless others are named. */
export function profileEntry(
  profile: Profile,
  approvers: readonly string[] = ['110000', '120000', '130000'],
): Entry {
  const definition = { v: 1 as const, epoch: 0, carrier: CARRIER, profile };
  return definitionEntry(definition, approvals(encode(profileDefinitionCodec, definition), approvers));
}
