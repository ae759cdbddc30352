import { readFileSync } from 'node:fs';
import { type EdgeVector, edgeVectors } from '../../../../../tests/vectors/ed25519-edge.ts';

/** A question to a verifier with the answer our rule gives. */
export interface VerdictVector {
  readonly name: string;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  /** What `isKey(key)` must say. */
  readonly isKey: boolean;
  /** What `verify(key, message, signature)` must say. */
  readonly verify: boolean;
}

/** One vector of RFC 8032 section 7.1. */
export interface Rfc8032Vector extends VerdictVector {
  readonly seed: Uint8Array;
}

/** The five pure Ed25519 vectors of RFC 8032 section 7.1. */
export function rfc8032Vectors(): Rfc8032Vector[] {
  return read<{ name: string; seed: string; key: string; message: string; signature: string }>('rfc8032').map(
    vector => ({ ...fromText(vector), name: vector.name, seed: hex(vector.seed), isKey: true, verify: true }),
  );
}

/** The twelve vectors of "Taming the many EdDSAs", with the verdicts and reasons of our rule. */
export function speccheckVectors(): VerdictVector[] {
  return read<SpeccheckVector>('speccheck').map(vector => ({
    ...fromText(vector),
    name: `${vector.number}: ${vector.why}`,
    isKey: vector.isKey,
    verify: vector.verify,
  }));
}

interface SpeccheckVector {
  readonly number: number;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly isKey: boolean;
  readonly verify: boolean;
  readonly why: string;
}

/**
 * The 914 CCTV vectors with the verdicts that follow from their flags. Every one satisfies the cofactored equation
 * when k is taken over the bytes as sent, so what is refused is refused for A, for R or for the residue. A vector
 * with a re-encoded k always has a low-order A or R.
 */
export function cctvVectors(): readonly VerdictVector[] {
  cctv ??= edgeVectors().map(fromFlags);
  return cctv;
}

let cctv: readonly VerdictVector[] | undefined; // building them takes half a second

function fromFlags(vector: EdgeVector): VerdictVector {
  const has = (flag: string) => vector.flags?.includes(flag) ?? false;
  return {
    name: `cctv ${vector.number}`,
    key: hex(vector.key),
    message: new Uint8Array(Buffer.from(vector.msg)),
    signature: hex(vector.sig),
    isKey: !has('low_order_A') && !has('low_order_component_A'),
    verify: !has('low_order_A') && !has('low_order_R') && !has('low_order_residue'),
  };
}

function read<T>(name: string): T[] {
  const path = new URL(`../../../../../tests/vectors/ed25519-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as T[];
}

function fromText(vector: { key: string; message: string; signature: string }) {
  return { key: hex(vector.key), message: hex(vector.message), signature: hex(vector.signature) };
}

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}
