import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { TILE_WIDTH } from './tile.ts';

/** The longest entry a bundle can hold, in bytes: its length is written in 16 bits. */
export const LONGEST_ENTRY = 65_535;

/** An entry bundle (C2SP tlog-tiles): each entry after its length as a big-endian uint16. 1 to 256 entries. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  invariant(entries.length >= 1 && entries.length <= TILE_WIDTH, 'a bundle has 1 to 256 entries');
  let length = 0;
  for (const entry of entries) {
    invariant(entry.length <= LONGEST_ENTRY, 'a log entry is at most 65,535 bytes');
    length += 2 + entry.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const entry of entries) {
    bytes[at] = entry.length >> 8;
    bytes[at + 1] = entry.length & 0xff;
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/**
 * The `width` entries of a bundle, as views into `bytes`. The bundle has exactly that many, with nothing
 * after them; else `bad-entry-bundle`.
 */
export function decodeBundle(bytes: Uint8Array, width: number): Result<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (entries.length === width)
      return refuse('bad-entry-bundle', `more than the ${width} entries expected`);
    if (at + 2 > bytes.length)
      return refuse('bad-entry-bundle', `length of entry ${entries.length} is cut off`);
    const end = at + 2 + bytes[at]! * 256 + bytes[at + 1]!;
    if (end > bytes.length) return refuse('bad-entry-bundle', `entry ${entries.length} is cut off`);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (entries.length !== width)
    return refuse('bad-entry-bundle', `${entries.length} entries, expected ${width}`);
  return ok(entries);
}
