import { HASH_LENGTH } from '../crypto/hasher.ts';
import { compareBytes, equalBytes } from '../encoding/bytes.ts';
import { invariant } from '../encoding/result.ts';
import { FoldedPage } from './map-fold.ts';
import { MAP_KEY_LENGTH, type MapHash } from './map-hash.ts';
import {
  EMPTY,
  INNER,
  LEAF,
  leafAt,
  loadPage,
  type MapSlot,
  slotAt,
  slotKind,
  slotOf,
  slotOffset,
} from './map-page.ts';
import type { MapLeaf, MapNodeStore, MapUpdate } from './map-store.ts';

/**
 * What a key shall map to from now on: H(value), or null for nothing, both 32 bytes; and where the store keeps the value,
 * 0 unless given. A value hash that the key has already changes nothing, the place included.
 */
export type MapChange = readonly [key: Uint8Array, valueHash: Uint8Array | null, place?: number];

const DIGITS = '0123456789abcdef';

/** The root of the map in `store`: 32 zero bytes if it is empty. */
export function mapRoot(hash: MapHash, store: MapNodeStore): Uint8Array {
  const folded = new FoldedPage(hash);
  folded.load(loadPage(store, ''));
  return folded.hashOf(1);
}

/**
 * Tells whether a page is the very one that its parent page has in a slot, and not an earlier one of the same path. One hash
 * a page: those of what is below stand in it.
 */
export function pageJudge(hash: MapHash): (page: Uint8Array, parent: Uint8Array, slot: number) => boolean {
  const folded = new FoldedPage(hash);
  return (page, parent, slot) => {
    const stands = slotAt(parent, slot);
    if (stands?.kind !== 'inner') return false;
    folded.load(page);
    return equalBytes(folded.hashOf(1), stands.hash);
  };
}

/** The pair of `key`, 32 bytes, or null if the map has none. */
export function findLeaf(store: MapNodeStore, key: Uint8Array): MapLeaf | null {
  for (let path = ''; ; ) {
    const page = loadPage(store, path);
    const digit = slotOf(key, path.length);
    const kind = page === undefined ? EMPTY : slotKind(page, digit);
    if (kind !== INNER) return kind === LEAF ? leafOf(page!, slotOffset(page!, digit), key) : null;
    path += DIGITS[digit]!;
  }
}

/**
 * Works out what `changes`, strictly ascending by key, do to the map in `store`; the store itself is not touched.
 * Each page on a changed path is read once and no node hashed twice, whatever the number of changes below it. Deleting an
 * absent key or setting the value already there changes nothing and writes nothing.
 *
 * The root page exists iff the map is not empty, any other page iff its subtree has two pairs or more, so the pages
 * too depend only on the pairs and their places, never on history. A damaged store or unsorted changes throw.
 */
export function updateMap(hash: MapHash, store: MapNodeStore, changes: readonly MapChange[]): MapUpdate {
  checkChanges(changes);
  const folded = new FoldedPage(hash);
  const written: [string, Uint8Array][] = [];
  const removed: string[] = [];
  /** Changed slots of the pages on the way to the one at hand, those of a page together. */
  const changed: { readonly slot: number; readonly after: MapSlot }[] = [];

  /** Applies `changes[from, to)`, all below `path`, to the node that stood there; the same object if none took. */
  function updateNode(path: string, old: MapSlot, from: number, to: number): MapSlot {
    const settled = to - from === 1 ? withoutPage(old, changes[from]!) : undefined;
    if (settled !== undefined) return settled;
    const page = old?.kind === 'inner' ? loadPage(store, path) : undefined;
    const lone = old?.kind === 'leaf' ? old : null;
    if (!updateSlots(path, page, lone, from, to)) return old;
    if (folded.kinds[1] !== INNER) {
      if (page !== undefined) removed.push(path);
      return folded.kinds[1] === EMPTY ? null : folded.leaf(folded.slotOfLone(1));
    }
    written.push([path, folded.encode()]);
    return { kind: 'inner', hash: folded.hashOf(1) };
  }

  /**
   * Applies `changes[from, to)` to the page at `path`, or to a page of nothing but the pair `lone`; whether any took. If so
   * `folded` holds the outcome.
   */
  function updateSlots(
    path: string,
    page: Uint8Array | undefined,
    lone: MapLeaf | null,
    from: number,
    to: number,
  ): boolean {
    const loneSlot = lone === null ? -1 : slotOf(lone.key, path.length);
    const base = changed.length;
    for (let start = from; start < to; ) {
      const slot = slotOf(changes[start]![0], path.length);
      let end = start + 1;
      while (end < to && slotOf(changes[end]![0], path.length) === slot) end++;
      const before = page !== undefined ? slotAt(page, slot) : slot === loneSlot ? lone : null;
      const after = updateNode(path + DIGITS[slot]!, before, start, end);
      if (after !== before) changed.push({ slot, after });
      start = end;
    }
    if (changed.length === base) return false;
    folded.load(page);
    if (lone !== null) folded.set(loneSlot, lone);
    for (let i = base; i < changed.length; i++) folded.set(changed[i]!.slot, changed[i]!.after);
    changed.length = base;
    folded.fold();
    return true;
  }

  const top = loadPage(store, '');
  if (!updateSlots('', top, null, 0, changes.length)) folded.load(top);
  else if (folded.kinds[1] !== EMPTY) written.push(['', folded.encode()]);
  else if (top !== undefined) removed.push('');
  return { root: folded.hashOf(1), written, removed };
}

/** The leaf at an offset if it is that of `key`; most that are looked at are not, and so made without views. */
function leafOf(page: Uint8Array, at: number, key: Uint8Array): MapLeaf | null {
  for (let i = 0; i < MAP_KEY_LENGTH; i++) if (page[at + i] !== key[i]) return null;
  return leafAt(page, at);
}

/** The outcome of one change where it needs no page: beside nothing, or on the leaf of its own key. */
function withoutPage(old: MapSlot, [key, valueHash, place = 0]: MapChange): MapSlot | undefined {
  if (old?.kind === 'inner') return undefined;
  if (old !== null && !equalBytes(old.key, key)) return valueHash === null ? old : undefined;
  if (valueHash === null) return null;
  if (old !== null && equalBytes(old.valueHash, valueHash)) return old;
  return { kind: 'leaf', key, valueHash, place };
}

function checkChanges(changes: readonly MapChange[]): void {
  for (let i = 0; i < changes.length; i++) {
    const [key, valueHash] = changes[i]!;
    invariant(key.length === MAP_KEY_LENGTH, 'a map key has 32 bytes');
    invariant(valueHash === null || valueHash.length === HASH_LENGTH, 'a value hash has 32 bytes');
    invariant(
      i === 0 || compareBytes(changes[i - 1]![0], key) < 0,
      'map changes ascend by key, each key once',
    );
  }
}
