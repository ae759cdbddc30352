import {
  type Carried,
  type Certificate,
  certificateCodec,
  decode,
  encode,
  list,
  record,
  text,
} from '@qifeng/core';

const audited = list(record({ node: text(2048, 1), certificate: certificateCodec }), 1024);

/** Bytes in the file at most. */
export const MAX_REMEMBERED_BYTES = 64 * 1024 * 1024;

/** What nodes showed when they were audited, by URL; null where the bytes are no such file. */
export function readRemembered(bytes: Uint8Array): Map<string, Certificate> | null {
  const decoded = decode(audited, bytes, MAX_REMEMBERED_BYTES);
  if (!decoded.ok) return null;
  return new Map(decoded.value.map(({ node, certificate }) => [node, certificate]));
}

/** The inverse of `readRemembered`. */
export function formatRemembered(remembered: ReadonlyMap<string, Certificate>): Uint8Array {
  const entries: Carried<typeof audited> = [...remembered].map(([node, certificate]) => ({
    node,
    certificate,
  }));
  return encode(audited, entries);
}
