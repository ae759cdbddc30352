import {
  compareBytes,
  type Hasher,
  type MapChange,
  type MapHash,
  mapHash,
  mapRoot,
  memoryNodeStore,
  proveMapKey,
  updateMap,
  verifyMapPresence,
} from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import { hashCalls, hashingLimit } from '../bare.ts';
import { compare, type Effort, type Row } from '../measure.ts';

const KEYS = 100_000;
const BATCH = 1_000;
const BATCHES = 20;
const PROOFS = 2_000;

/** The certified state: batches of 1,000 changes on 100,000 keys, proofs of presence and their verification. */
export async function sparseMap(effort: Effort): Promise<readonly Row[]> {
  const hash = mapHash(nativeHasher);
  const store = memoryNodeStore();
  const keys = Array.from({ length: KEYS + (BATCHES * BATCH) / 2 }, (_, i) => digestOf(i));
  store.apply(updateMap(hash, store, sorted(keys.slice(0, KEYS).map(key => [key, key]))));
  // Half of a batch's keys are new, half have a new value, as in a block of records and their publishers.
  const batches = Array.from({ length: BATCHES }, (_, b) =>
    sorted(
      Array.from({ length: BATCH }, (_, i): MapChange => {
        const key = i % 2 === 0 ? keys[KEYS + (b * BATCH + i) / 2]! : keys[(b * BATCH + i) % KEYS]!;
        return [key, digestOf(-1 - b * BATCH - i)];
      }),
    ),
  );
  // The store is not changed, so that every round does the same.
  const update = (of: MapHash) => () => {
    for (const batch of batches) updateMap(of, store, batch);
  };
  const root = mapRoot(hash, store);
  const asked = keys.slice(0, PROOFS);
  const proofs = asked.map(key => proveMapKey(hash, store, key).proof);
  const prove = (of: MapHash) => () => {
    for (const key of asked) proveMapKey(of, store, key);
  };
  const verify = (of: MapHash) => () => {
    for (const [i, key] of asked.entries()) {
      if (!verifyMapPresence(of, root, key, key, proofs[i]!).ok) throw new Error('a proof does not verify');
    }
  };
  const row = (what: string, unit: string, work: number, run: (of: MapHash) => () => void) =>
    compare(
      { case: 'sparse map', what, unit },
      work,
      { name: 'ours', how: what, run: run(hash) },
      [hashingLimit(hashCalls((hasher: Hasher) => run(mapHash(hasher))()))],
      effort,
    );
  return [
    await row('update, 1,000 of 100,000 keys', 'keys/s', BATCHES * BATCH, update),
    await row('prove a key', 'proofs/s', PROOFS, prove),
    await row('verify a proof', 'proofs/s', PROOFS, verify),
  ];
}

function digestOf(number: number): Uint8Array {
  return nativeHasher.digest(new TextEncoder().encode(`${number}`));
}

function sorted(changes: readonly MapChange[]): readonly MapChange[] {
  return changes.toSorted((a, b) => compareBytes(a[0], b[0]));
}
