import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Digest } from '@qifeng/core';
import { throwIfAborted } from './abort.ts';
import { digestFile } from './digest.ts';
import { hashSmall } from './hash-small.ts';
import type { HashReply } from './hash-worker.ts';
import {
  DIGEST_LENGTH,
  type Failure,
  failureOf,
  fileDone,
  filesLeft,
  type SharedWork,
  shareWork,
  stopWork,
  takeFiles,
} from './shared-work.ts';

/** Milliseconds of work before other threads are called: starting one takes 40 to 100 (measured). */
const ALONE_MS = 20;
/** Threads beside this one at most: more would only wait for a disk. */
const HELPERS = 3;

/** A file that could not be hashed; `code` is Node's. */
export class HashError extends Error {
  readonly path: string;
  readonly code: string;

  constructor({ path, code }: Failure) {
    super(`${path}: ${code}`);
    this.name = 'HashError';
    this.path = path;
    this.code = code;
  }
}

/**
 * Digests of files in their order. This thread begins at once, small files a few at a time between other events; if there
 * is more to do, a thread for each further processor helps. Rejects with a `HashError` for the first that cannot be read,
 * and with an AbortError on abort.
 */
export async function hashFiles(
  paths: readonly string[],
  alg: Digest['alg'],
  onProgress: (done: number) => void = () => {},
  signal?: AbortSignal,
): Promise<readonly Digest[]> {
  const work = shareWork(paths, alg);
  const helpers: Helper[] = [];
  const start = performance.now();
  try {
    for (let taken = takeFiles(work); taken !== null; taken = takeFiles(work)) {
      let done = 0;
      for (let i = taken.start; i < taken.end; i++) done = await hashOne(i, work, signal);
      onProgress(done);
      if (helpers.length === 0 && filesLeft(work) > 0 && performance.now() - start > ALONE_MS)
        helpers.push(...startHelpers(work));
      await setImmediate();
      throwIfAborted(signal);
    }
    await allDone(helpers, signal);
  } finally {
    stopWork(work);
    await Promise.all(helpers.map(({ worker }) => worker.terminate()));
  }
  if (helpers.length > 0) onProgress(paths.length);
  return paths.map((_, i) => ({
    alg,
    hash: work.digests.slice(DIGEST_LENGTH * i, DIGEST_LENGTH * (i + 1)),
  }));
}

/** Hashes a file on this thread and says how many are done. */
async function hashOne(index: number, work: SharedWork, signal: AbortSignal | undefined): Promise<number> {
  const { paths, alg, digests } = work;
  const path = paths[index]!;
  const at = DIGEST_LENGTH * index;
  try {
    if (!hashSmall(path, alg, digests, at)) digests.set((await digestFile(path, alg, signal)).hash, at);
  } catch (error) {
    throwIfAborted(signal);
    throw new HashError(failureOf(path, error));
  }
  return fileDone(work);
}

/** A thread that helps; `done` resolves when it finds no more files. */
interface Helper {
  readonly worker: Worker;
  readonly done: Promise<void>;
}

function startHelpers(work: SharedWork): readonly Helper[] {
  // Beside this file: `.js` once compiled, `.ts` where the sources run.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const file = new URL(`./hash-worker.${ending}`, import.meta.url);
  return Array.from({ length: Math.min(HELPERS, availableParallelism() - 1) }, () => {
    const worker = new Worker(file, { workerData: work });
    const done = new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (failure: HashReply) =>
        failure === null ? resolve() : reject(new HashError(failure)),
      );
    });
    done.catch(() => stopWork(work)); // this thread sees it when it has no more files
    return { worker, done };
  });
}

async function allDone(helpers: readonly Helper[], signal: AbortSignal | undefined): Promise<void> {
  let stop = () => {};
  const aborted = new Promise<void>(resolve => {
    stop = resolve;
    signal?.addEventListener('abort', stop);
  });
  await Promise.race([aborted, Promise.all(helpers.map(({ done }) => done))]).finally(() =>
    signal?.removeEventListener('abort', stop),
  );
  throwIfAborted(signal);
}
