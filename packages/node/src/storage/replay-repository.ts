import { compareBytes, decode, invariant, stateName, submissionValueCodec, toHex } from '@qifeng/core';
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

interface Entry {
  readonly expires: number;
  readonly id: Uint8Array;
}

/** Heights of the blocks that put something into a slot, by slot; the entries themselves are on disk. */
export class Slots {
  readonly #heights = new Map<number, number[]>();
  /** No slot is below. */
  #first = 0;

  /** Slots up to one, ascending. What a block asks for are a few, of maybe 86,400: those are not all looked through. */
  until(last: number): (readonly [slot: number, heights: readonly number[]])[] {
    const found: [number, readonly number[]][] = [];
    const heights = this.#heights;
    if (last - this.#first > heights.size)
      return [...heights].filter(([slot]) => slot <= last).sort((a, b) => a[0] - b[0]);
    while (this.#first <= last && !heights.has(this.#first)) this.#first++;
    for (let slot = this.#first; slot <= last; slot++) {
      const held = heights.get(slot);
      if (held !== undefined) found.push([slot, held]);
    }
    return found;
  }

  add(slot: number, height: number): void {
    this.#first = this.#heights.size === 0 ? slot : Math.min(this.#first, slot);
    const heights = this.#heights.get(slot);
    if (heights === undefined) this.#heights.set(slot, [height]);
    else heights.push(height);
  }

  /** Keeps only these heights of a slot. */
  keep(slot: number, heights: number[]): void {
    if (heights.length === 0) this.#heights.delete(slot);
    else this.#heights.set(slot, heights);
  }
}

/**
 * Follows what one block puts into the replay memory and deletes from it; what to do to the slots once that is on disk.
 * Each block appends one value a slot, so that a write never grows with what is remembered. `now` is the block's time:
 * only what has expired by then is ever deleted.
 */
export function stageReplay(
  batch: SealedBatch,
  view: View,
  changes: readonly StateChange[],
  slots: Slots,
  { height, now }: { readonly height: number; readonly now: number },
): () => void {
  const deleted = new Set<string>();
  for (const { name, value } of changes) {
    const id = submissionId(name);
    if (id !== null && value === null) deleted.add(toHex(id));
  }
  const kept =
    deleted.size === 0
      ? []
      : slots
          .until(slotOf(now))
          .map(
            ([slot, heights]) =>
              [slot, heights.filter(at => rewrite(batch, view, slot, at, deleted))] as const,
          );
  invariant(deleted.size === 0, 'what leaves the replay memory was in it and has expired');
  const added = stageRemembered(batch, changes, height);
  return () => {
    for (const [slot, heights] of kept) slots.keep(slot, heights);
    for (const slot of added) slots.add(slot, height);
  };
}

/** Puts the submissions among the values into the replay memory, under a height; gives the slots that they are in. */
export function stageRemembered(
  batch: SealedBatch,
  values: readonly Pick<StateChange, 'name' | 'value'>[],
  height: number,
): readonly number[] {
  const added = new Map<number, Entry[]>();
  for (const { name, value } of values) {
    const id = submissionId(name);
    if (id !== null && value !== null) addTo(added, { expires: expiryOf(value), id });
  }
  for (const [slot, entries] of added)
    batch.put(numberKey(BUCKET.replay, slot, height), packEntries(entries));
  return [...added.keys()];
}

/** Ids with `expires` at or before `until`, in (expires, id) order. */
export function readExpired(view: View, slots: Slots, until: number): Uint8Array[] {
  const found: Entry[] = [];
  for (const [slot, heights] of slots.until(slotOf(until)))
    for (const height of heights) found.push(...readEntries(view, slot, height));
  return found
    .filter(({ expires }) => expires <= until)
    .sort((a, b) => a.expires - b.expires || compareBytes(a.id, b.id))
    .map(({ id }) => id);
}

/** The slots of a stored replay memory. */
export async function loadSlots(store: KeyValue): Promise<Slots> {
  const slots = new Slots();
  for await (const key of store.keys(BUCKET.replay)) slots.add(readNumber(key, 1), readNumber(key, 9));
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

function slotOf(expires: number): number {
  return Math.floor(expires / SLOT_MS);
}

function addTo(added: Map<number, Entry[]>, entry: Entry): void {
  const slot = slotOf(entry.expires);
  const entries = added.get(slot);
  if (entries === undefined) added.set(slot, [entry]);
  else entries.push(entry);
}

/** Whether a value of the state with this name is part of the replay memory. */
export function isRemembered(name: Uint8Array): boolean {
  return submissionId(name) !== null;
}

function submissionId(name: Uint8Array): Uint8Array | null {
  if (name.length !== NAME_HEAD.length + ID) return null;
  for (let i = 0; i < NAME_HEAD.length; i++) if (name[i] !== NAME_HEAD[i]) return null;
  return name.subarray(NAME_HEAD.length);
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
