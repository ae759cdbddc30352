import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes between two reports of progress. */
const REPORT_EVERY = 4 << 20;

/**
 * SHA-256 of a file, read as a stream so that its size does not matter. `crypto.subtle` would be faster, but it takes
 * the whole file at once and exists on secure origins only, which a node on a plain HTTP address is not. Rejects with
 * the reason of `signal` once it is aborted.
 */
export async function hashFile(
  file: Blob,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const hash = sha256.create();
  const reader = file.stream().getReader();
  let done = 0;
  let reported = 0;
  for (;;) {
    const { value, done: ended } = await reader.read();
    if (ended) return hash.digest();
    if (signal.aborted) {
      await reader.cancel();
      throw signal.reason;
    }
    hash.update(value);
    done += value.length;
    if (done - reported >= REPORT_EVERY) {
      reported = done;
      progress(done);
    }
  }
}
