import { expect, it } from 'vitest';
import { equalBytes, toHex } from '../encoding/bytes.ts';
import { nativeHasher } from '../native/native-hasher.ts';
import { mapHash } from './map-hash.ts';
import type { MapProof } from './map-proof.ts';
import { proveMapKey } from './map-prove.ts';
import { memoryNodeStore } from './map-store.ts';
import { updateMap } from './map-tree.ts';
import { verifyMapAbsence, verifyMapPresence } from './map-verify.ts';
import { flipped, sorted } from './testing/map-oracle.ts';

/** Keys that are there, and as many that are not. */
const KEYS = 10_000;

const hash = mapHash(nativeHasher);
const random = (what: string, i: number): Uint8Array =>
  nativeHasher.digest(new TextEncoder().encode(`${what} ${i}`));
const keys = Array.from({ length: 2 * KEYS }, (_, i) => random('key', i));
const heldAt = (i: number): Uint8Array => random('value', i);
const store = memoryNodeStore();
const { root, ...update } = updateMap(
  hash,
  store,
  sorted(keys.slice(0, KEYS).map((key, i) => [key, heldAt(i)])),
);
store.apply({ root, ...update });

const present = (key: Uint8Array, value: Uint8Array, proof: MapProof): boolean =>
  verifyMapPresence(hash, root, key, value, proof).ok;
const absent = (key: Uint8Array, proof: MapProof): boolean => verifyMapAbsence(hash, root, key, proof).ok;

/** The proof with one bit of one of its parts flipped, another part for each `i`. */
function tampered({ other, bitmap, siblings }: MapProof, i: number): MapProof {
  const bit = (i * 31) % 256;
  const at = i % (siblings.length + 1);
  if (at === siblings.length && other !== null)
    return { other: [other[0], flipped(other[1], bit)], bitmap, siblings };
  const place = Math.min(at, siblings.length - 1);
  return { other, bitmap, siblings: siblings.with(place, flipped(siblings[place]!, bit)) };
}

it(`proofs of ${KEYS} keys that are there verify for their key and value alone, and not once one bit is another`, () => {
  const failed = [];
  for (let i = 0; i < KEYS; i++) {
    const [key, value] = [keys[i]!, heldAt(i)];
    const { valueHash, proof } = proveMapKey(hash, store, key);
    const right = equalBytes(valueHash!, value) && present(key, value, proof);
    const other = (i * 7919 + 1) % (2 * KEYS);
    const wrong = [
      // Another key that is there or not, with this value and with its own; and this key's neighbour.
      ...(other === i
        ? []
        : [present(keys[other]!, value, proof), present(keys[other]!, heldAt(other), proof)]),
      present(flipped(key, i % 256), value, proof),
      present(key, flipped(value, i % 256), proof),
      present(key, value, tampered(proof, i)),
      absent(key, proof),
      absent(key, { ...proof, other: [key, value] }),
      absent(keys[other]!, proof),
    ];
    if (!right || wrong.includes(true)) failed.push({ key: toHex(key), right, wrong });
  }
  expect(failed).toEqual([]);
});

it(`proofs of ${KEYS} keys that are not there verify, say nothing of a key that is, and not once one bit is another`, () => {
  const failed = [];
  let shared = 0;
  for (let i = KEYS; i < 2 * KEYS; i++) {
    const key = keys[i]!;
    const { valueHash, proof } = proveMapKey(hash, store, key);
    const right = valueHash === null && absent(key, proof);
    const there = (i * 7919 + 1) % KEYS;
    const wrong = [
      present(key, heldAt(i), proof),
      absent(keys[there]!, proof),
      present(keys[there]!, heldAt(there), proof),
      ...(proof.other === null ? [] : [present(key, proof.other[1], { ...proof, other: null })]),
      absent(key, tampered(proof, i)),
    ];
    if (!right || wrong.includes(true)) failed.push({ key: toHex(key), right, wrong });
    // Where the search for another absent key ends at the same place, the proof is its proof as well: it says what is true.
    if (absent(keys[KEYS + ((i * 31 + 7) % KEYS)]!, proof)) shared++;
  }
  expect(failed).toEqual([]);
  expect(shared).toBeLessThan(KEYS / 100);
});
