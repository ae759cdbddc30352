import type { Digest } from '@qifeng/core';

/** Bytes in a digest of either algorithm. */
export const DIGEST_LENGTH = 32;

/** Files a thread takes at a time: some 0.4 ms of small ones. */
const BATCH = 8;

/** Files to hash and where their digests go: memory that all threads see, so that nobody waits for a message. */
export interface SharedWork {
  readonly paths: readonly string[];
  readonly alg: Digest['alg'];
  /** The first file that nobody has taken yet, and how many are hashed. */
  readonly counters: Int32Array<SharedArrayBuffer>;
  readonly digests: Uint8Array<SharedArrayBuffer>;
}

const NEXT = 0;
const DONE = 1;

/** Work that nobody has begun. */
export function shareWork(paths: readonly string[], alg: Digest['alg']): SharedWork {
  return {
    paths,
    alg,
    counters: new Int32Array(new SharedArrayBuffer(8)),
    digests: new Uint8Array(new SharedArrayBuffer(DIGEST_LENGTH * paths.length)),
  };
}

/** The next few files, which are the caller's from now on; null when none are left. */
export function takeFiles({ paths, counters }: SharedWork): { start: number; end: number } | null {
  const start = Atomics.add(counters, NEXT, BATCH);
  return start >= paths.length ? null : { start, end: Math.min(start + BATCH, paths.length) };
}

/** After a failure or an abort nobody takes any more files. */
export function stopWork({ paths, counters }: SharedWork): void {
  Atomics.store(counters, NEXT, paths.length);
}

/** Files that nobody has taken. */
export function filesLeft({ paths, counters }: SharedWork): number {
  return Math.max(0, paths.length - Atomics.load(counters, NEXT));
}

/** Counts a hashed file and says how many there are now. */
export function fileDone({ counters }: SharedWork): number {
  return Atomics.add(counters, DONE, 1) + 1;
}

/** A file that could not be hashed, with Node's code. */
export interface Failure {
  readonly path: string;
  readonly code: string;
}

/** What a thread says of the error that a file gave. */
export function failureOf(path: string, error: unknown): Failure {
  return { path, code: error instanceof Error && 'code' in error ? String(error.code) : 'EIO' };
}
