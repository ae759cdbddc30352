import { toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { expect, it } from 'vitest';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { Bodies } from './bodies.ts';
import { batchOf, wireOf } from './testing/made.ts';

const { hasher, verifier } = nativeSuite;

/** Bodies over a store in memory that counts how often it is read. */
function bodiesIn() {
  const stored = new Map<string, Uint8Array>();
  const counts = { reads: 0, checks: 0 };
  const store: Pick<LedgerStore, 'batch' | 'putBatch' | 'dropBatches'> = {
    batch: digest => {
      counts.reads++;
      return stored.get(toHex(digest)) ?? null;
    },
    putBatch: async (digest, bytes) => void stored.set(toHex(digest), bytes),
    dropBatches: async (digests, mayGo) => {
      for (const digest of digests) if (mayGo(digest)) stored.delete(toHex(digest));
    },
  };
  const pool = {
    verify: async (jobs: readonly (readonly [Uint8Array, Uint8Array, Uint8Array])[]) => {
      counts.checks += jobs.length;
      return jobs.map(job => verifier.verify(...job));
    },
    areKeys: async (keys: readonly Uint8Array[]) => keys.map(key => verifier.isKey(key)),
    close: async () => {},
  };
  return { bodies: new Bodies(store as LedgerStore, pool, hasher), stored, counts };
}

it('a batch that is not wanted costs no check of a signature and is not stored', async () => {
  const { bodies, stored, counts } = bodiesIn();
  const batch = batchOf(wireOf(), wireOf());
  expect(await bodies.receive(batch.bytes, () => false)).toBeNull();
  expect([stored.size, counts.checks]).toEqual([0, 0]);
  expect((await bodies.receive(batch.bytes, ({ digest }) => digest === batch.digest))?.digest).toBe(
    batch.digest,
  );
  expect([stored.size, counts.checks]).toEqual([1, 2]);
});

it('parsed batches are kept up to so many bytes, the newest of them; the others are read again', async () => {
  const { bodies, counts } = bodiesIn();
  const wires = Array.from({ length: 100 }, () => wireOf(undefined, 8000));
  // Each with a submission of its own: 25 batches of 830 KB.
  const batches = Array.from({ length: 25 }, () => batchOf(...wires, wireOf()));
  for (const batch of batches) await bodies.put(batch);
  for (const { digest } of batches.slice(-15)) expect(bodies.get(digest)).not.toBeNull();
  expect(counts.reads).toBe(0);
  expect(bodies.get(batches[0]!.digest)?.submissions.length).toBe(101);
  expect(counts.reads).toBe(1);
});

it('what a block names stays, though the block came while the others were going, and so does what is being written', async () => {
  const { bodies, stored } = bodiesIn();
  const batches = [1, 2, 3, 4].map(() => batchOf(wireOf()));
  const [early, late, , under] = batches.map(({ digest }) => digest) as [string, string, string, string];
  for (const batch of batches.slice(0, 3)) await bodies.put(batch);
  const written = bodies.put(batches[3]!);
  let looks = 0;
  const named = () => new Set(looks++ === 0 ? [early] : [early, late]);
  expect(
    (
      await bodies.drop(
        batches.map(({ digest }) => digest),
        named,
      )
    ).toSorted(),
  ).toEqual([early, late, under].toSorted());
  await written;
  expect([...stored.keys()].toSorted()).toEqual([early, late, under].toSorted());
  expect(batches.map(({ digest }) => bodies.has(digest))).toEqual([true, true, false, true]);
});
