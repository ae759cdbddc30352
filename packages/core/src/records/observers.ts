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
  record,
  refined,
  uint,
} from '../encoding/codec.ts';
import { type Approvals, approvedEntry } from './approvals.ts';
import type { Entry, Subject } from './entry.ts';
import { CHANGE_OBSERVERS } from './governance.ts';
import { observerCode, plainText, uscc } from './names.ts';

/** Most observers of a chain at once: they are one value of the state, which must fit into one part of a snapshot. */
export const MAX_OBSERVERS = 256;

/** Bytes of an observer: where it is reached is what a doorman knows it by. */
export const observerCodec = record({
  code: observerCode,
  name: plainText(64, 1),
  p2pKey: fixedBytes(32),
  addresses: list(plainText(128, 1), 2),
});
/**
 * Who follows the ledger and serves it, and is no member: a city, a court, a notary office. Code, name for people, raw Ed25519
 * network key, multiaddresses.
 */
export type Observer = Carried<typeof observerCodec>;

/** Observers in order of code, each once. */
export const observersCodec: Codec<readonly Observer[]> = ordered(
  list(observerCodec, MAX_OBSERVERS),
  ({ code }) => code,
);

/** Observers that are let in, or not any more, as bytes. */
export const observerChangeCodec = refined(
  record({
    v: exactly(1),
    epoch: uint(0xffff_fffe),
    carrier: uscc,
    after: nullable(uint()),
    admitted: observersCodec,
    removed: ordered(list(observerCode, MAX_OBSERVERS), code => code),
  }),
  ({ admitted, removed }) => {
    if (admitted.length + removed.length === 0) return 'a change of no observer';
    return admitted.some(({ code }) => removed.includes(code)) ? 'admitted and removed at once' : null;
  },
);
/**
 * A change of the observers, as a quorum of the set of `epoch` approves it; the carrier records it. One that is admitted and is
 * there already has a new key or new addresses. `after` is the log index of the last record that removed an observer, null
 * without one: so an admission that was approved before a removal cannot undo it.
 */
export type ObserverChange = Carried<typeof observerChangeCodec>;

/** What a change is about: the very change, so that it is recorded once. */
export function observersSubject(issuer: string, changeBytes: Uint8Array, hasher: Hasher): Subject {
  return { issuer, id: `observers ${toHex(hasher.digest(changeBytes)).slice(0, 32)}` };
}

/** The governance entry by which the carrier brings a change of observers and its approvals to the ledger. */
export function observersEntry(change: ObserverChange, approvals: Approvals, hasher: Hasher): Entry {
  const bytes = encode(observerChangeCodec, change);
  return approvedEntry(CHANGE_OBSERVERS, observersSubject(change.carrier, bytes, hasher), bytes, approvals);
}

function ordered<T>(items: Codec<readonly T[]>, codeOf: (item: T) => string): Codec<readonly T[]> {
  return refined(items, found =>
    found.every((item, i) => i === 0 || codeOf(found[i - 1]!) < codeOf(item))
      ? null
      : 'observers out of order or named twice',
  );
}
