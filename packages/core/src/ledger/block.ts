import type { Hasher } from '../crypto/hasher.ts';
import {
  boolean,
  type Carried,
  encode,
  exactly,
  fixedBytes,
  list,
  positive,
  record,
  uint,
} from '../encoding/codec.ts';
import { memberCode } from '../records/names.ts';

/** Batches a block names at most. */
export const MAX_BATCHES = 512;
/** Bytes of all the batches that a block names, at most. */
export const MAX_BODIES_BYTES = 4 * 1024 * 1024;

/**
 * A block's header. It has no view, so that a block carried into a later view keeps its hash, and names its bodies
 * (batches of submissions) by digest, so that ordering never waits for bulk data.
 */
export const headerCodec = record({
  v: exactly(1),
  genesis: fixedBytes(32),
  height: positive,
  parent: fixedBytes(32),
  proposer: memberCode,
  epoch: uint(0xffff_ffff),
  timestamp: uint(),
  batches: list(fixedBytes(32), MAX_BATCHES),
  barrier: boolean,
});
/** A header: genesis hash, height (from 1; block 1's parent is the genesis hash), parent, proposer, epoch, ms, digests. */
export type Header = Carried<typeof headerCodec>;

/** A block's hash: that of its canonical header. */
export function blockHash(header: Header, hasher: Hasher): Uint8Array {
  return hasher.digest(encode(headerCodec, header));
}
