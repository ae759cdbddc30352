import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Verifier } from '../../crypto/verifier.ts';
import { concat, fromHex } from '../../encoding/bytes.ts';
import type { Result } from '../../encoding/result.ts';

interface Sourced {
  readonly source: string;
}

interface Bad extends Sourced {
  readonly name: string;
  readonly code: string;
}

/** Values of other implementations, tests/vectors/c2sp.json. */
export interface Vectors {
  readonly vkeys: readonly (Sourced & { vkey: string; type: number })[];
  readonly badVkeys: readonly (Bad & { vkey: string })[];
  readonly notes: readonly (Sourced & { name: string; note: string; vkeys: string[] })[];
  readonly badNotes: readonly (Bad & { note: string })[];
  readonly cosignatures: readonly (Sourced & {
    name: string;
    text: string | null;
    line: string;
    vkey: string | null;
    time: number;
  })[];
  readonly badCosignatures: readonly (Bad & { line: string })[];
  readonly witnessed: Sourced & {
    note: string;
    log: string;
    witnesses: Record<string, string>;
    time: number;
  };
  readonly proof: Sourced & { proof: string; entry: string; log: string; witness: string };
  readonly badProofs: readonly (Bad & { proof: string })[];
  readonly sigsumPolicies: Sourced & {
    valid: string;
    quorums: readonly [number[], boolean][];
    invalid: readonly { name: string; policy: string; code: string }[];
  };
}

/** A note, a policy and a proof of our own, tests/vectors/c2sp-own.json, for other implementations to check. */
export interface OwnVectors {
  readonly origin: string;
  readonly logSeed: string;
  readonly witnessSeed: string;
  readonly time: number;
  readonly policy: string;
  readonly proof: string;
}

export const vectors: Vectors = read('c2sp.json');
export const ownVectors: OwnVectors = read('c2sp-own.json');

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../../tests/vectors/${name}`, import.meta.url), 'utf8'));
}

/** Ed25519 by node:crypto, enough for honest vectors: any 32 bytes pass for a key. */
export const nodeVerifier: Verifier = {
  isKey: key => key.length === 32,
  verify: (key, message, signature) => {
    const x = btoa(String.fromCharCode(...key))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=/g, '');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, message, publicKey, signature);
  },
};

/** A key pair from a 32-byte seed. */
export function keyPair(seed: Uint8Array): {
  publicKey: Uint8Array;
  sign: (message: Uint8Array) => Uint8Array;
} {
  const der = concat(unwrap(fromHex('302e020100300506032b657004220420')), seed);
  const key = createPrivateKey({ key: der as never, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: Uint8Array.from(spki.subarray(-32)),
    sign: message => Uint8Array.from(sign(null, message, key)),
  };
}

/** The value of an accepted result; fails the test otherwise. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

/** The code of a refusal; `accepted` otherwise. */
export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.fault.code;
}

/** `bytes` with a few random edits: replaced, removed, inserted and repeated stretches. */
export function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const byte = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(...[...'\n\r \t+—=0123456789A'].map(c => c.charCodeAt(0) & 255)),
  );
  const edit = fc.record({ at: fc.nat(bytes.length), cut: fc.nat(3), put: fc.array(byte, { maxLength: 3 }) });
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map(edits =>
      edits.reduce(
        (all, { at, cut, put }) => concat(all.subarray(0, at), Uint8Array.from(put), all.subarray(at + cut)),
        bytes,
      ),
    );
}

/** Arbitrary 32 bytes. */
export const bytes32: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** Arbitrary key name, Chinese ones included. */
export const keyNames: fc.Arbitrary<string> = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map(name => name.replace(/[\p{White_Space}\p{Cc}+]/gu, '') || 'example.com/骑缝');
