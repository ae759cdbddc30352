import { toHex } from '@qifeng/core';
import { expect, it } from 'vitest';
import { loadBatches } from './batch-repository.ts';
import { SealedBatch } from './sealed.ts';
import { memoryKeyValue } from './testing/memory-key-value.ts';

const [A, B] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

/** Batches A and B are pending; what one write makes of them is on disk, and in which order it was staged. */
async function written(
  stage: (batches: Awaited<ReturnType<typeof loadBatches>>, batch: SealedBatch) => void,
) {
  const store = memoryKeyValue();
  const batches = await loadBatches(store);
  const first = new SealedBatch();
  for (const digest of [A, B]) {
    batches.stagePut(first, digest, digest);
    batches.appliedPut(digest);
  }
  await store.write(first.changes, true);
  const batch = new SealedBatch();
  stage(batches, batch);
  await store.write(batch.changes, true);
  for (const digest of [A, B]) batches.appliedDrop(digest);
  const again = await loadBatches(store);
  expect(batches.pending().map(toHex).toSorted()).toEqual(again.pending().map(toHex).toSorted());
  expect([A, B].map(digest => batches.get(digest))).toEqual([A, B].map(digest => again.get(digest)));
  return { pending: again.pending(), here: [A, B].filter(digest => again.get(digest) !== null) };
}

it('the body of a block stays that is executed in the write in which it was to go', async () => {
  const { pending, here } = await written((batches, batch) => {
    batches.stageExecuted(batch, [A]);
    for (const digest of [A, B]) batches.stageDrop(batch, digest, () => true);
  });
  expect([pending, here]).toEqual([[], [A]]);
});

it('a body that comes again in the write in which it goes is there afterwards', async () => {
  const { pending, here } = await written((batches, batch) => {
    batches.stageDrop(batch, A, () => true);
    expect(batches.get(A)).toBeNull();
    expect(batches.stagePut(batch, A, A)).toBe(true);
    batches.appliedPut(A);
    expect(batches.stagePut(batch, B, B)).toBe(false);
  });
  expect([pending, here]).toEqual([
    [A, B],
    [A, B],
  ]);
});
