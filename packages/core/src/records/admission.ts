import type { Hasher } from '../crypto/hasher.ts';
import { toHex } from '../encoding/bytes.ts';
import { byteString, type Carried, encode, exactly, list, record, refined, uint } from '../encoding/codec.ts';
import { type Approvals, approvedEntry } from './approvals.ts';
import type { Entry, Subject } from './entry.ts';
import { ADMIT_MEMBERS } from './governance.ts';
import { memberCode, plainText, uscc } from './names.ts';

/** A member that may connect, as bytes. */
export const contactCodec = record({
  code: memberCode,
  p2pKey: byteString(32, 64),
  addresses: list(plainText(256, 1), 8),
});

/** Who may connect from now on, as the set of `epoch` approves it, by member code. */
export const admissionCodec = record({
  v: exactly(1),
  epoch: uint(0xffff_fffe),
  carrier: uscc,
  contacts: refined(list(contactCodec, 100, 1), contacts =>
    contacts.every(({ code }, i) => i === 0 || contacts[i - 1]!.code < code)
      ? null
      : 'contacts out of order or named twice',
  ),
});
/**
 * Members with their libp2p public keys and multiaddresses: they follow the ledger without a vote, or prepare to join the
 * validators. It changes no set and ends no epoch. `carrier` is the publisher that records it: another one could bring an
 * older admission back.
 */
export type Admission = Carried<typeof admissionCodec>;

/** What an admission is about: the very change, so that it is recorded once. */
export function admissionSubject(issuer: string, changeBytes: Uint8Array, hasher: Hasher): Subject {
  return { issuer, id: `contacts ${toHex(hasher.digest(changeBytes)).slice(0, 32)}` };
}

/** The governance entry by which the carrier brings an admission and its approvals to the ledger. */
export function admissionEntry(admission: Admission, approvals: Approvals, hasher: Hasher): Entry {
  const change = encode(admissionCodec, admission);
  const subject = admissionSubject(admission.carrier, change, hasher);
  return approvedEntry(ADMIT_MEMBERS, subject, change, approvals);
}
