import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Digest } from '@qifeng/core';

/** Bytes read at a time: large enough that reading does not hold hashing up, small enough to stay in the cache. */
const CHUNK = 1 << 20;

/**
 * The digest of a file, read as a stream so that its size does not matter. An aborted signal rejects with an
 * AbortError, a failed read with Node's coded error.
 */
export async function digestFile(path: string, alg: Digest['alg'], signal?: AbortSignal): Promise<Digest> {
  const hash = createHash(alg);
  const stream = createReadStream(path, { highWaterMark: CHUNK, ...(signal && { signal }) });
  for await (const chunk of stream) hash.update(chunk as Uint8Array);
  return { alg, hash: new Uint8Array(hash.digest()) };
}
