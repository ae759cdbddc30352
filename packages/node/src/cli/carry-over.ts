import { bytesOfHex, type Chain, decode, type Suite } from '@qifeng/core';
import { wireCodecs } from '../engine/wire/codecs.ts';
import { readBatch } from '../mempool/batch.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { openLevelStore } from '../storage/level-store.ts';

/**
 * Puts into a new store what no snapshot can bring: submissions that this node took in and that are not recorded yet, and
 * the evidence it holds.
 */
export async function carryOver(
  from: Pick<LedgerStore, 'pendingBatches' | 'evidence'>,
  path: string,
  chain: Chain,
  { hasher }: Suite,
): Promise<void> {
  const to = await openLevelStore(path);
  const codecs = wireCodecs(chain.hash, hasher);
  for (const bytes of from.pendingBatches()) {
    const batch = readBatch(bytes, hasher);
    if (!batch.ok || batch.value.submissions.every(({ id }) => to.outcome(id) !== null)) continue;
    await to.putBatch(bytesOfHex(batch.value.digest), bytes);
  }
  for (const bytes of from.evidence()) {
    const evidence = decode(codecs.evidence, bytes);
    if (!evidence.ok) continue;
    const { epoch, signer } = evidence.value.first;
    await to.putEvidence(epoch, signer, bytes);
  }
  await to.close();
}
