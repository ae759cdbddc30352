import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { hashSmall } from './hash-small.ts';
import {
  DIGEST_LENGTH,
  type Failure,
  failureOf,
  fileDone,
  type SharedWork,
  takeFiles,
} from './shared-work.ts';

// Entry of a thread that helps hashing: takes files as long as there are any, then says how it went and ends.

/** The file that failed, or null if none did. */
export type HashReply = Failure | null;

const CHUNK = 1 << 18;

const work = workerData as SharedWork;
parentPort?.postMessage(hashAll());

function hashAll(): HashReply {
  const { paths, alg, digests } = work;
  for (let taken = takeFiles(work); taken !== null; taken = takeFiles(work)) {
    for (let i = taken.start; i < taken.end; i++) {
      const path = paths[i]!;
      try {
        if (!hashSmall(path, alg, digests, DIGEST_LENGTH * i))
          digests.set(hashLarge(path), DIGEST_LENGTH * i);
      } catch (error) {
        return failureOf(path, error);
      }
      fileDone(work);
    }
  }
  return null;
}

function hashLarge(path: string): Uint8Array {
  const digest = createHash(work.alg);
  const buffer = Buffer.allocUnsafeSlow(CHUNK);
  const file = openSync(path, 'r');
  try {
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer))
      digest.update(buffer.subarray(0, length));
    return digest.digest();
  } finally {
    closeSync(file);
  }
}
