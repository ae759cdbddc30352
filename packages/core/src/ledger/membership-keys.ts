import { KEY_LENGTH, type Verifier } from '../crypto/verifier.ts';
import { toHex } from '../encoding/bytes.ts';
import { type Fault, refuse } from '../encoding/result.ts';
import type { MembershipChange } from '../records/membership.ts';
import type { EpochValue, MemberValue, ObserversValue } from '../records/state.ts';

/** What the keys of a change are compared with. */
export interface KeyHistory {
  readonly suite: { readonly verifier: Verifier };
  readonly epoch: number;
  set(epoch: number): EpochValue;
  /** Every member of the chain as it stands, validator or not. */
  members(): Iterable<readonly [code: string, value: MemberValue]>;
  /** Those who follow and are no members; null before the first was admitted. */
  observers(): ObserversValue | null;
}

/**
 * What speaks against the keys of a change, or null. Every validator key and log key is canonical and of prime order and
 * was never used for either by anybody: a retired key may be erased, stolen or sold, and must not count again. A libp2p
 * key belongs to one member, also one that leaves and goes on without a vote, and is no validator or log key: its last 32 bytes are the raw key, in the
 * protobuf form of libp2p too. Nor is it an observer's. Fault: `governance-keys`.
 */
export function keysFlaw({ members }: MembershipChange, history: KeyHistory): Fault | null {
  const bad = (detail: string) => refuse('governance-keys', detail).fault;
  const used = new Set<string>();
  const use = (key: Uint8Array): boolean => used.size < used.add(toHex(key)).size;
  for (let epoch = 0; epoch <= history.epoch; epoch++)
    for (const { key, logKey } of history.set(epoch).validators) [key, logKey].forEach(use);
  // Those who stay are not judged again: what the genesis let them have must not make every change impossible.
  const joining = new Set(members.filter(({ validator }) => validator !== null).map(({ code }) => code));
  const p2pKeys = [...history.members()].flatMap(([code, { p2pKey }]) =>
    joining.has(code) ? [] : (p2pKey ?? []),
  );
  const observers = (history.observers()?.observers ?? []).map(({ p2pKey }) => rawKey(p2pKey));
  const rawP2pKeys = new Set([...p2pKeys.map(rawKey), ...observers]);
  for (const { code, validator } of members) {
    if (validator === null) continue;
    for (const key of [validator.key, validator.logKey]) {
      if (!history.suite.verifier.isKey(key))
        return bad(`a key of ${code} is not canonical or not of prime order`);
      if (!use(key)) return bad(`a key of ${code} is or was used already`);
      if (rawP2pKeys.has(toHex(key))) return bad(`a key of ${code} is a p2p key`);
    }
  }
  const taken = new Set(p2pKeys.map(toHex));
  for (const { code, validator } of members) {
    if (validator === null) continue;
    if (used.has(rawKey(validator.p2pKey))) return bad(`the p2p key of ${code} is a validator or log key`);
    if (observers.includes(rawKey(validator.p2pKey))) return bad(`the p2p key of ${code} is an observer's`);
    if (taken.size === taken.add(toHex(validator.p2pKey)).size)
      return bad(`the p2p key of ${code} is another's`);
  }
  return null;
}

function rawKey(p2pKey: Uint8Array): string {
  return toHex(p2pKey.subarray(-KEY_LENGTH));
}
