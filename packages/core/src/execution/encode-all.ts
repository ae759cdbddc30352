import { type Codec, encode } from '../encoding/codec.ts';

/** A value with how it is written. */
export interface Encodable<T> {
  readonly codec: Codec<T>;
  readonly value: T;
}

/**
 * What `encode` gives for each item, as views of one array: an array for each of the leaves and values of a block takes
 * as long as writing them (measured).
 */
export function encodeAll(items: readonly Encodable<unknown>[]): Uint8Array[] {
  const ends: number[] = [];
  const all: Codec<null> = {
    write: out => {
      for (const { codec, value } of items) {
        codec.write(out, value);
        ends.push(out.length);
      }
    },
    read: () => null,
  };
  const bytes = encode(all, null);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}
