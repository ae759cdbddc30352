import { HASH_LENGTH } from '../crypto/hasher.ts';
import { byteString, type Codec, fixedBytes, list, nullable, record, tuple } from '../encoding/codec.ts';
import { MAP_DEPTH, MAP_KEY_LENGTH } from './map-hash.ts';

/**
 * A proof about one key of the sparse Merkle map: its value hash, or its absence. On the wire the fields keep
 * these names inside a status proof, and this order where they are positional: `{other, bitmap, siblings}`.
 *
 * Level i (0 at the root) is the step from the node at depth i to one of its two children, chosen by bit i of the
 * looked-up key, most significant bit first; the sibling of level i is the other child. d is the depth at which
 * the search ends: at the key's leaf, at another key's leaf, or at an empty subtree.
 *
 * - `other`: for an absence that ends at a leaf, that leaf's `[key, value hash]`; otherwise null.
 * - `bitmap`: bit i says that the sibling of level i is not empty; bit i is bit 7 - (i mod 8) of byte floor(i / 8),
 *   as in the key. It is cut after its last non-zero byte, so at most 32 bytes, none for d = 0.
 * - `siblings`: the hashes of the non-empty siblings, 32 bytes each, deepest first, root side last.
 *
 * d is not written: it is the number of the last set bit plus one, or 0 without a set bit. That loses nothing,
 * because the deepest sibling is never empty: the parent of the end node holds two leaves or more, and the end node
 * at most one of them.
 *
 * One fact has one proof. The bitmap's length, the count of siblings and the ban on zero siblings leave a single way
 * to write a path; and as the tagged hashes cannot be read in two ways, a root and a key determine every node of the
 * path and where it ends. So for any root, even of a tree nobody should have built, at most one proof about a key
 * verifies, either of presence or of absence. What a verifier cannot see is whether an absence by an empty subtree
 * has an inner node for its deepest sibling, as in every canonical map; that only says who built the root badly.
 */
export interface MapProof {
  readonly other: readonly [key: Uint8Array, valueHash: Uint8Array] | null;
  readonly bitmap: Uint8Array;
  readonly siblings: readonly Uint8Array[];
}

/** A proof on the wire. What decodes has the bounds of a proof; whether it is canonical and true, verifying says. */
export const mapProofCodec: Codec<MapProof> = record({
  other: nullable(tuple(fixedBytes(MAP_KEY_LENGTH), fixedBytes(HASH_LENGTH))),
  bitmap: byteString(0, MAP_DEPTH / 8),
  siblings: list(fixedBytes(HASH_LENGTH), MAP_DEPTH),
});
