import { HASH_LENGTH } from '../crypto/hasher.ts';
import { compareBytes } from '../encoding/bytes.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { bitAt, MAP_DEPTH, MAP_KEY_LENGTH, type MapHash } from './map-hash.ts';
import { loadPage, PAGE_SLOTS, slotAt } from './map-page.ts';
import type { MapLeaf, MapNodeStore } from './map-store.ts';

// A map is handed on in parts: whoever knows the hash of a subtree can judge, by that alone, what is said to be its sixteen
// subtrees four levels below, or all its pairs. What passes is what stands there: a lone pair is named by its key, as its
// hash stands for it wherever it is alone, and the hashes of pairs and of inner nodes never agree.

/** What stands at a path: nothing, one pair, or more. */
export type MapPart =
  | null
  | { readonly kind: 'leaf'; readonly key: Uint8Array; readonly valueHash: Uint8Array }
  | { readonly kind: 'inner'; readonly hash: Uint8Array };

/** Parts that a part is split into. */
export const MAP_CHILDREN = PAGE_SLOTS;
/** Hex digits of a path at most. */
export const MAP_PATH_DIGITS = MAP_DEPTH / 4;

/** The sixteen parts below the page at `path`, which must exist unless it is the root's. */
export function mapChildren(store: MapNodeStore, path: string): readonly MapPart[] {
  const page = loadPage(store, path);
  return Array.from({ length: PAGE_SLOTS }, (_, i) => (page === undefined ? null : slotAt(page, i)));
}

/**
 * The pairs of the subtree at `path` in ascending order of key; undefined once there are more than `most`. A path at which
 * nothing but one pair stands has that pair, and one that is not in the map none.
 */
export function mapPairs(store: MapNodeStore, path: string, most: number): readonly MapLeaf[] | undefined {
  const found: MapLeaf[] = [];
  const gather = (at: string): boolean => {
    const page = loadPage(store, at);
    for (let i = 0; page !== undefined && i < PAGE_SLOTS; i++) {
      const slot = slotAt(page, i);
      if (slot === null) continue;
      if (slot.kind === 'leaf') found.push(slot);
      else if (!gather(at + i.toString(16))) return false;
      if (found.length > most) return false;
    }
    return true;
  };
  for (let at = ''; at.length < path.length; at = path.slice(0, at.length + 1)) {
    const page = loadPage(store, at);
    const slot = page === undefined ? null : slotAt(page, Number.parseInt(path[at.length]!, 16));
    if (slot === null) return [];
    if (slot.kind === 'leaf') return isBelow(slot.key, path) ? [slot] : [];
  }
  return gather(path) ? found : undefined;
}

/**
 * The hash of the part at `path` that sixteen parts make up; zeros if all are empty. Faults: `bad-hash-length`,
 * `map-wrong-path` (a pair does not lie in its part).
 */
export function foldChildren(hash: MapHash, path: string, children: readonly MapPart[]): Result<Uint8Array> {
  invariant(children.length === PAGE_SLOTS, 'a part has sixteen children');
  const level: Node[] = [];
  for (const [i, child] of children.entries()) {
    const pairs = child?.kind === 'leaf' ? [child] : [];
    const folded = foldUnder(hash, path + i.toString(16), pairs);
    if (!folded.ok) return folded;
    if (child?.kind === 'inner' && child.hash.length !== HASH_LENGTH)
      return refuse('bad-hash-length', `the hash of child ${i} is not 32 bytes`);
    level.push(child?.kind === 'inner' ? child : folded.value);
  }
  for (let width = PAGE_SLOTS / 2; width >= 1; width /= 2)
    for (let i = 0; i < width; i++) level[i] = parentOf(hash, level[2 * i]!, level[2 * i + 1]!);
  return ok(level[0]!.hash);
}

/**
 * The hash of the part at `path` that holds these pairs and no other; zeros for none. Faults: `map-parts-order` (keys do
 * not ascend, or one is twice), `map-wrong-path` (a key does not lie below the path), `bad-hash-length`.
 */
export function foldPairs(hash: MapHash, path: string, pairs: readonly Pair[]): Result<Uint8Array> {
  const folded = foldUnder(hash, path, pairs);
  return folded.ok ? ok(folded.value.hash) : folded;
}

interface Pair {
  readonly key: Uint8Array;
  readonly valueHash: Uint8Array;
}

interface Node {
  readonly kind: 'empty' | 'leaf' | 'inner';
  readonly hash: Uint8Array;
}

const EMPTY_NODE: Node = { kind: 'empty', hash: new Uint8Array(HASH_LENGTH) };

function foldUnder(hash: MapHash, path: string, pairs: readonly Pair[]): Result<Node> {
  for (const [i, { key, valueHash }] of pairs.entries()) {
    if (key.length !== MAP_KEY_LENGTH || valueHash.length !== HASH_LENGTH)
      return refuse('bad-hash-length', `pair ${i} is not two times 32 bytes`);
    if (!isBelow(key, path)) return refuse('map-wrong-path', `pair ${i} does not lie below ${path}`);
    if (i > 0 && compareBytes(pairs[i - 1]!.key, key) >= 0)
      return refuse('map-parts-order', `pair ${i} does not follow the one before it`);
  }
  /** The part of `pairs[from, to)`, which agree in the first `depth` bits. */
  const fold = (from: number, to: number, depth: number): Node => {
    if (from === to) return EMPTY_NODE;
    if (to - from === 1) {
      const leaf = new Uint8Array(HASH_LENGTH);
      hash.leafInto(pairs[from]!.key, pairs[from]!.valueHash, leaf, 0);
      return { kind: 'leaf', hash: leaf };
    }
    let middle = from;
    while (middle < to && bitAt(pairs[middle]!.key, depth) === 0) middle++;
    return parentOf(hash, fold(from, middle, depth + 1), fold(middle, to, depth + 1));
  };
  return ok(fold(0, pairs.length, 4 * path.length));
}

/** A lone pair stands for all subtrees that hold nothing else. */
function parentOf(hash: MapHash, left: Node, right: Node): Node {
  if (left.kind === 'empty' && right.kind !== 'inner') return right;
  if (right.kind === 'empty' && left.kind !== 'inner') return left;
  const node = new Uint8Array(HASH_LENGTH);
  hash.innerInto(left.hash, right.hash, node, 0);
  return { kind: 'inner', hash: node };
}

function isBelow(key: Uint8Array, path: string): boolean {
  for (let i = 0; i < path.length; i++) {
    const digit = i % 2 === 0 ? key[i >> 1]! >> 4 : key[i >> 1]! & 15;
    if (digit !== Number.parseInt(path[i]!, 16)) return false;
  }
  return true;
}
