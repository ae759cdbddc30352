/*
 * What a record and a block cost on disk, from what has to be kept of them (docs/FORMATS.md), without what a database adds.
 * Lengths in bytes. A key has one byte for its bucket.
 */

const HASH = 32;
const SIGNATURE = 64;
/** A packed number in a key or a list. */
const NUMBER = 8;
/** Tags, lengths and small numbers of one CBOR record. */
const FIELDS = 24;

/** What a record in a submission of its own adds to the store. */
export function recordBytes(submission: number, leaf: number, subjectName: number): number {
  const body = submission;
  const inLog = NUMBER + leaf + HASH;
  const outcome = 1 + HASH + FIELDS;
  const replay = 1 + 2 * NUMBER + HASH + NUMBER;
  // Its subject's name and standing (digest, head, version, owner), and its place in the map: key, hash, pointer.
  const state = subjectName + HASH + FIELDS + 3 * NUMBER + 2 * HASH + NUMBER;
  const lists = [HASH, subjectName].reduce((sum, name) => sum + 2 + name + 2 * NUMBER, NUMBER);
  return body + inLog + outcome + replay + state + lists;
}

/** Length of a checkpoint's text. */
const TEXT = 300;
/** A publisher's name and value. */
const PUBLISHER = 200;

/** What a block adds to the store: header, text, certificate, and its publishers' new values with their place in the map. */
export function blockBytes(validators: number, batches: number, publishers: number): number {
  const header = NUMBER + 4 * HASH + FIELDS + batches * (2 * HASH + 4) + HASH + NUMBER;
  const certificate = NUMBER + TEXT + HASH + validators * (SIGNATURE + NUMBER);
  return header + TEXT + certificate + publishers * (PUBLISHER + 2 * HASH + NUMBER);
}

/** What a block adds to the write-ahead log until that is rewritten: acceptance, PREPARED, cosignature, checkpoint. */
export function loggedBytes(validators: number, batches: number): number {
  const vote = FIELDS + HASH;
  const accepted = 4 * HASH + FIELDS + batches * (HASH + 2);
  const prepared = vote + validators * (SIGNATURE + 4);
  const cosigned = TEXT + HASH + FIELDS;
  const checkpoint = TEXT + vote + validators * (SIGNATURE + NUMBER);
  // Each record has a frame of its own.
  return accepted + prepared + cosigned + checkpoint + 4 * FIELDS;
}
