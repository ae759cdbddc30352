import { Worker } from 'node:worker_threads';
import type { Digest } from '@qifeng/core';
import { digestFile } from './digest.ts';
import type { HashReply, HashTask } from './hash-worker.ts';

/** Below this many files starting threads costs more than it saves (measured: 30 ms a thread). */
const FEW = 64;
/** Files a thread is given at a time. */
const BATCH = 32;
const THREADS = 2;

/** A file that could not be hashed; `code` is Node's. */
export class HashError extends Error {
  readonly path: string;
  readonly code: string;

  constructor(path: string, code: string) {
    super(`${path}: ${code}`);
    this.name = 'HashError';
    this.path = path;
    this.code = code;
  }
}

/**
 * Digests of files in their order. Many are read by two threads that each reuse one buffer, few as streams. Rejects with
 * a `HashError` for the first that cannot be read, and with an AbortError on abort.
 */
export async function hashFiles(
  paths: readonly string[],
  alg: Digest['alg'],
  onProgress: (done: number) => void = () => {},
  signal?: AbortSignal,
): Promise<readonly Digest[]> {
  return paths.length < FEW
    ? hashFew(paths, alg, onProgress, signal)
    : hashMany(paths, alg, onProgress, signal);
}

async function hashFew(
  paths: readonly string[],
  alg: Digest['alg'],
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<readonly Digest[]> {
  const digests: Digest[] = [];
  for (const path of paths) {
    digests.push(
      await digestFile(path, alg, signal).catch((error: unknown) => {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
        throw code === 'ABORT_ERR' ? error : new HashError(path, code);
      }),
    );
    onProgress(digests.length);
  }
  return digests;
}

async function hashMany(
  paths: readonly string[],
  alg: Digest['alg'],
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<readonly Digest[]> {
  const digests = new Array<Digest>(paths.length);
  let next = 0;
  let done = 0;
  const work = async () => {
    const worker = startWorker();
    try {
      while (next < paths.length) {
        signal?.throwIfAborted();
        const start = next;
        next += BATCH;
        const batch = paths.slice(start, next);
        const hashes = await ask(worker, { paths: batch, alg });
        for (let i = 0; i < batch.length; i++)
          digests[start + i] = { alg, hash: hashes.slice(32 * i, 32 * (i + 1)) };
        done += batch.length;
        onProgress(done);
      }
    } finally {
      next = paths.length; // after a failure the other thread need not go on
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: THREADS }, work));
  return digests;
}

/** The worker beside this file: `.js` once compiled, `.ts` where the sources run. */
function startWorker(): Worker {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./hash-worker.${ending}`, import.meta.url));
}

function ask(worker: Worker, task: HashTask): Promise<Uint8Array> {
  return new Promise((done, fail) => {
    const broken = (error: Error) => {
      worker.off('message', answered);
      fail(error);
    };
    const answered = (reply: HashReply) => {
      worker.off('error', broken);
      if ('digests' in reply) done(reply.digests);
      else fail(new HashError(reply.failed, reply.code));
    };
    worker.once('error', broken);
    worker.once('message', answered);
    worker.postMessage(task);
  });
}
