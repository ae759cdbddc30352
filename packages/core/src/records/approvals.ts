import { type Carried, encode, fixedBytes, list, tuple } from '../encoding/codec.ts';
import type { Entry, Subject } from './entry.ts';
import { governanceEntry } from './governance.ts';
import { memberCode } from './names.ts';

/** Most validators in a set: so most approvals, and most changes of one. */
export const MAX_VALIDATORS = 100;

/** Who approves a change: member code and signature over `approvalBytes`, by code. */
export const approvalsCodec = list(tuple(memberCode, fixedBytes(64)), MAX_VALIDATORS);
/** Approvals as they stand in a governance record. */
export type Approvals = Carried<typeof approvalsCodec>;

/** The governance entry of a change, given by the bytes that the approvals are over; `readApproved` takes it apart. */
export function approvedEntry(
  action: string,
  subject: Subject,
  change: Uint8Array,
  approvals: Approvals,
): Entry {
  const meta = new Map([
    ['change', change],
    ['approvals', encode(approvalsCodec, approvals)],
  ]);
  return governanceEntry(action, subject, meta);
}
