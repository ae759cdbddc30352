import { KEY_LENGTH } from '../crypto/verifier.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { type Fault, ok, type Result, refuse } from '../encoding/result.ts';
import { type Admission, admissionCodec, admissionSubject } from '../records/admission.ts';
import type { Entry } from '../records/entry.ts';
import { type CarriedContext, readCarried } from './check-carried.ts';
import { approvalsFlaw } from './check-membership.ts';

/**
 * The admission that a governance entry by `publisher` makes, if everything about it is in order. Faults:
 * `governance-malformed`, `governance-epoch`, `governance-members` (a code that is no member's, or a key of another's),
 * `governance-approvals`.
 */
export function checkAdmission(entry: Entry, publisher: string, context: CarriedContext): Result<Admission> {
  const { hasher } = context.suite;
  const read = readCarried(
    entry,
    publisher,
    admissionCodec,
    (_, bytes) => admissionSubject(publisher, bytes, hasher).id,
    context,
  );
  if (!read.ok) return read;
  const { change, changeBytes, approvals } = read.value;
  const flaw =
    contactsFlaw(change, context) ??
    approvalsFlaw(changeBytes, approvals, context.set(context.epoch), context);
  return flaw === null ? ok(change) : { ok: false, fault: flaw };
}

function contactsFlaw({ contacts }: Admission, context: CarriedContext): Fault | null {
  const bad = (detail: string) => refuse('governance-members', detail).fault;
  const members = new Map(context.members());
  const observers = context.observers()?.observers ?? [];
  for (const { code, p2pKey } of contacts) {
    if (!members.has(code)) return bad(`${code} is no member of this chain`);
    const taken = [...members, ...contacts.map(one => [one.code, one] as const)].find(
      ([other, value]) => other !== code && value.p2pKey !== null && equalBytes(value.p2pKey, p2pKey),
    );
    if (taken !== undefined) return bad(`${code} has the network key of ${taken[0]}`);
    const observer = observers.find(one => equalBytes(one.p2pKey, p2pKey.subarray(-KEY_LENGTH)));
    if (observer !== undefined) return bad(`${code} has the network key of ${observer.code}`);
  }
  return null;
}
