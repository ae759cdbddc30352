import { hash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { edgeVectors } from '../../../../tests/vectors/ed25519-edge.ts';
import { portableVerifier } from './portable-verifier.ts';
import { cctvVectors, type VerdictVector } from './testing/ed25519-vectors.ts';
import { verifierCompliance } from './testing/verifier-compliance.ts';

/** SHA-256 of ed25519/ed25519vectors.json as published in C2SP/CCTV. */
const PUBLISHED = 'b38e84caf3e7e89170ff520292dbeae421b0a794c27408ce5ce973018fe3d7f9';

verifierCompliance('portableVerifier', portableVerifier);

describe('the CCTV edge vectors', () => {
  it('are rebuilt byte for byte as published', () => {
    expect(hash('sha256', `${JSON.stringify(edgeVectors(), null, '\t')}\n`)).toBe(PUBLISHED);
  });

  it('number 914: verify accepts 43, isKey accepts the key of 28, and only 1 passes both', () => {
    const vectors = cctvVectors();
    const isKey = vectors.filter(({ key }) => portableVerifier.isKey(key));
    const valid = (list: readonly VerdictVector[]) =>
      list.filter(({ key, message, signature }) => portableVerifier.verify(key, message, signature));
    expect(vectors).toHaveLength(914);
    expect(valid(vectors)).toHaveLength(43);
    expect(isKey).toHaveLength(28); // A of prime order, with R: 8 small, 8 with a prime part, 6 odd encodings twice
    expect(valid(isKey)).toHaveLength(1);
  });

  it("catch a cofactored verifier: noble's own accepts 212", () => {
    const accepted = cctvVectors().filter(({ key, message, signature }) =>
      ed25519.verify(signature, message, key, { zip215: false }),
    );
    expect(accepted).toHaveLength(212);
    expect(accepted.filter(vector => !vector.verify).length).toBeGreaterThan(0);
  });
});
