import { crc32 } from 'node:zlib';
import { concat, equalBytes, u32 } from '@qifeng/core';
import { readNumber, writeNumber } from './buckets.ts';
import { StorageError } from './errors.ts';

/*
 * The file is four places of one size, in this order: copy 1 of slot 0, copy 1 of slot 1, copy 2 of slot 0, copy 2 of
 * slot 1. Writes go to the two slots in turn, both copies, then one sync. A copy is sequence number (8) ‖ value length
 * (4) ‖ CRC-32 of capacity, sequence number and value (4) ‖ value.
 *
 * A crash tears both copies of the slot being written at most; the other slot, the last one acknowledged, is whole. A
 * damaged sector or run of sectors, however long, cannot take both copies of one slot and leave both of the other. So
 * both copies of a slot gone beside a whole slot is a torn write, and anything else that lost the newest value is damage.
 */
const COPY_HEAD = 16;
/** Slots, written in turn. */
export const SLOTS = 2;
const COPIES = 2;

/** The newest value of a guard file. */
export interface GuardContent {
  readonly sequence: number;
  readonly value: Uint8Array;
}

/** Places in the file of the two copies of a sequence number's slot. */
export function copyPlaces(sequence: number, capacity: number): number[] {
  return Array.from({ length: COPIES }, (_, copy) => (copy * SLOTS + (sequence % SLOTS)) * capacity);
}

/** One copy, without what fills its place up to `capacity`; null if it does not fit. */
export function encodeCopy({ sequence, value }: GuardContent, capacity: number): Uint8Array | null {
  if (COPY_HEAD + value.length > capacity) return null;
  const number = new Uint8Array(8);
  writeNumber(number, 0, sequence);
  return concat(number, u32(value.length), u32(sum(number, value, capacity)), value);
}

/** A whole file that holds one value in both slots, so that no write has ever been torn in it. */
export function encodeFile(content: GuardContent, capacity: number): Uint8Array {
  const file = new Uint8Array(SLOTS * COPIES * capacity);
  for (const sequence of [content.sequence, content.sequence - 1])
    for (const place of copyPlaces(sequence, capacity))
      file.set(encodeCopy({ sequence, value: content.value }, capacity)!, place);
  return file;
}

/** What a guard file holds, and whether every copy in it is sound. */
export interface DecodedGuard extends GuardContent {
  readonly capacity: number;
  readonly whole: boolean;
}

/** The newest value of a file; `guard-damaged` if an acknowledged one may have been lost. */
export function decodeFile(file: Uint8Array, path: string): DecodedGuard {
  const capacity = file.length / (SLOTS * COPIES);
  const found = Array.from({ length: SLOTS * COPIES }, (_, i) =>
    decodeCopy(file.subarray(i * capacity, (i + 1) * capacity), i % SLOTS, capacity),
  );
  const slots = [0, 1].map(slot => [found[slot]!, found[slot + SLOTS]!] as const);
  const newest = slots.map(copies => newer(copies[0], copies[1]));
  const [first, second] = newest as [GuardContent | null, GuardContent | null];
  const best = newer(first, second);
  const torn = newest.indexOf(null);
  // A slot without any copy is a torn write only if the other one is whole.
  const kept = torn < 0 || agree(slots[1 - torn]!);
  if (!Number.isInteger(capacity) || best === null || !kept)
    throw new StorageError('guard-damaged', `${path} is damaged`);
  return { ...best, capacity, whole: slots.every(agree) };
}

function agree([one, other]: readonly [GuardContent | null, GuardContent | null]): boolean {
  return one !== null && other !== null && one.sequence === other.sequence;
}

function newer(one: GuardContent | null, other: GuardContent | null): GuardContent | null {
  if (one === null || other === null) return one ?? other;
  return other.sequence > one.sequence ? other : one;
}

function decodeCopy(bytes: Uint8Array, slot: number, capacity: number): GuardContent | null {
  if (bytes.length < COPY_HEAD) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8);
  if (COPY_HEAD + length > bytes.length) return null;
  const value = bytes.slice(COPY_HEAD, COPY_HEAD + length);
  const number = bytes.subarray(0, 8);
  const sequence = readNumber(bytes, 0);
  if (sequence % SLOTS !== slot) return null;
  return equalBytes(bytes.subarray(12, COPY_HEAD), u32(sum(number, value, capacity)))
    ? { sequence, value }
    : null;
}

/** The capacity is in it, so that a file of another length than it was written with holds nothing. */
function sum(number: Uint8Array, value: Uint8Array, capacity: number): number {
  return crc32(value, crc32(number, crc32(u32(capacity))));
}
