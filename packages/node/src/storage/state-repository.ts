import { compareBytes, equalBytes, type Hasher, type MapChange, type MapLeaf, stateName } from '@qifeng/core';
import {
  type ListedKind,
  placed,
  placeOf,
  type StateChange,
  type StateEntry,
} from '../ports/ledger-store.ts';
import { BUCKET, key, numberKey } from './buckets.ts';
import { StorageError } from './errors.ts';
import type { KeyValue, View } from './key-value.ts';
import { readPresent, type SealedBatch } from './sealed.ts';

// The values of the state are kept where their blocks put them, in the order of the blocks, and the leaves of the map say
// where. A put under a key that ascends costs LevelDB a third of one under the hash of a name, and its tables need not be
// merged again and again (measured); the map is read in any case. What a block changed is there to be replayed, too.

const LISTED: readonly ListedKind[] = ['publisher', 'member', 'epoch', 'profile', 'parameter', 'accusation'];
/** Changes in one value of the store: bounds what a read of one of them takes; divides the places of a block. */
export const CHUNK = 32;
/** u16 length of the name, u32 length of the value. */
const LENGTHS = 6;
/** In place of the length of a value: there is none any more. */
const DELETED = 0xffff_ffff;

/** Names and map keys of the values of one kind, by name. Never changed: a change makes a new one. */
type Listing = readonly (readonly [name: Uint8Array, key: Uint8Array])[];
/** Listings of all kinds that are listed, as of one block. */
export type Listings = ReadonlyMap<ListedKind, Listing>;

// What follows the array's head, which depends on the number of parts.
const KINDS = LISTED.map(kind => [kind, stateName(kind).subarray(1)] as const);

/**
 * Puts what a block changes, from a place on that is a multiple of `CHUNK`, names included so that it can be done again;
 * gives the listings after it.
 */
export function stageState(
  batch: SealedBatch,
  place: number,
  changes: readonly StateChange[],
  before: Listings,
): Listings {
  for (let from = 0; from < changes.length; from += CHUNK) {
    const { height, index } = placed(place + from);
    batch.put(chunkKey(height, index), packChanges(changes.slice(from, from + CHUNK)));
  }
  let after: Map<ListedKind, Listing> | null = null;
  for (const { key: mapKey, name, value } of changes) {
    const kind = listedKind(name);
    if (kind === null) continue;
    const listing = (after ?? before).get(kind) ?? [];
    const relisted = relist(listing, name, value === null ? null : mapKey);
    if (relisted === listing) continue;
    if (value === null) batch.delete(key(BUCKET.listedName, name));
    else batch.put(key(BUCKET.listedName, name), mapKey);
    after ??= new Map(before);
    after.set(kind, relisted);
  }
  return after ?? before;
}

/** The value of a leaf of the map, and no other, with its name. */
export function readValue(view: View, hasher: Hasher, { place, valueHash }: MapLeaf): StateEntry {
  const { height, index } = placed(place);
  const chunk = readPresent(view, chunkKey(height, index), `a change of block ${height}`);
  let i = index % CHUNK;
  for (const { name, value } of unpackChanges(chunk))
    if (i-- === 0 && value !== null && equalBytes(hasher.digest(value), valueHash)) return { name, value };
  throw new StorageError('store-damaged', `change ${index} of block ${height} is not what the map says`);
}

/** The values put at the first `count` places, of those that are in use. */
export function* valuesUpTo(view: View, count: number): Generator<StateEntry> {
  for (let at = 0; at < count; at += CHUNK) {
    const { height, index } = placed(at);
    for (const { name, value } of unpackChanges(readPresent(view, chunkKey(height, index), 'a value')))
      if (value !== null) yield { name, value };
  }
}

/** What the block of a height changed, `count` values with their names. */
export function* changesOf(
  view: View,
  height: number,
  count: number,
): Generator<Pick<StateChange, 'name' | 'value'>> {
  for (let from = 0; from < count; from += CHUNK)
    yield* unpackChanges(readPresent(view, chunkKey(height, from), `a change of block ${height}`));
}

/** What the block of a height changed in the map, `count` values, as it was when it ran. */
export function replayChanges(view: View, hasher: Hasher, height: number, count: number): MapChange[] {
  const changes: MapChange[] = [];
  for (const { name, value } of changesOf(view, height, count))
    changes.push([
      hasher.digest(name),
      value === null ? null : hasher.digest(value),
      placeOf(height, changes.length),
    ]);
  if (changes.length !== count)
    throw new StorageError('store-damaged', `block ${height} has ${changes.length} changes, not ${count}`);
  return changes;
}

/** The listings of a stored state. */
export async function loadListings(store: KeyValue): Promise<Listings> {
  const listings = new Map<ListedKind, (readonly [Uint8Array, Uint8Array])[]>();
  for await (const stored of store.keys(BUCKET.listedName)) {
    const name = stored.subarray(1);
    const kind = listedKind(name);
    if (kind === null) throw new StorageError('store-damaged', 'a name is listed whose kind is not');
    const listing = listings.get(kind) ?? [];
    if (listing.length === 0) listings.set(kind, listing);
    listing.push([name, readPresent(store, stored, 'a listed key')]);
  }
  return listings;
}

function chunkKey(height: number, index: number): Uint8Array {
  return numberKey(BUCKET.change, height, Math.floor(index / CHUNK));
}

function packChanges(changes: readonly StateChange[]): Uint8Array {
  let length = LENGTHS * changes.length;
  for (const { name, value } of changes) length += name.length + (value?.length ?? 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { name, value } of changes) {
    if (name.length > 0xffff) throw new RangeError('a state name has at most 65,535 bytes');
    view.setUint16(at, name.length);
    view.setUint32(at + 2, value === null ? DELETED : value.length);
    bytes.set(name, at + LENGTHS);
    at += LENGTHS + name.length;
    if (value === null) continue;
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

function* unpackChanges(bytes: Uint8Array): Generator<Pick<StateChange, 'name' | 'value'>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; ) {
    const middle = at + LENGTHS + view.getUint16(at);
    const length = view.getUint32(at + 2);
    const end = middle + (length === DELETED ? 0 : length);
    const value = length === DELETED ? null : bytes.subarray(middle, end);
    yield { name: bytes.subarray(at + LENGTHS, middle), value };
    at = end;
  }
}

/** The kind of a name if it is one of those that are listed: few values, read in every block. */
export function listedKind(name: Uint8Array): ListedKind | null {
  for (const [kind, head] of KINDS)
    if (name.length > head.length && head.every((byte, i) => name[1 + i] === byte)) return kind;
  return null;
}

/** Where in a listing the names after one begin. */
export function afterName(listing: Listing, name: Uint8Array): number {
  const at = placeOfName(listing, name);
  return at < listing.length && compareBytes(listing[at]![0], name) === 0 ? at + 1 : at;
}

/** Where a name stands in a listing, or would. */
function placeOfName(listing: Listing, name: Uint8Array): number {
  let low = 0;
  for (let high = listing.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (compareBytes(listing[middle]![0], name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function relist(listing: Listing, name: Uint8Array, mapKey: Uint8Array | null): Listing {
  const low = placeOfName(listing, name);
  const held = low < listing.length && compareBytes(listing[low]![0], name) === 0;
  // A new value under an old name leaves the names as they are.
  if (held === (mapKey !== null)) return listing;
  return mapKey === null ? listing.toSpliced(low, 1) : listing.toSpliced(low, 0, [name, mapKey]);
}
