import { HASH_LENGTH } from '../crypto/hasher.ts';
import { invariant } from '../encoding/result.ts';
import { MAP_KEY_LENGTH, type MapHash } from './map-hash.ts';
import type { MapNodeStore } from './map-store.ts';

/** Slots of a page: the nodes four levels below its top. */
export const PAGE_SLOTS = 16;

/** A subtree with exactly one pair. */
export interface MapLeaf {
  readonly kind: 'leaf';
  readonly key: Uint8Array;
  readonly valueHash: Uint8Array;
}

/** A subtree with two pairs or more, kept in a page of its own. */
export interface MapInner {
  readonly kind: 'inner';
  readonly hash: Uint8Array;
}

/** What stands at one path: nothing, one pair, or more. */
export type MapSlot = MapLeaf | MapInner | null;

const HEADER = 4;
const LEAF_SIZE = MAP_KEY_LENGTH + HASH_LENGTH;

/**
 * The bytes of a page: u16 mask of leaf slots, u16 mask of inner slots (big-endian, slot 0 the lowest bit), then the
 * slots in order, a leaf as key ‖ value hash, an inner node as its hash. The nodes between the page's top and its
 * slots are hashed again when needed, at 0.3 µs each (measured): stored, they would make pages about a
 * third longer (estimated).
 */
export function encodePage(slots: readonly MapSlot[]): Uint8Array {
  let leaves = 0;
  let inners = 0;
  let length = HEADER;
  for (let i = 0; i < PAGE_SLOTS; i++) {
    const slot = slots[i]!;
    if (slot === null) continue;
    if (slot.kind === 'leaf') leaves |= 1 << i;
    else inners |= 1 << i;
    length += slot.kind === 'leaf' ? LEAF_SIZE : HASH_LENGTH;
  }
  const page = new Uint8Array(length);
  page.set([leaves >> 8, leaves & 0xff, inners >> 8, inners & 0xff]);
  let at = HEADER;
  for (const slot of slots) {
    if (slot === null) continue;
    if (slot.kind === 'leaf') {
      page.set(slot.key, at);
      page.set(slot.valueHash, at + MAP_KEY_LENGTH);
      at += LEAF_SIZE;
    } else {
      page.set(slot.hash, at);
      at += HASH_LENGTH;
    }
  }
  return page;
}

/** The 16 slots of a page, as views of it. A malformed page is a broken store, so it throws. */
export function decodePage(page: Uint8Array): MapSlot[] {
  invariant(page.length >= HEADER, 'a map page has a header');
  const leaves = (page[0]! << 8) | page[1]!;
  const inners = (page[2]! << 8) | page[3]!;
  invariant((leaves & inners) === 0, 'a slot of a map page is a leaf or an inner node');
  const slots = emptySlots();
  let at = HEADER;
  for (let i = 0; i < PAGE_SLOTS; i++) {
    if ((leaves >> i) & 1) {
      const middle = at + MAP_KEY_LENGTH;
      const key = page.subarray(at, middle);
      at += LEAF_SIZE;
      slots[i] = { kind: 'leaf', key, valueHash: page.subarray(middle, at) };
    } else if ((inners >> i) & 1) {
      slots[i] = { kind: 'inner', hash: page.subarray(at, at + HASH_LENGTH) };
      at += HASH_LENGTH;
    }
  }
  invariant(at === page.length, 'a map page is as long as its slots');
  return slots;
}

/** The slots of the page at `path`; of the root's page, none if the map is empty. Any other must exist. */
export function loadPage(store: MapNodeStore, path: string): MapSlot[] {
  const page = store.get(path);
  invariant(page !== undefined || path === '', `the map page at '${path}' is in the store`);
  return page === undefined ? emptySlots() : decodePage(page);
}

/** Sixteen empty slots. */
export function emptySlots(): MapSlot[] {
  return new Array<MapSlot>(PAGE_SLOTS).fill(null);
}

/** Which slot of a page whose path has `digits` hex digits `key` goes to: its next four bits. */
export function slotOf(key: Uint8Array, digits: number): number {
  const byte = key[digits >> 1]!;
  return (digits & 1) === 0 ? byte >> 4 : byte & 15;
}

/** Kinds of a folded node, chosen so that the sum of two children's kinds is the kind of their parent if below 2. */
export const EMPTY = 0;
export const LEAF = 1;
export const INNER = 2;

/** A page with its intermediate nodes, as a binary heap: node 1 is its top, 2i and 2i + 1 the children of i. */
export interface FoldedPage {
  /** EMPTY, LEAF or INNER of nodes 1..31. */
  readonly kinds: Uint8Array;
  /** Hash of node i at [32 i, 32 i + 32). */
  readonly hashes: Uint8Array;
  /** Fills `kinds` and `hashes` from 16 slots, over what was there. */
  fold(slots: readonly MapSlot[]): void;
}

/** A reusable page folder: the one place that knows how subtrees collapse. */
export function foldedPage(hash: MapHash): FoldedPage {
  const kinds = new Uint8Array(2 * PAGE_SLOTS);
  const hashes = new Uint8Array(2 * PAGE_SLOTS * HASH_LENGTH);
  const fold = (slots: readonly MapSlot[]) => {
    for (let i = 0; i < PAGE_SLOTS; i++) {
      const slot = slots[i]!;
      const at = (PAGE_SLOTS + i) * HASH_LENGTH;
      if (slot === null) hashes.fill(0, at, at + HASH_LENGTH);
      else if (slot.kind === 'leaf') hash.leafInto(slot.key, slot.valueHash, hashes, at);
      else hashes.set(slot.hash, at);
      kinds[PAGE_SLOTS + i] = slot === null ? EMPTY : slot.kind === 'leaf' ? LEAF : INNER;
    }
    for (let i = PAGE_SLOTS - 1; i > 0; i--) {
      const at = i * HASH_LENGTH;
      const left = 2 * at;
      const sum = kinds[2 * i]! + kinds[2 * i + 1]!;
      if (sum >= INNER) {
        hash.pairInto(hashes, left, hashes, at);
      } else {
        // Nothing below, or a lone leaf, which moves up unhashed.
        const from = kinds[2 * i] === LEAF ? left : left + HASH_LENGTH;
        hashes.copyWithin(at, from, from + HASH_LENGTH);
      }
      kinds[i] = Math.min(sum, INNER);
    }
  };
  return { kinds, hashes, fold };
}

/** A copy of the hash of node `index` of a folded page. */
export function foldedHash(folded: FoldedPage, index: number): Uint8Array {
  return folded.hashes.slice(index * HASH_LENGTH, (index + 1) * HASH_LENGTH);
}
