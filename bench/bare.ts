import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Hasher } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import type { Contender } from './measure.ts';

// The limits: what the machine does when asked with as little around it as possible.

const fromNode = createRequire(new URL('../packages/node/package.json', import.meta.url));
const fromCore = createRequire(new URL('../packages/core/package.json', import.meta.url));

/** A signature to check: key, message, signature. */
export type Signed = readonly [key: Uint8Array, message: Uint8Array, signature: Uint8Array];

type SodiumVerify = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean;

const sodium: { crypto_sign_verify_detached: SodiumVerify } = fromNode('sodium-native');

/** SHA-256 of @noble/hashes. */
export const nobleSha256: (data: Uint8Array) => Uint8Array = fromCore('@noble/hashes/sha2.js').sha256;

/** The hash calls that a piece of work makes, as the lengths of their inputs. */
export function hashCalls(work: (hasher: Hasher) => unknown): readonly number[] {
  const lengths: number[] = [];
  work({
    digest: data => {
      lengths.push(data.length);
      return nativeHasher.digest(data);
    },
    digestInto: (data, out, at) => {
      lengths.push(data.length);
      nativeHasher.digestInto(data, out, at);
    },
  });
  return lengths;
}

/** Makes a run of as many hashes, of inputs as long, and nothing else. */
export function bareHashes(lengths: readonly number[]): () => void {
  const views = new Map<number, Uint8Array>();
  const inputs = lengths.map(length => {
    const view = views.get(length) ?? new Uint8Array(length).fill(7);
    views.set(length, view);
    return view;
  });
  return () => {
    for (const input of inputs) hash('sha256', input, 'binary');
  };
}

/** The limit of a row whose work is hashing. */
export function hashingLimit(lengths: readonly number[]): Contender {
  return {
    name: 'bare hash calls',
    how: "for each hash of the work, an input of its length: crypto.hash('sha256', input, 'binary')",
    run: bareHashes(lengths),
  };
}

const keyObjects = new Map<string, KeyObject>();

function keyObject(key: Uint8Array): KeyObject {
  const x = Buffer.from(key).toString('base64url');
  let object = keyObjects.get(x);
  if (object === undefined) {
    object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    keyObjects.set(x, object);
  }
  return object;
}

/** Checks signatures with node:crypto and key objects made before. */
export function nodeVerifies(signed: readonly Signed[]): () => void {
  const jobs = signed.map(([key, message, signature]) => [keyObject(key), message, signature] as const);
  return () => {
    for (const [key, message, signature] of jobs) verify(null, message, key, signature);
  };
}

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
