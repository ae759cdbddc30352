import {
  encode,
  formatReceipt,
  type Handover,
  logHash,
  logProver,
  mapHash,
  parseReceipt,
  proveMapKey,
  stateKey,
  statusProofCodec,
  subjectValueCodec,
} from '@qifeng/core';
import type { NodeService } from '../ports/node-service.ts';
import { HttpProblem } from './problem.ts';
import { checkpointAt, requireHeld, type SubjectPath, stateValue, stored } from './state.ts';

/**
 * The proof of where a subject stands, or that it has no record. The map is only kept as it is now, so the proof holds at
 * the last executed block alone: until a quorum has signed its checkpoint there is none, and the client asks again.
 */
export function statusProof(service: NodeService, { profile, issuer, id }: SubjectPath): Uint8Array {
  const { ledger, suite } = service;
  const height = ledger.head()?.header.height;
  if (height === undefined)
    throw HttpProblem.of('no-checkpoint', 'no block is executed yet', { retryAfter: 1 });
  const note = ledger.lastCertificate()?.height === height ? service.signedCheckpoint(height) : null;
  if (note === null) throw notYet(height);
  const handovers = service.handovers(checkpointAt(ledger, height)!.epoch);
  const key = stateKey(suite.hasher, 'subject', profile, issuer, id);
  const { valueHash, proof } = proveMapKey(mapHash(suite.hasher), ledger.pages, key);
  const standing = stateValue(service, subjectValueCodec, 'subject', profile, issuer, id);
  if (standing !== null) requireHeld(service, standing.head);
  return encode(statusProofCodec, {
    checkpoint: note,
    handovers,
    kind: 'subject',
    name: [profile, issuer, id],
    value: valueHash === null ? null : ledger.stateValue(key),
    ...proof,
    receipt: standing === null ? null : receiptAt(service, standing.head, height, { note, handovers }),
  });
}

/** The receipt of a record against the checkpoint of `height` instead of that of its own block. */
function receiptAt(
  service: NodeService,
  index: number,
  height: number,
  { note, handovers }: { readonly note: Uint8Array; readonly handovers: readonly Handover[] | null },
): Uint8Array {
  const { ledger, suite } = service;
  const bytes = service.receipt(index);
  if (bytes === null) throw notYet(height);
  const own = stored(parseReceipt(bytes), `the receipt of record ${index}`);
  const { size } = checkpointAt(ledger, height)!;
  const path = stored(logProver(logHash(suite.hasher), ledger.tiles).inclusion(index, size), 'the tree');
  return formatReceipt({ extra: { ...own.extra, handovers }, index, path, note });
}

function notYet(height: number): HttpProblem {
  const detail = `the checkpoint of block ${height}, the last one, is not signed by a quorum yet`;
  return HttpProblem.of('not-final', detail, { retryAfter: 1 });
}
