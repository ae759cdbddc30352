import { describe, expect, it } from 'vitest';
import { rfc8032Vectors } from '../crypto/testing/ed25519-vectors.ts';
import { verifierCompliance } from '../crypto/testing/verifier-compliance.ts';
import { nativeSigner } from './native-signer.ts';
import { createNativeVerifier, nativeVerifier } from './native-verifier.ts';

verifierCompliance('nativeVerifier', nativeVerifier);

describe('createNativeVerifier', () => {
  it('answers the same while keys come and go in a cache of two', () => {
    const verifier = createNativeVerifier(2);
    const signers = [1, 2, 3].map(byte => nativeSigner(new Uint8Array(32).fill(byte)));
    const [, vector] = rfc8032Vectors();
    const message = vector!.message;
    for (const order of [0, 1, 2, 0, 0, 2, 1]) {
      const { publicKey, sign } = signers[order]!;
      const other = signers[(order + 1) % 3]!;
      expect(verifier.isKey(publicKey)).toBe(true);
      expect(verifier.verify(publicKey, message, sign(message))).toBe(true);
      expect(verifier.verify(publicKey, message, other.sign(message))).toBe(false);
    }
  });
});
