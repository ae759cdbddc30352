import { decode, encode, fixedBytes, nullable, record, text, uint } from '@qifeng/core';
import type { Outcome } from '../ports/ledger-store.ts';
import { BUCKET, key } from './buckets.ts';
import { StorageError } from './errors.ts';
import type { View } from './key-value.ts';
import { read, type SealedBatch } from './sealed.ts';

const outcomeCodec = record({
  id: fixedBytes(32),
  height: uint(),
  first: nullable(uint()),
  count: uint(),
  refusal: nullable(record({ code: text(256), entry: nullable(uint()), detail: text(16 * 1024) })),
});

/** Puts what became of the submissions of a block. */
export function stageOutcomes(batch: SealedBatch, outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) batch.put(key(BUCKET.outcome, outcome.id), encode(outcomeCodec, outcome));
}

/** What became of a submission, or null. */
export function readOutcome(view: View, id: Uint8Array): Outcome | null {
  const bytes = read(view, key(BUCKET.outcome, id));
  if (bytes === null) return null;
  const outcome = decode(outcomeCodec, bytes);
  if (!outcome.ok) throw new StorageError('store-damaged', `an outcome: ${outcome.fault.detail}`);
  return outcome.value;
}
