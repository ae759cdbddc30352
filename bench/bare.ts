import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Signed } from '../packages/client/src/bench/limits.ts';

export * from '../packages/client/src/bench/limits.ts';

// Limits by packages that only the node has.

const fromNode = createRequire(new URL('../packages/node/package.json', import.meta.url));
const fromCore = createRequire(new URL('../packages/core/package.json', import.meta.url));

type SodiumVerify = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean;

const sodium: { crypto_sign_verify_detached: SodiumVerify } = fromNode('sodium-native');

/** SHA-256 of @noble/hashes. */
export const nobleSha256: (data: Uint8Array) => Uint8Array = fromCore('@noble/hashes/sha2.js').sha256;

/** Checks signatures with libsodium on this thread. */
export function sodiumVerifies(signed: readonly Signed[]): () => void {
  return () => {
    for (const [key, message, signature] of signed)
      sodium.crypto_sign_verify_detached(signature, message, key);
  };
}

const RAW_WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const { crypto_sign_verify_detached: verify } = require(workerData.sodium);
const { signed } = workerData;
parentPort.on('message', times => {
  const start = process.hrtime.bigint();
  for (let i = 0; i < times; i++)
    for (const [key, message, signature] of signed) verify(signature, message, key);
  parentPort.postMessage(Number(process.hrtime.bigint() - start) / 1e9);
});
`;

/** Threads that each check all of `signed` a number of times, fed once; gives the seconds of the slowest. */
export function sodiumThreads(
  signed: readonly Signed[],
  threads: number,
): { run(times: number): Promise<number>; close(): Promise<unknown> } {
  const workerData = { signed, sodium: fromNode.resolve('sodium-native') };
  const workers = Array.from({ length: threads }, () => new Worker(RAW_WORKER, { eval: true, workerData }));
  const ask = (worker: Worker, times: number): Promise<number> =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage(times);
    });
  return {
    run: async times => Math.max(...(await Promise.all(workers.map(worker => ask(worker, times))))),
    close: () => Promise.all(workers.map(worker => worker.terminate())),
  };
}
