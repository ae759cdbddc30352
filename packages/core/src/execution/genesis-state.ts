import { type Codec, encode, uint } from '../encoding/codec.ts';
import type { Chain } from '../ledger/genesis.ts';
import { profileCodec } from '../records/profile.ts';
import {
  epochValueCodec,
  memberValueCodec,
  type NamePart,
  parameterValueCodec,
  publisherValueCodec,
  type StateKind,
  stateName,
} from '../records/state.ts';
import type { NamedValue } from './types.ts';

/** The first height of epoch 0. */
const FIRST_HEIGHT = 1;

/**
 * The certified state of a fresh chain: members, publishers, profiles, parameters (each the canonical CBOR of its
 * number) and epoch 0, in that order and each in the order of the genesis.
 */
export function genesisState({ genesis, validators }: Chain): readonly NamedValue<Uint8Array>[] {
  const values: NamedValue<Uint8Array>[] = [];
  const put = <T>(codec: Codec<T>, value: T, kind: StateKind, part: NamePart) =>
    values.push([stateName(kind, part), encode(codec, value)]);
  for (const { code, nameZh, nameEn, validator, p2pKey, addresses } of genesis.members)
    put(memberValueCodec, { nameZh, nameEn, validator, p2pKey, addresses }, 'member', code);
  for (const { id, name, home, keys, roles, quota } of genesis.publishers) {
    const records = { day: 0, used: 0, seq: 0, head: null, changed: null };
    const value = { name, home, keys, status: 'active', roles, quota, ...records } as const;
    put(publisherValueCodec, value, 'publisher', id);
  }
  for (const profile of genesis.profiles) put(profileCodec, profile, 'profile', profile.name);
  for (const [name, value] of Object.entries(genesis.parameters))
    put(parameterValueCodec, encode(uint(), value), 'parameter', name);
  put(epochValueCodec, { n: validators.length, start: FIRST_HEIGHT, validators }, 'epoch', 0);
  return values;
}
