import {
  byteString,
  type Carried,
  fixedBytes,
  list,
  MAP_CHILDREN,
  MAP_PATH_DIGITS,
  nullable,
  record,
  refined,
  text,
  uint,
} from '@qifeng/core';

/** Bytes of the values in one part above which it is split. */
export const PART_BYTES = 128 * 1024;
/** Values in one part at most. */
export const PART_VALUES = 1024;
/** Bytes of a part on the wire at most: one value alone may be larger than a part that could be split. */
export const MAX_PART_BYTES = 640 * 1024;
/** Parts asked for in one request at most. */
export const MAX_PARTS = 16;
/** Bytes of one value: no more than a part with nothing else may have. */
const MOST_VALUE = 512 * 1024;

const path = refined(text(MAP_PATH_DIGITS), value =>
  /^[0-9a-f]*$/.test(value) ? null : 'not a path of hex digits',
);

/** Asks for a snapshot of a block above a height. */
export const snapshotRequestCodec = record({ above: uint() });

/** Asks for parts of the state after the block of a height. */
export const partRequestCodec = record({ height: uint(), paths: list(path, MAX_PARTS, 1) });

const child = nullable(record({ key: nullable(fixedBytes(32)), hash: fixedBytes(32) }));
const value = record({ name: byteString(1, 0xffff), value: byteString(0, MOST_VALUE) });

/** A part of a state: what it is split into, or its values; with neither the sender does not hold that state. */
export const partCodec = record({
  height: uint(),
  path,
  children: nullable(list(child, MAP_CHILDREN, MAP_CHILDREN)),
  values: nullable(list(value, PART_VALUES, 1)),
});
/** A part as it travels. A child with a key is a lone pair, and `hash` that of its value. */
export type StatePart = Carried<typeof partCodec>;
