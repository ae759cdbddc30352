import { createReadStream } from 'node:fs';
import { concat } from '@qifeng/core';

/**
 * The bytes of a small file, or its first `max` + 1 bytes if it has more, so that a parser with that limit refuses it.
 * Pipes are read too. A failed read rejects with Node's coded error.
 */
export async function readAtMost(path: string, max: number, signal?: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of createReadStream(path, { end: max, ...(signal && { signal }) }))
    parts.push(chunk as Uint8Array);
  return concat(...parts);
}
