import { HASH_LENGTH } from '../crypto/hasher.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { bitAt, isEmptyNode, MAP_DEPTH, MAP_KEY_LENGTH, type MapHash } from './map-hash.ts';
import type { MapProof } from './map-proof.ts';

/**
 * Checks that the map of `root` holds `valueHash` (H of the value) under `key`. Never throws. Faults:
 * `bad-hash-length` (root, key or value hash is not 32 bytes), `bad-map-proof` (not the one canonical form, see
 * `MapProof`), `map-wrong-kind` (an `other` leaf has no place here), `root-mismatch`.
 */
export function verifyMapPresence(
  hash: MapHash,
  root: Uint8Array,
  key: Uint8Array,
  valueHash: Uint8Array,
  proof: MapProof,
): Result<void> {
  if (valueHash.length !== HASH_LENGTH) return refuse('bad-hash-length', 'the value hash is not 32 bytes');
  const depth = readDepth(root, key, proof);
  if (!depth.ok) return depth;
  if (proof.other !== null) return refuse('map-wrong-kind', 'a presence proof names another leaf');
  const node = new Uint8Array(HASH_LENGTH);
  hash.leafInto(key, valueHash, node, 0);
  return climb(hash, root, key, depth.value, node, proof);
}

/**
 * Checks that the map of `root` holds nothing under `key`: the search ends at an empty subtree or at the leaf of
 * another key that begins with the same d bits. Never throws. Faults: `bad-hash-length`, `bad-map-proof`,
 * `map-wrong-kind` (`other` is the key itself), `map-wrong-path` (`other` lies elsewhere), `root-mismatch`.
 */
export function verifyMapAbsence(
  hash: MapHash,
  root: Uint8Array,
  key: Uint8Array,
  proof: MapProof,
): Result<void> {
  const depth = readDepth(root, key, proof);
  if (!depth.ok) return depth;
  const node = new Uint8Array(HASH_LENGTH);
  if (proof.other !== null) {
    const [otherKey, otherValueHash] = proof.other;
    if (otherKey.length !== MAP_KEY_LENGTH || otherValueHash.length !== HASH_LENGTH)
      return refuse('bad-map-proof', 'the other leaf is not two times 32 bytes');
    if (equalBytes(otherKey, key)) return refuse('map-wrong-kind', 'the other leaf is the key itself');
    for (let i = 0; i < depth.value; i++)
      if (bitAt(otherKey, i) !== bitAt(key, i))
        return refuse('map-wrong-path', `the other leaf leaves the path of the key at bit ${i}`);
    hash.leafInto(otherKey, otherValueHash, node, 0);
  }
  return climb(hash, root, key, depth.value, node, proof);
}

/** The depth d of a proof in canonical form, or why it is not in that form. */
function readDepth(root: Uint8Array, key: Uint8Array, proof: MapProof): Result<number> {
  if (root.length !== HASH_LENGTH) return refuse('bad-hash-length', 'the root is not 32 bytes');
  if (key.length !== MAP_KEY_LENGTH) return refuse('bad-hash-length', 'the key is not 32 bytes');
  const { bitmap, siblings } = proof;
  if (bitmap.length > MAP_DEPTH / 8) return refuse('bad-map-proof', 'the bitmap is longer than 256 bits');
  if (bitmap.at(-1) === 0) return refuse('bad-map-proof', 'the bitmap ends with a zero byte');
  let depth = 0;
  let count = 0;
  for (let i = 0; i < 8 * bitmap.length; i++) {
    if (bitAt(bitmap, i) === 0) continue;
    depth = i + 1;
    count++;
  }
  if (siblings.length !== count)
    return refuse('bad-map-proof', `the bitmap announces ${count} siblings, there are ${siblings.length}`);
  for (const sibling of siblings) {
    if (sibling.length !== HASH_LENGTH) return refuse('bad-map-proof', 'a sibling is not 32 bytes');
    if (isEmptyNode(sibling)) return refuse('bad-map-proof', 'an empty sibling is listed');
  }
  return ok(depth);
}

/** Hashes `node`, which it overwrites, from `depth` up to the root and compares. */
function climb(
  hash: MapHash,
  root: Uint8Array,
  key: Uint8Array,
  depth: number,
  node: Uint8Array,
  proof: MapProof,
): Result<void> {
  const empty = new Uint8Array(HASH_LENGTH);
  let next = 0;
  for (let level = depth - 1; level >= 0; level--) {
    const sibling = bitAt(proof.bitmap, level) === 1 ? proof.siblings[next++]! : empty;
    if (bitAt(key, level) === 1) hash.innerInto(sibling, node, node, 0);
    else hash.innerInto(node, sibling, node, 0);
  }
  return equalBytes(node, root)
    ? ok(undefined)
    : refuse('root-mismatch', 'the proof leads to another state root');
}
