import { HASH_LENGTH } from '../crypto/hasher.ts';
import { compareBytes, equalBytes } from '../encoding/bytes.ts';
import { invariant } from '../encoding/result.ts';
import { MAP_KEY_LENGTH, type MapHash } from './map-hash.ts';
import {
  emptySlots,
  encodePage,
  foldedHash,
  foldedPage,
  loadPage,
  type MapSlot,
  slotOf,
} from './map-page.ts';
import type { MapNodeStore, MapUpdate } from './map-store.ts';

/** What a key shall map to from now on: H(value), or null for nothing. Both 32 bytes. */
export type MapChange = readonly [key: Uint8Array, valueHash: Uint8Array | null];

const DIGITS = '0123456789abcdef';

/** The root of the map in `store`: 32 zero bytes if it is empty. */
export function mapRoot(hash: MapHash, store: MapNodeStore): Uint8Array {
  const folded = foldedPage(hash);
  folded.fold(loadPage(store, ''));
  return foldedHash(folded, 1);
}

/**
 * Works out what `changes`, strictly ascending by key, do to the map in `store`; the store itself is not touched.
 * Each page on a changed path is read once and hashed once, whatever the number of changes below it. Deleting an
 * absent key or setting the value already there changes nothing and writes nothing.
 *
 * The root page exists iff the map is not empty, any other page iff its subtree has two pairs or more, so the pages
 * too depend only on the pairs, never on history. A damaged store or unsorted changes throw.
 */
export function updateMap(hash: MapHash, store: MapNodeStore, changes: readonly MapChange[]): MapUpdate {
  checkChanges(changes);
  const folded = foldedPage(hash);
  const written: [string, Uint8Array][] = [];
  const removed: string[] = [];

  /** Applies `changes[from, to)`, all below `path`, to the node that stood there; the same object if none took. */
  function updateNode(path: string, old: MapSlot, from: number, to: number): MapSlot {
    const settled = to - from === 1 ? withoutPage(old, changes[from]!) : undefined;
    if (settled !== undefined) return settled;
    const slots = old?.kind === 'inner' ? loadPage(store, path) : emptySlots();
    if (old?.kind === 'leaf') slots[slotOf(old.key, path.length)] = old;
    if (!updateSlots(path, slots, from, to)) return old;
    const held = slots.filter(slot => slot !== null);
    if (held.length === 0 || (held.length === 1 && held[0]!.kind === 'leaf')) {
      if (old?.kind === 'inner') removed.push(path);
      return held[0] ?? null;
    }
    folded.fold(slots);
    written.push([path, encodePage(slots)]);
    return { kind: 'inner', hash: foldedHash(folded, 1) };
  }

  /** Applies `changes[from, to)` to the slots of the page at `path`; whether any of them changed. */
  function updateSlots(path: string, slots: MapSlot[], from: number, to: number): boolean {
    let changed = false;
    for (let start = from; start < to; ) {
      const slot = slotOf(changes[start]![0], path.length);
      let end = start + 1;
      while (end < to && slotOf(changes[end]![0], path.length) === slot) end++;
      const after = updateNode(path + DIGITS[slot]!, slots[slot]!, start, end);
      changed ||= after !== slots[slot];
      slots[slot] = after;
      start = end;
    }
    return changed;
  }

  const top = loadPage(store, '');
  if (updateSlots('', top, 0, changes.length)) {
    if (top.some(slot => slot !== null)) written.push(['', encodePage(top)]);
    else if (store.get('') !== undefined) removed.push('');
  }
  folded.fold(top);
  return { root: foldedHash(folded, 1), written, removed };
}

/** The outcome of one change where it needs no page: beside nothing, or on the leaf of its own key. */
function withoutPage(old: MapSlot, [key, valueHash]: MapChange): MapSlot | undefined {
  if (old?.kind === 'inner') return undefined;
  if (old !== null && !equalBytes(old.key, key)) return valueHash === null ? old : undefined;
  if (valueHash === null) return null;
  if (old !== null && equalBytes(old.valueHash, valueHash)) return old;
  return { kind: 'leaf', key, valueHash };
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
