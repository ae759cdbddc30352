import { KEY_LENGTH } from '../crypto/verifier.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { type Fault, ok, type Result, refuse } from '../encoding/result.ts';
import type { Entry } from '../records/entry.ts';
import {
  MAX_OBSERVERS,
  type Observer,
  type ObserverChange,
  observerChangeCodec,
  observersSubject,
} from '../records/observers.ts';
import { organisationNameFlaw } from '../records/organisation-name.ts';
import type { ObserversValue } from '../records/state.ts';
import { type CarriedContext, readCarried } from './check-carried.ts';
import { approvalsFlaw } from './check-membership.ts';

/** What a change of observers is judged by beside the sets. */
export interface ObserversContext extends CarriedContext {
  /** What earlier entries of the same submission change, among it `OBSERVERS`; the check adds its own. */
  readonly named: Set<string>;
}

/** What a change of observers is called among what a submission changes: all of them are one value. */
const OBSERVERS = 'observers';
/** The observers before the first is admitted. */
const NONE: ObserversValue = { removal: null, observers: [] };

/**
 * The change of observers in a governance entry by `publisher`, if everything about it is in order. Whether a key is one is not
 * looked at: nobody connects with one that is none. Faults: `governance-malformed`, `governance-epoch`, `governance-observers`,
 * `personal-data`, `secret-document`, `governance-approvals`.
 */
export function checkObservers(
  entry: Entry,
  publisher: string,
  context: ObserversContext,
): Result<ObserverChange> {
  const { hasher } = context.suite;
  const idOf = (_: ObserverChange, bytes: Uint8Array) => observersSubject(publisher, bytes, hasher).id;
  const read = readCarried(entry, publisher, observerChangeCodec, idOf, context);
  if (!read.ok) return read;
  const { change, changeBytes, approvals } = read.value;
  const flaw =
    observersFlaw(change, context) ??
    approvalsFlaw(changeBytes, approvals, context.set(context.epoch), context);
  if (flaw !== null) return { ok: false, fault: flaw };
  context.named.add(OBSERVERS);
  return ok(change);
}

/** The observers after a change that is recorded at a log index. */
export function changedObservers(
  before: ObserversValue | null,
  { admitted, removed }: ObserverChange,
  index: number,
): ObserversValue {
  const { removal, observers } = before ?? NONE;
  const after = new Map(observers.map(observer => [observer.code, observer]));
  for (const code of removed) after.delete(code);
  for (const observer of admitted) after.set(observer.code, observer);
  return {
    removal: removed.length > 0 ? index : removal,
    observers: [...after.values()].sort((a, b) => (a.code < b.code ? -1 : 1)),
  };
}

function observersFlaw(change: ObserverChange, context: ObserversContext): Fault | null {
  const bad = (detail: string) => refuse('governance-observers', detail).fault;
  if (context.named.has(OBSERVERS)) return bad('the observers are changed twice in one submission');
  const before = context.observers() ?? NONE;
  if (change.after !== before.removal)
    return bad(
      `observers were last removed by record ${before.removal ?? 'none'}, approved after ${change.after ?? 'none'}`,
    );
  const stranger = change.removed.find(code => before.observers.every(observer => observer.code !== code));
  if (stranger !== undefined) return bad(`${stranger} is no observer`);
  const { observers } = changedObservers(before, change, 0);
  if (observers.length > MAX_OBSERVERS) return bad(`${observers.length} observers, at most ${MAX_OBSERVERS}`);
  for (const observer of change.admitted) {
    const flaw = organisationNameFlaw(observer.code, observer.name);
    if (flaw !== null) return flaw;
    const holder = holderOf(observer, observers, context);
    if (holder !== null) return bad(`${observer.code} has the network key of ${holder}`);
  }
  return null;
}

/** Who else has the network key of an observer, be it in the protobuf form of libp2p; null if nobody has. */
function holderOf(
  { code, p2pKey }: Observer,
  observers: readonly Observer[],
  context: ObserversContext,
): string | null {
  const other = observers.find(one => one.code !== code && equalBytes(one.p2pKey, p2pKey));
  if (other !== undefined) return other.code;
  for (const [member, value] of context.members())
    if (value.p2pKey !== null && equalBytes(value.p2pKey.subarray(-KEY_LENGTH), p2pKey)) return member;
  return null;
}
