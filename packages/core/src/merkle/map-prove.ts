import { equalBytes } from '../encoding/bytes.ts';
import { invariant } from '../encoding/result.ts';
import { FoldedPage } from './map-fold.ts';
import { bitAt, MAP_DEPTH, MAP_KEY_LENGTH, type MapHash } from './map-hash.ts';
import { EMPTY, INNER, loadPage, PAGE_SLOTS, slotOf } from './map-page.ts';
import type { MapProof } from './map-proof.ts';
import type { MapNodeStore } from './map-store.ts';

/** What the map says about a key, with the proof. */
export interface ProvedKey {
  /** H(value) if the key is in the map (`proof` is of presence), null if not (`proof` is of absence). */
  readonly valueHash: Uint8Array | null;
  readonly proof: MapProof;
}

/** The proof of presence or absence of `key`, 32 bytes, in the map that `store` holds now. A damaged store throws. */
export function proveMapKey(hash: MapHash, store: MapNodeStore, key: Uint8Array): ProvedKey {
  invariant(key.length === MAP_KEY_LENGTH, 'a map key has 32 bytes');
  const folded = new FoldedPage(hash);
  const bitmap = new Uint8Array(MAP_DEPTH / 8);
  const siblings: Uint8Array[] = [];
  folded.load(loadPage(store, ''));
  let node = 1;
  let depth = 0;
  while (folded.kinds[node] === INNER) {
    if (node >= PAGE_SLOTS) {
      folded.load(loadPage(store, pathOf(key, depth)));
      node = 1;
    }
    node = 2 * node + bitAt(key, depth);
    if (folded.kinds[node ^ 1] !== EMPTY) {
      bitmap[depth >> 3]! |= 0x80 >> (depth & 7);
      siblings.push(folded.hashOf(node ^ 1));
    }
    depth++;
  }
  // A lone leaf was lifted to `node`.
  const leaf = folded.kinds[node] === EMPTY ? null : folded.leaf(folded.slotOfLone(node));
  const path = { bitmap: bitmap.slice(0, Math.ceil(depth / 8)), siblings: siblings.reverse() };
  if (leaf === null) return { valueHash: null, proof: { other: null, ...path } };
  if (equalBytes(leaf.key, key))
    return { valueHash: leaf.valueHash.slice(), proof: { other: null, ...path } };
  return { valueHash: null, proof: { other: [leaf.key.slice(), leaf.valueHash.slice()], ...path } };
}

/** The path of the page that begins at `depth`, a multiple of four, on the way to `key`. */
function pathOf(key: Uint8Array, depth: number): string {
  let path = '';
  for (let digits = 0; 4 * digits < depth; digits++) path += slotOf(key, digits).toString(16);
  return path;
}
