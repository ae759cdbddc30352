import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { Hasher } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import type { Contender } from './measure.ts';

// The limits: what the machine does when asked with as little around it as possible.

/** A signature to check: key, message, signature. */
export type Signed = readonly [key: Uint8Array, message: Uint8Array, signature: Uint8Array];

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
