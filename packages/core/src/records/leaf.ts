import { type Carried, exactly, fixedBytes, nullable, record, uint, withBytes } from '../encoding/codec.ts';
import { entryCodec } from './entry.ts';
import { uscc } from './names.ts';

/** Bytes in one leaf at most: the length prefix of a tlog-tiles entry bundle is a uint16. */
export const MAX_LEAF_BYTES = 65_535;

/** What the log holds: one record as it was executed. */
export const leafCodec = record({
  v: exactly(1),
  height: uint(),
  time: uint(),
  submission: fixedBytes(32),
  i: uint(1023),
  publisher: uscc,
  seq: uint(),
  publisherPrev: nullable(uint()),
  version: uint(),
  subjectPrev: nullable(uint()),
  entry: withBytes(entryCodec),
});
/**
 * A leaf: block height and time (ms), submission id and entry number in it, publisher, the publisher's running number
 * `seq` (from 1) and its last record's index, the subject's running number `version` (from 1) and its last
 * record's index, and the entry inline with its canonical bytes, which the publisher signed. Walking either chain from a proven head to 1 shows nothing was left out.
 */
export type Leaf = Carried<typeof leafCodec>;
