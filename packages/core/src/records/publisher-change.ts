import type { Hasher } from '../crypto/hasher.ts';
import { toHex } from '../encoding/bytes.ts';
import {
  type Carried,
  type Codec,
  encode,
  exactly,
  fixedBytes,
  list,
  nullable,
  oneOf,
  record,
  refined,
  uint,
} from '../encoding/codec.ts';
import { type Approvals, approvedEntry } from './approvals.ts';
import type { Entry, Subject } from './entry.ts';
import { CHANGE_PUBLISHERS } from './governance.ts';
import { memberCode, plainText, uscc } from './names.ts';
import { rolesCodec } from './roles.ts';

/** More than an entry of 16 KiB has room for. */
const MOST = 1024;
const keysCodec = list(fixedBytes(32), 8, 1);

const enrolmentCodec = record({
  id: uscc,
  name: plainText(256, 1),
  keys: keysCodec,
  roles: rolesCodec,
  quota: uint(),
});
/** A publisher that is enrolled, as bytes in a change: with whatever it may do from then on. */
export type Enrolment = Carried<typeof enrolmentCodec>;

const alterationCodec = refined(
  record({
    id: uscc,
    after: nullable(uint()),
    status: nullable(oneOf('active', 'suspended')),
    keys: nullable(keysCodec),
    roles: nullable(rolesCodec),
    quota: nullable(uint()),
  }),
  ({ status, keys, roles, quota }) =>
    [status, keys, roles, quota].every(part => part === null) ? 'nothing is changed' : null,
);
/**
 * What changes of a publisher; null stays as it is. `after` is the log index of the record that last changed it, null for
 * one that is as the genesis has it: so a change that was approved before another one cannot come after it.
 */
export type Alteration = Carried<typeof alterationCodec>;

/** Publishers of one home member that are enrolled or changed, as bytes. */
export const publisherChangeCodec = refined(
  record({
    v: exactly(1),
    epoch: uint(0xffff_fffe),
    carrier: uscc,
    home: memberCode,
    enrolled: byId(enrolmentCodec),
    altered: byId(alterationCodec),
  }),
  ({ enrolled, altered }) => (enrolled.length + altered.length > 0 ? null : 'a change of no publisher'),
);
/** A change of publishers, as their home member approves it in an epoch, or a quorum of the set; the carrier records it. */
export type PublisherChange = Carried<typeof publisherChangeCodec>;

function byId<T extends { readonly id: string }>(item: Codec<T>): Codec<readonly T[]> {
  return refined(list(item, MOST), items =>
    items.every(({ id }, i) => i === 0 || items[i - 1]!.id < id)
      ? null
      : 'publishers out of order or named twice',
  );
}

/** What a change is about: the very change, so that it is recorded once. */
export function publishersSubject(issuer: string, changeBytes: Uint8Array, hasher: Hasher): Subject {
  return { issuer, id: `publishers ${toHex(hasher.digest(changeBytes)).slice(0, 32)}` };
}

/** The governance entry by which the carrier brings a change of publishers and its approvals to the ledger. */
export function publishersEntry(change: PublisherChange, approvals: Approvals, hasher: Hasher): Entry {
  const bytes = encode(publisherChangeCodec, change);
  return approvedEntry(CHANGE_PUBLISHERS, publishersSubject(change.carrier, bytes, hasher), bytes, approvals);
}
