import {
  type Accusation,
  accusationCodec,
  accusationEntry,
  type Chain,
  decode,
  type EvidenceView,
  evidenceView,
  readJson,
} from '@qifeng/core';
import { fault } from '../complaints.ts';
import { type Carrier, recordFinally } from './carrier.ts';
import { askText } from './nodes.ts';

type Accused = EvidenceView['accused'][number];

/** A member accused in an epoch, and where that is recorded. */
export interface OnRecord {
  readonly code: string;
  /** Log index. */
  readonly record: number;
  /** Recorded just now; else it was before. */
  readonly fresh: boolean;
  /** What it signed; null if the node no longer holds it. */
  readonly accusation: Accusation | null;
}

/**
 * Puts on record all that a node, at `url`, holds evidence of in an epoch and the ledger does not have yet; gives all that is
 * on record then. Another carrier may be faster with the same: that is no failure.
 */
export async function recordEvidence(
  url: string,
  chain: Chain,
  carrier: Carrier,
  epoch: number,
): Promise<readonly OnRecord[]> {
  const before = await evidenceAt(url, epoch);
  const unrecorded = before.filter(({ record }) => record === null);
  for (const { code, evidence } of unrecorded) {
    if (evidence === null) continue;
    const entry = accusationEntry(carrier.id, read(url, evidence));
    await recordFinally(url, chain, carrier, entry).catch(async error => {
      const now = await evidenceAt(url, epoch);
      if (now.find(one => one.code === code)?.record == null) throw error;
    });
  }
  const after = unrecorded.length === 0 ? before : await evidenceAt(url, epoch);
  return after.flatMap(({ code, record, evidence }) => {
    if (record === null) return [];
    const fresh = unrecorded.some(one => one.code === code);
    return [{ code, record, fresh, accusation: evidence === null ? null : read(url, evidence) }];
  });
}

async function evidenceAt(url: string, epoch: number): Promise<readonly Accused[]> {
  const answer = readJson(evidenceView, await askText(url, `/v1/evidence?epoch=${epoch}`));
  if (!answer.ok) throw fault('no-answer', url, answer.fault.detail);
  return answer.value.accused;
}

function read(url: string, bytes: Uint8Array): Accusation {
  const accusation = decode(accusationCodec, bytes);
  if (!accusation.ok) throw fault('no-answer', url, accusation.fault.detail);
  return accusation.value;
}
