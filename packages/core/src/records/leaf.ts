import {
  type Carried,
  exactly,
  fixedBytes,
  nullable,
  positive,
  record,
  refined,
  uint,
  withBytes,
} from '../encoding/codec.ts';
import { LONGEST_ENTRY } from '../merkle/tile-bundle.ts';
import { entryCodec, MAX_ENTRY_BYTES } from './entry.ts';
import { uscc } from './names.ts';

/** Bytes in one leaf at most: what an entry bundle can hold. */
export const MAX_LEAF_BYTES = LONGEST_ENTRY;

/** What the log holds: one record as it was executed. */
export const leafCodec = record({
  v: exactly(1),
  height: positive,
  time: uint(),
  submission: fixedBytes(32),
  i: uint(1023),
  publisher: uscc,
  seq: positive,
  publisherPrev: nullable(uint()),
  version: positive,
  subjectPrev: nullable(uint()),
  entry: refined(withBytes(entryCodec), ({ bytes }) =>
    bytes.length <= MAX_ENTRY_BYTES ? null : `entry of ${bytes.length} bytes, limit ${MAX_ENTRY_BYTES}`,
  ),
});
/**
 * A leaf: block height and time (ms), submission id and entry number in it, publisher, the publisher's running number
 * `seq` (from 1) and its last record's index, the subject's running number `version` (from 1) and its last record's
 * index, and the entry inline with its canonical bytes, which the publisher signed. Walking either chain from a proven
 * head to 1 shows that nothing was left out.
 */
export type Leaf = Carried<typeof leafCodec>;
