import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

/** A batch of files to hash. */
export interface HashTask {
  readonly paths: readonly string[];
  readonly alg: 'sha256' | 'sm3';
}

/** The digests of a batch end to end, or the first file that failed, with Node's error code. */
export type HashReply = { readonly digests: Uint8Array } | { readonly failed: string; readonly code: string };

/** One buffer for all files: allocating one a file costs more than reading a small file (measured). */
const buffer = Buffer.allocUnsafe(1 << 20);

parentPort?.on('message', (task: HashTask) => {
  parentPort?.postMessage(digestAll(task));
});

function digestAll({ paths, alg }: HashTask): HashReply {
  const digests = new Uint8Array(32 * paths.length);
  for (const [i, path] of paths.entries()) {
    try {
      digests.set(digestOf(path, alg), 32 * i);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
      return { failed: path, code };
    }
  }
  return { digests };
}

function digestOf(path: string, alg: HashTask['alg']): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const first = readSync(file, buffer);
    // A file that fits is hashed in one call, a quarter of the cost of a hash object (measured).
    if (first < buffer.length && readSync(file, buffer, first, buffer.length - first, null) === 0)
      return hash(alg, buffer.subarray(0, first), 'buffer');
    return digestLarge(path, alg);
  } finally {
    closeSync(file);
  }
}

function digestLarge(path: string, alg: HashTask['alg']): Uint8Array {
  const digest = createHash(alg);
  const file = openSync(path, 'r');
  try {
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer))
      digest.update(buffer.subarray(0, length));
    return digest.digest();
  } finally {
    closeSync(file);
  }
}
