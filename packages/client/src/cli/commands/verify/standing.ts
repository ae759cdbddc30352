import { ok, type Result, type VerifiedReceipt, verifyInForce } from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import type { NodeClient } from '../../../sdk/client.ts';
import { NodeError } from '../../../sdk/node-error.ts';
import { type Inbound, verifyUnsucceeded } from '../../../succession/inbound.ts';
import { judgeInForce } from '../../in-force.ts';
import type { Prover } from '../../prover.ts';
import { roleIn } from '../../verdicts.ts';
import type { ProvenStanding, StandingReason } from './report.ts';

/** Faults of a proof that is true, but not of now. */
const TOO_OLD = ['status-stale', 'status-older'];

/** Where the subject of a verified record stands now, by a node's proof. */
export async function currentStanding(
  record: VerifiedReceipt,
  prover: Prover,
  client: NodeClient,
): Promise<ProvenStanding | StandingReason> {
  const { profile, subject } = record.leaf.entry.value;
  try {
    const bytes = await client.statusProof({ kind: 'subject', profile, subject });
    const proven = provenStanding(record, bytes, prover, client.node);
    if (proven.ok) return proven.value;
    return TOO_OLD.includes(proven.fault.code) ? 'too-old' : 'not-proven';
  } catch (error) {
    if (error instanceof NodeError) return 'no-answer';
    throw error;
  }
}

/** Where the subject of a verified record stands by a status proof. Faults: those of `verifyRecordStatus`. */
export function provenStanding(
  record: VerifiedReceipt,
  bytes: Uint8Array,
  prover: Prover,
  node: string | null,
): Result<ProvenStanding> {
  const status = prover.judgeFor(record, bytes);
  if (!status.ok) return status;
  return ok({ node, status: status.value });
}

/**
 * That a verified record is in force: by its proven standing, by the dates that a sealed one shows, and by what all issuers of its
 * subject say elsewhere.
 */
export function requireInForce(
  record: VerifiedReceipt,
  standing: ProvenStanding | StandingReason,
  inbound: Inbound | null,
  names: Names,
): Result<void> {
  if (typeof standing === 'string') return verifyInForce(null);
  const { status } = standing;
  const { inForce } = judgeInForce(status, names, roleIn(record, status, names), record);
  return inForce.ok ? verifyUnsucceeded(inbound, status.asOf) : inForce;
}
