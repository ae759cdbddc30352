/**
 * First byte of every key. Numbers are never reused: a retired bucket keeps its line, so that a store written by an
 * older release is not misread.
 */
export const BUCKET = {
  /** `format`, `head`, `pages`. */
  meta: 0,
  /** height → block record. */
  block: 1,
  /** block hash → height. */
  blockByHash: 2,
  // 3 was map key → name and value of the state.
  /** name → map key, for the kinds that can be listed. */
  listedName: 4,
  /** second of expiry, height → (expires, id) of submissions. */
  replay: 5,
  // 6 was map path → page without the hashes between its top and its slots.
  /** level, index → hashes; of level 0 full tiles only. */
  tile: 7,
  /** log index → leaf, of leaves in no group. */
  leaf: 8,
  /** list, name → number of full chunks and the last, partial one. */
  listTail: 9,
  /** list, name, chunk → its log indexes. */
  listChunk: 10,
  /** submission id → outcome. */
  outcome: 11,
  /** height → certificate. */
  certificate: 12,
  /** chunk of heights → bitmap of those with a certificate. */
  certificateMap: 13,
  /** batch digest → bodies. */
  batch: 14,
  /** digests of batches that no executed block names. */
  pendingBatch: 15,
  /** height, chunk → names and values of the state that the block changed; the map's leaves point here. */
  change: 16,
  /** map path → page, as of the height under `meta` `pages`. */
  page: 17,
  /** log index / 16 → 16 leaves of one block. */
  leafGroup: 18,
  /** epoch → what receipts need of its end. */
  handover: 19,
  /** epoch, signer → evidence against it. */
  evidence: 20,
  /** segment × partition → terms of its records and where they are. */
  searchTerms: 21,
  /** segment → records that follow another of their subject, and where they inherit what from. */
  searchFollows: 22,
  /** segment → state and day of each record. */
  searchMarks: 23,
  /** segment → bitmap of the records whose subjects have a later one. */
  searchSuperseded: 24,
  /** number, map path → page before it was overwritten, for a state that is frozen; nothing after a start. */
  oldPage: 25,
  /** height → log line of its checkpoint that a validator signed. */
  logLine: 26,
} as const;

/** A bucket's number. */
export type Bucket = (typeof BUCKET)[keyof typeof BUCKET];

/** Key of `name` in a bucket. */
export function key(bucket: Bucket, name: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + name.length);
  bytes[0] = bucket;
  bytes.set(name, 1);
  return bytes;
}

/** Key of one or two numbers in a bucket; keys ascend as the numbers do. */
export function numberKey(bucket: Bucket, first: number, second?: number): Uint8Array {
  const bytes = new Uint8Array(second === undefined ? 9 : 17);
  bytes[0] = bucket;
  writeNumber(bytes, 1, first);
  if (second !== undefined) writeNumber(bytes, 9, second);
  return bytes;
}

/** Key of an ASCII text in a bucket. */
export function asciiKey(bucket: Bucket, text: string): Uint8Array {
  const bytes = new Uint8Array(1 + text.length);
  bytes[0] = bucket;
  for (let i = 0; i < text.length; i++) bytes[1 + i] = text.charCodeAt(i);
  return bytes;
}

/** Writes a safe integer as 8 bytes, big-endian. */
export function writeNumber(bytes: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  for (let i = 0; i < 4; i++) {
    bytes[at + i] = high >>> (24 - 8 * i);
    bytes[at + 4 + i] = value >>> (24 - 8 * i);
  }
}

/** The safe integer that `writeNumber` wrote. */
export function readNumber(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4);
}

/** Safe integers, 8 bytes each. */
export function packNumbers(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  values.forEach((value, i) => {
    writeNumber(bytes, 8 * i, value);
  });
  return bytes;
}

/** The inverse of `packNumbers`. */
export function unpackNumbers(bytes: Uint8Array): number[] {
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => readNumber(bytes, 8 * i));
}
