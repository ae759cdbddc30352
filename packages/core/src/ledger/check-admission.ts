import { equalBytes } from '../encoding/bytes.ts';
import { type Fault, ok, type Result, refuse } from '../encoding/result.ts';
import { type Admission, admissionCodec, admissionSubject } from '../records/admission.ts';
import type { Entry } from '../records/entry.ts';
import { approvalsFlaw, type MembershipContext, readApproved } from './check-membership.ts';

/** What an admission is judged by beside the sets. */
export interface AdmissionContext extends MembershipContext {
  /** The entry's subject has a record already. */
  readonly recorded: boolean;
}

/**
 * The admission that a governance entry by `publisher` makes, if everything about it is in order. Faults:
 * `governance-malformed`, `governance-epoch`, `governance-members` (a code that is no member's, or a key of another's),
 * `governance-approvals`.
 */
export function checkAdmission(
  entry: Entry,
  publisher: string,
  context: AdmissionContext,
): Result<Admission> {
  const read = readApproved(entry, admissionCodec);
  if (!read.ok) return read;
  const { change, changeBytes, approvals } = read.value;
  const subject = admissionSubject(publisher, changeBytes, context.suite.hasher);
  if (change.carrier !== publisher)
    return refuse(
      'governance-malformed',
      `approved to be recorded by ${change.carrier}, not by ${publisher}`,
    );
  if (entry.subject.issuer !== publisher || entry.subject.id !== subject.id || context.recorded)
    return refuse(
      'governance-malformed',
      `the subject is not ${subject.id} of the submitting publisher, anew`,
    );
  const { epoch, ended } = context;
  if (change.epoch !== epoch || ended)
    return refuse(
      'governance-epoch',
      `admitted in epoch ${change.epoch}, epoch ${ended ? epoch + 1 : epoch} is current`,
    );
  const flaw =
    contactsFlaw(change, context) ?? approvalsFlaw(changeBytes, approvals, context.set(epoch), context);
  return flaw === null ? ok(change) : { ok: false, fault: flaw };
}

function contactsFlaw({ contacts }: Admission, context: AdmissionContext): Fault | null {
  const bad = (detail: string) => refuse('governance-members', detail).fault;
  const members = new Map(context.members());
  for (const { code, p2pKey } of contacts) {
    if (!members.has(code)) return bad(`${code} is no member of this chain`);
    const taken = [...members, ...contacts.map(one => [one.code, one] as const)].find(
      ([other, value]) => other !== code && value.p2pKey !== null && equalBytes(value.p2pKey, p2pKey),
    );
    if (taken !== undefined) return bad(`${code} has the network key of ${taken[0]}`);
  }
  return null;
}
