import { crc32 } from 'node:zlib';
import { concat } from '@qifeng/core';
import { writeNumber } from './buckets.ts';
import { StorageError } from './errors.ts';

/*
 * File: magic (8) ‖ salt (8) ‖ CRC-32 of both (4), then frames. Frame: payload length (4) ‖ CRC-32 of the payload (4) ‖
 * CRC-32 of salt, place in the file and those 8 bytes (4) ‖ payload, which is records, each after its length (4).
 *
 * A frame is what one sync covers. So a crash tears only the last frame, and whatever of its pages reached the disk, no
 * whole frame stands after the tear: one that does is proof that a synced frame before it was damaged. The salt keeps
 * others from making records that look like frames.
 */
const MAGIC = new TextEncoder().encode('qf-log-1');
const SALT_LENGTH = 8;
/** Bytes before the first frame. */
export const FILE_HEAD = MAGIC.length + SALT_LENGTH + 4;
const FRAME_HEAD = 12;

/** Head of a log file: `salt` is 8 random bytes. */
export function encodeFileHead(salt: Uint8Array): Uint8Array {
  const named = concat(MAGIC, salt);
  return concat(named, checksum(named));
}

/** The records as one frame that stands at `place` in the file. */
export function encodeFrame(salt: Uint8Array, place: number, records: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const record of records) length += 4 + record.length;
  const frame = new Uint8Array(FRAME_HEAD + length);
  const view = new DataView(frame.buffer);
  let at = FRAME_HEAD;
  for (const record of records) {
    view.setUint32(at, record.length);
    frame.set(record, at + 4);
    at += 4 + record.length;
  }
  view.setUint32(0, length);
  view.setUint32(4, crc32(frame.subarray(FRAME_HEAD)));
  view.setUint32(8, headSum(salt, place, frame.subarray(0, 8)));
  return frame;
}

/** What a log file holds. */
export interface LogContent {
  readonly salt: Uint8Array;
  readonly records: readonly Uint8Array[];
  /** Where the last whole frame ends. */
  readonly end: number;
}

/** The content of a log file up to a torn last frame. Damage before that, or of the file's head, throws `log-damaged`. */
export function decodeLog(bytes: Uint8Array, path: string): LogContent {
  const salt = bytes.slice(MAGIC.length, MAGIC.length + SALT_LENGTH);
  // The head was synced before the file got its name, so that it cannot be torn.
  if (!startsWith(bytes, encodeFileHead(salt))) throw damaged(path, 0);
  const records: Uint8Array[] = [];
  let end = FILE_HEAD;
  while (end < bytes.length) {
    const payload = framePayload(bytes, salt, end);
    if (payload === null) {
      if (frameFollows(bytes, salt, end)) throw damaged(path, end);
      break;
    }
    end += FRAME_HEAD + payload.length;
    for (let at = 0; at < payload.length; ) {
      const length = new DataView(payload.buffer, payload.byteOffset).getUint32(at);
      records.push(payload.slice(at + 4, at + 4 + length));
      at += 4 + length;
    }
  }
  return { salt, records, end };
}

/** The payload of the whole and sound frame at `place`, or null. */
function framePayload(bytes: Uint8Array, salt: Uint8Array, place: number): Uint8Array | null {
  const length = soundLength(bytes, salt, place);
  if (length === null || place + FRAME_HEAD + length > bytes.length) return null;
  const payload = bytes.subarray(place + FRAME_HEAD, place + FRAME_HEAD + length);
  return crc32(payload) === view(bytes).getUint32(place + 4) ? payload : null;
}

/** Payload length in the frame head at `place`, or null if there is no sound head. */
function soundLength(bytes: Uint8Array, salt: Uint8Array, place: number): number | null {
  if (place + FRAME_HEAD > bytes.length) return null;
  const length = view(bytes).getUint32(place);
  const sum = headSum(salt, place, bytes.subarray(place, place + 8));
  return sum === view(bytes).getUint32(place + 8) ? length : null;
}

/** Whether anything that was synced stands after the unsound frame at `place`. */
function frameFollows(bytes: Uint8Array, salt: Uint8Array, place: number): boolean {
  const length = soundLength(bytes, salt, place);
  // With a sound head the frame's end is known, and what was written after it came after a sync.
  if (length !== null) return place + FRAME_HEAD + length < bytes.length;
  for (let at = place + 1; at + FRAME_HEAD <= bytes.length; at++) {
    // No frame is empty, and few bytes that are not a length fit as one: this spares nearly all checksums.
    const claimed = view(bytes).getUint32(at);
    if (claimed === 0 || claimed > bytes.length - at - FRAME_HEAD) continue;
    if (framePayload(bytes, salt, at) !== null) return true;
  }
  return false;
}

function headSum(salt: Uint8Array, place: number, head: Uint8Array): number {
  const where = new Uint8Array(8);
  writeNumber(where, 0, place);
  return crc32(head, crc32(where, crc32(salt)));
}

function checksum(bytes: Uint8Array): Uint8Array {
  const sum = new Uint8Array(4);
  view(sum).setUint32(0, crc32(bytes));
  return sum;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}

function damaged(path: string, place: number): StorageError {
  return new StorageError('log-damaged', `${path} is damaged at byte ${place}, before what was synced later`);
}
