import {
  type Certified,
  certificateIn,
  type HandoverTrust,
  isBy,
  makeVerifierKey,
  parseCheckpoint,
  parseNote,
  policyOfValidators,
  TYPE_ED25519,
  verifyCertificate,
  verifyNoteSignature,
} from '@qifeng/core';
import { AuditFault, type Findings, served } from './fault.ts';
import type { NodeReader } from './node-reader.ts';

/**
 * A node's last checkpoint with the way to it, verified by the genesis. Faults, thrown: those of `verifyCertificate`; noted
 * among the findings: `bad-log-line`, `policy-mismatch`.
 */
export async function readHead(
  reader: NodeReader,
  trust: HandoverTrust,
  findings: Findings,
): Promise<Certified> {
  const note = await reader.checkpoint();
  const { text, signatures } = served(parseNote(note));
  const { epoch } = served(parseCheckpoint(text));
  // The node may have gone on to a later epoch since.
  const handovers = epoch === 0 ? null : (await reader.handovers(trust.chain)).slice(0, epoch);
  const head = served(verifyCertificate(served(certificateIn(note, handovers)), trust));
  const { validators } = head.set;
  const { hasher, verifier } = trust.suite;
  const { origin } = trust.chain;
  const line = signatures[0]!;
  const logKeys = validators.map(({ logKey }) => makeVerifierKey(origin, TYPE_ED25519, logKey, hasher));
  if (!logKeys.some(key => isBy(line, key) && verifyNoteSignature(text, line, key, verifier)))
    findings.add({ code: 'bad-log-line', detail: 'the first line is not by the log key of a validator' });
  const policy = await policyOf(reader, epoch);
  if (policy !== policyOfValidators(origin, validators, hasher))
    findings.add({
      code: 'policy-mismatch',
      detail: `its policy of epoch ${epoch} is not that of the proven set`,
    });
  return head;
}

async function policyOf(reader: NodeReader, epoch: number): Promise<string | null> {
  try {
    return await reader.policy(epoch);
  } catch (error) {
    if (error instanceof AuditFault) return null;
    throw error;
  }
}
