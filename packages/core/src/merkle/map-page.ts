import { HASH_LENGTH } from '../crypto/hasher.ts';
import { invariant } from '../encoding/result.ts';
import { MAP_KEY_LENGTH } from './map-hash.ts';
import type { MapLeaf, MapNodeStore } from './map-store.ts';

/** Slots of a page: the nodes four levels below its top. */
export const PAGE_SLOTS = 16;

/** A subtree with two pairs or more, kept in a page of its own. */
export interface MapInner {
  readonly kind: 'inner';
  readonly hash: Uint8Array;
}

/** What stands at one path: nothing, one pair, or more. */
export type MapSlot = MapLeaf | MapInner | null;

/** Kinds of a node, chosen so that the sum of two children's kinds is the kind of their parent if below 2. */
export const EMPTY = 0;
export const LEAF = 1;
export const INNER = 2;

// A page: u16 mask of leaf slots, u16 mask of inner slots (big-endian, slot 0 the lowest bit); the slots in order, a leaf
// as key ‖ value hash ‖ u64 place, an inner node as its hash; then the hashes of those nodes between top and slots, the
// top excluded, that have two pairs or more, in heap order. Those could be hashed again, but that is half of the hashes of
// an update and nearly all of a proof's (measured), and makes pages a third shorter (estimated).
export const PAGE_HEADER = 4;
const PLACE_LENGTH = 8;
export const LEAF_SIZE = MAP_KEY_LENGTH + HASH_LENGTH + PLACE_LENGTH;
const HIGH = 0x1_0000_0000;

/** Mask of the slots of a page that hold a leaf. */
export function leafMask(page: Uint8Array): number {
  return (page[0]! << 8) | page[1]!;
}

/** Mask of the slots of a page that hold an inner node. */
export function innerMask(page: Uint8Array): number {
  return (page[2]! << 8) | page[3]!;
}

/** Sets the kinds of nodes 15 to 1 of a heap from those of its slots, nodes 16 to 31. */
export function foldKinds(kinds: Uint8Array): void {
  for (let i = PAGE_SLOTS - 1; i > 0; i--) {
    const sum = kinds[2 * i]! + kinds[2 * i + 1]!;
    kinds[i] = Math.min(sum, INNER);
  }
}

/** Slot `i` of a page, with views of it. */
export function slotAt(page: Uint8Array, i: number): MapSlot {
  const kind = slotKind(page, i);
  if (kind === EMPTY) return null;
  const at = slotOffset(page, i);
  if (kind === LEAF) return leafAt(page, at);
  invariant(at + HASH_LENGTH <= page.length, 'a map page is as long as its slots');
  return { kind: 'inner', hash: page.subarray(at, at + HASH_LENGTH) };
}

/** EMPTY, LEAF or INNER, what slot `i` of a page holds. */
export function slotKind(page: Uint8Array, i: number): number {
  invariant(page.length >= PAGE_HEADER, 'a map page has a header');
  if ((leafMask(page) >> i) & 1) return LEAF;
  return (innerMask(page) >> i) & 1 ? INNER : EMPTY;
}

/** Offset in a page of what slot `i` holds. */
export function slotOffset(page: Uint8Array, i: number): number {
  const below = (1 << i) - 1;
  return PAGE_HEADER + LEAF_SIZE * ones(leafMask(page) & below) + HASH_LENGTH * ones(innerMask(page) & below);
}

/** The leaf at an offset of a page, with views of it. */
export function leafAt(page: Uint8Array, at: number): MapLeaf {
  invariant(at + LEAF_SIZE <= page.length, 'a map page is as long as its slots');
  const middle = at + MAP_KEY_LENGTH;
  const end = middle + HASH_LENGTH;
  return {
    kind: 'leaf',
    key: page.subarray(at, middle),
    valueHash: page.subarray(middle, end),
    place: readU32(page, end) * HIGH + readU32(page, end + 4),
  };
}

/** Writes a leaf at an offset of a page. */
export function writeLeaf(page: Uint8Array, at: number, { key, valueHash, place }: MapLeaf): void {
  page.set(key, at);
  page.set(valueHash, at + MAP_KEY_LENGTH);
  const end = at + MAP_KEY_LENGTH + HASH_LENGTH;
  writeU32(page, end, Math.floor(place / HIGH));
  writeU32(page, end + 4, place % HIGH);
}

/** The page at `path`; of the root, undefined if the map is empty. Any other must exist. */
export function loadPage(store: MapNodeStore, path: string): Uint8Array | undefined {
  const page = store.get(path);
  invariant(page !== undefined || path === '', `the map page at '${path}' is in the store`);
  return page;
}

/** Which slot of a page whose path has `digits` hex digits `key` goes to: its next four bits. */
export function slotOf(key: Uint8Array, digits: number): number {
  const byte = key[digits >> 1]!;
  return (digits & 1) === 0 ? byte >> 4 : byte & 15;
}

/** How many of the low 16 bits are set. */
function ones(mask: number): number {
  let sum = mask - ((mask >> 1) & 0x5555);
  sum = (sum & 0x3333) + ((sum >> 2) & 0x3333);
  sum = (sum + (sum >> 4)) & 0x0f0f;
  return (sum + (sum >> 8)) & 31;
}

function readU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >>> (24 - 8 * i);
}
