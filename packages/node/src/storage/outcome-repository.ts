import { decode, encode, nullable, record, submissionValueCodec, text, uint } from '@qifeng/core';
import type { Outcome } from '../ports/ledger-store.ts';
import { BUCKET, key, packNumbers, unpackNumbers } from './buckets.ts';
import { StorageError } from './errors.ts';
import type { View } from './key-value.ts';
import { read, type SealedBatch } from './sealed.ts';

// Height, 0 or 1 + the index of the first record, number of records; then the refusal, if it was refused: one row a
// submission is kept for ever, and nearly all were recorded.
const NUMBERS = 3 * 8;
const refusalCodec = record({ code: text(256), entry: nullable(uint()), detail: text(16 * 1024) });

/** Puts what became of the submissions of a block. */
export function stageOutcomes(batch: SealedBatch, outcomes: readonly Outcome[]): void {
  for (const { id, height, first, count, refusal } of outcomes) {
    const numbers = packNumbers([height, first === null ? 0 : first + 1, count]);
    if (refusal === null) batch.put(key(BUCKET.outcome, id), numbers);
    else batch.put(key(BUCKET.outcome, id), numbers, encode(refusalCodec, refusal));
  }
}

/** What became of a submission, from its value in the replay memory. */
export function rememberedOutcome(id: Uint8Array, value: Uint8Array): Outcome {
  const memory = decode(submissionValueCodec, value);
  if (!memory.ok) throw new StorageError('store-damaged', `a remembered outcome: ${memory.fault.detail}`);
  const { height, first, count, code, entry, detail } = memory.value;
  return { id, height, first, count, refusal: code === null ? null : { code, entry, detail: detail ?? '' } };
}

/** What became of a submission, or null. */
export function readOutcome(view: View, id: Uint8Array): Outcome | null {
  const bytes = read(view, key(BUCKET.outcome, id));
  if (bytes === null) return null;
  const [height, after, count] = unpackNumbers(bytes.subarray(0, NUMBERS)) as [number, number, number];
  const first = after === 0 ? null : after - 1;
  if (bytes.length === NUMBERS) return { id: id.slice(), height, first, count, refusal: null };
  const refusal = decode(refusalCodec, bytes.subarray(NUMBERS));
  if (!refusal.ok) throw new StorageError('store-damaged', `an outcome: ${refusal.fault.detail}`);
  return { id: id.slice(), height, first, count, refusal: refusal.value };
}
