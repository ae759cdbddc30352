import { bytesOfHex, type Codec, fixedBytes, invariant, toHex } from '@qifeng/core';

/** 32 bytes of a hash that the protocol carries as hex. */
export function hashBytes(hex: string): Uint8Array {
  const bytes = bytesOfHex(hex);
  invariant(bytes.length === 32, 'a hash inside the protocol is 64 hex digits');
  return bytes;
}

/** A hash, 32 bytes on the wire and hex inside the protocol. */
export const hashCodec: Codec<string> = {
  write: (out, value) => out.bytes(hashBytes(value)),
  read: input => toHex(fixedBytes(32).read(input)),
};
