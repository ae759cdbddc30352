import { compareBytes, stateName } from '@qifeng/core';
import type { ListedKind, StateChange } from '../ports/ledger-store.ts';
import { BUCKET, key } from './buckets.ts';
import { StorageError } from './errors.ts';
import type { KeyValue, View } from './key-value.ts';
import { read, readPresent, type SealedBatch } from './sealed.ts';

const LISTED: readonly ListedKind[] = ['publisher', 'member', 'epoch', 'profile', 'parameter'];

/** Names and map keys of the values of one kind, by name. Never changed: a change makes a new one. */
type Listing = readonly (readonly [name: Uint8Array, key: Uint8Array])[];
/** Listings of all kinds that are listed, as of one block. */
export type Listings = ReadonlyMap<ListedKind, Listing>;

// What follows the array's head, which depends on the number of parts.
const KINDS = LISTED.map(kind => [kind, stateName(kind).subarray(1)] as const);

/** Puts and deletes values; gives the listings after it. Each is stored with its name, so that a copy needs no other source. */
export function stageState(batch: SealedBatch, changes: readonly StateChange[], before: Listings): Listings {
  let after: Map<ListedKind, Listing> | null = null;
  for (const { key: mapKey, name, value } of changes) {
    if (value === null) batch.delete(key(BUCKET.state, mapKey));
    else batch.put(key(BUCKET.state, mapKey), nameLength(name), name, value);
    const kind = listedKind(name);
    if (kind === null) continue;
    if (value === null) batch.delete(key(BUCKET.listedName, name));
    else batch.put(key(BUCKET.listedName, name), mapKey);
    after ??= new Map(before);
    after.set(kind, relist(after.get(kind) ?? [], name, value === null ? null : mapKey));
  }
  return after ?? before;
}

/** The value under a map key, or null. */
export function readState(view: View, mapKey: Uint8Array): Uint8Array | null {
  const stored = read(view, key(BUCKET.state, mapKey));
  return stored?.subarray(2 + stored[0]! * 256 + stored[1]!) ?? null;
}

/** All values of a kind, by name. */
export function* readKind(
  view: View,
  listing: Listing,
): Generator<readonly [name: Uint8Array, value: Uint8Array]> {
  for (const [name, mapKey] of listing) {
    const value = readState(view, mapKey);
    if (value === null) throw new StorageError('store-damaged', 'the store lacks a value that it lists');
    yield [name, value];
  }
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

function listedKind(name: Uint8Array): ListedKind | null {
  for (const [kind, head] of KINDS)
    if (name.length > head.length && head.every((byte, i) => name[1 + i] === byte)) return kind;
  return null;
}

function relist(listing: Listing, name: Uint8Array, mapKey: Uint8Array | null): Listing {
  let low = 0;
  for (let high = listing.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (compareBytes(listing[middle]![0], name) < 0) low = middle + 1;
    else high = middle;
  }
  const held = low < listing.length && compareBytes(listing[low]![0], name) === 0;
  // A new value under an old name leaves the names as they are.
  if (held === (mapKey !== null)) return listing;
  return mapKey === null ? listing.toSpliced(low, 1) : listing.toSpliced(low, 0, [name, mapKey]);
}

function nameLength(name: Uint8Array): Uint8Array {
  if (name.length > 0xffff) throw new RangeError('a state name has at most 65,535 bytes');
  return Uint8Array.of(name.length >> 8, name.length & 0xff);
}
