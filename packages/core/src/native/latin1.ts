/** A text of as many characters that stands for the bytes, as a key of a map; a tenth of the cost of hex. */
export function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}
