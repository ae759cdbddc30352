import {
  compareBytes,
  decode,
  equalBytes,
  invariant,
  stateName,
  submissionValueCodec,
  toHex,
} from '@qifeng/core';
import type { StateChange } from '../ports/ledger-store.ts';
import { BUCKET, numberKey, readNumber, writeNumber } from './buckets.ts';
import type { KeyValue, View } from './key-value.ts';
import { readPresent, type SealedBatch } from './sealed.ts';

/** Expiries per slot: a slot is read whole when its time comes. */
const SLOT_MS = 1000;
const ID = 32;
const ENTRY = 8 + ID;
// CBOR of the kind and the head of a 32-byte string: all of the name but the id.
const NAME_HEAD = stateName('submission', new Uint8Array(ID)).slice(0, -ID);

/** Heights of the blocks that put something into a slot, by slot; the entries themselves are on disk. */
export type Slots = ReadonlyMap<number, readonly number[]>;
interface Entry {
  readonly expires: number;
  readonly id: Uint8Array;
}

/**
 * Follows what one block puts into the replay memory and deletes from it; gives the slots after it. Each block appends
 * one value a slot, so that a write never grows with what is remembered. `now` is the block's time: only what has
 * expired by then is ever deleted.
 */
export function stageReplay(
  batch: SealedBatch,
  view: View,
  changes: readonly StateChange[],
  before: Slots,
  { height, now }: { readonly height: number; readonly now: number },
): Slots {
  const added = new Map<number, Entry[]>();
  const deleted = new Set<string>();
  for (const { name, value } of changes) {
    const id = submissionId(name);
    if (id === null) continue;
    if (value === null) deleted.add(toHex(id));
    else addTo(added, { expires: expiryOf(value), id });
  }
  if (added.size === 0 && deleted.size === 0) return before;
  const after = new Map(before);
  for (const slot of slotsUntil(before, deleted.size === 0 ? -1 : now)) {
    const kept = before.get(slot)!.filter(at => rewrite(batch, view, slot, at, deleted));
    if (kept.length === 0) after.delete(slot);
    else after.set(slot, kept);
  }
  invariant(deleted.size === 0, 'what leaves the replay memory was in it and has expired');
  for (const [slot, entries] of added) {
    batch.put(numberKey(BUCKET.replay, slot, height), packEntries(entries));
    after.set(slot, [...(after.get(slot) ?? []), height]);
  }
  return after;
}

/** Ids with `expires` at or before `until`, in (expires, id) order. */
export function readExpired(view: View, slots: Slots, until: number): Uint8Array[] {
  const found: Entry[] = [];
  for (const slot of slotsUntil(slots, until))
    for (const height of slots.get(slot)!) found.push(...readEntries(view, slot, height));
  return found
    .filter(({ expires }) => expires <= until)
    .sort((a, b) => a.expires - b.expires || compareBytes(a.id, b.id))
    .map(({ id }) => id);
}

/** The slots of a stored replay memory. */
export async function loadSlots(store: KeyValue): Promise<Slots> {
  const slots = new Map<number, number[]>();
  for await (const key of store.keys(BUCKET.replay)) {
    const slot = readNumber(key, 1);
    const heights = slots.get(slot) ?? [];
    if (heights.length === 0) slots.set(slot, heights);
    heights.push(readNumber(key, 9));
  }
  return slots;
}

/** Takes the deleted out of one value of a slot; whether anything is left. */
function rewrite(
  batch: SealedBatch,
  view: View,
  slot: number,
  height: number,
  deleted: Set<string>,
): boolean {
  const entries = readEntries(view, slot, height);
  const kept = entries.filter(({ id }) => !deleted.delete(toHex(id)));
  const key = numberKey(BUCKET.replay, slot, height);
  if (kept.length === 0) batch.delete(key);
  else if (kept.length < entries.length) batch.put(key, packEntries(kept));
  return kept.length > 0;
}

function slotsUntil(slots: Slots, until: number): number[] {
  const last = Math.floor(until / SLOT_MS);
  return [...slots.keys()].filter(slot => slot <= last);
}

function addTo(added: Map<number, Entry[]>, entry: Entry): void {
  const slot = Math.floor(entry.expires / SLOT_MS);
  const entries = added.get(slot);
  if (entries === undefined) added.set(slot, [entry]);
  else entries.push(entry);
}

function submissionId(name: Uint8Array): Uint8Array | null {
  if (name.length !== NAME_HEAD.length + ID) return null;
  return equalBytes(name.subarray(0, NAME_HEAD.length), NAME_HEAD) ? name.subarray(NAME_HEAD.length) : null;
}

function expiryOf(value: Uint8Array): number {
  const memory = decode(submissionValueCodec, value);
  invariant(memory.ok, 'execution writes well-formed replay memory');
  return memory.value.expires;
}

function packEntries(entries: readonly Entry[]): Uint8Array {
  const bytes = new Uint8Array(ENTRY * entries.length);
  entries.forEach(({ expires, id }, i) => {
    writeNumber(bytes, ENTRY * i, expires);
    bytes.set(id, ENTRY * i + 8);
  });
  return bytes;
}

function readEntries(view: View, slot: number, height: number): Entry[] {
  const bytes = readPresent(view, numberKey(BUCKET.replay, slot, height), 'a part of the replay memory');
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length; at += ENTRY)
    entries.push({ expires: readNumber(bytes, at), id: bytes.subarray(at + 8, at + ENTRY) });
  return entries;
}
