import {
  byteString,
  type Carried,
  encode,
  exactly,
  fixedBytes,
  list,
  nullable,
  positive,
  record,
  refined,
  uint,
} from '../encoding/codec.ts';
import { type Approvals, approvedEntry, MAX_VALIDATORS } from './approvals.ts';
import type { Entry } from './entry.ts';
import { CHANGE_MEMBERS, epochSubject } from './governance.ts';
import { memberCode, plainText } from './names.ts';

/** The last epoch that can end: epochs are 32-bit numbers in what is signed. */
const LAST_EPOCH = 0xffff_fffe;

/** A validator as it joins, as bytes. */
export const newValidatorCodec = record({
  key: fixedBytes(32),
  logKey: fixedBytes(32),
  p2pKey: byteString(32, 64),
  addresses: list(plainText(256, 1), 8),
  possession: record({ height: positive, hash: fixedBytes(32), signature: fixedBytes(64) }),
});
/**
 * A validator as it joins or comes back with new keys: validator key, log key, libp2p public key, multiaddresses, and the
 * proof that it holds the validator key: its signature over height and hash of a final checkpoint (`possessionBytes`).
 */
export type NewValidator = Carried<typeof newValidatorCodec>;

const memberChangeCodec = record({ code: memberCode, validator: nullable(newValidatorCodec) });

/** A change of the validator set, as the old set approves it. */
export const membershipChangeCodec = record({
  v: exactly(1),
  epoch: uint(LAST_EPOCH),
  members: refined(list(memberChangeCodec, MAX_VALIDATORS), members =>
    members.every(({ code }, i) => i === 0 || members[i - 1]!.code < code)
      ? null
      : 'members out of order or named twice',
  ),
});
/**
 * The epoch that the change ends, and what changes, by member code: a validator with its keys joins, or comes back with
 * new ones if it is of the set; null leaves the set.
 */
export type MembershipChange = Carried<typeof membershipChangeCodec>;

/** The governance entry by which a publisher carries a change and its approvals to the ledger. */
export function membershipEntry(issuer: string, change: MembershipChange, approvals: Approvals): Entry {
  const subject = epochSubject(issuer, change.epoch + 1);
  return approvedEntry(CHANGE_MEMBERS, subject, encode(membershipChangeCodec, change), approvals);
}
