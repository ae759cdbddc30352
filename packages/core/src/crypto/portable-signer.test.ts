import { describe, expect, it } from 'vitest';
import { portableSigner } from './portable-signer.ts';
import { rfc8032Vectors } from './testing/ed25519-vectors.ts';

describe('portableSigner', () => {
  it.each(rfc8032Vectors())('makes the key and the signature of RFC 8032 $name', vector => {
    const signer = portableSigner(vector.seed);
    expect(signer.publicKey).toEqual(vector.key);
    expect(signer.sign(vector.message)).toEqual(vector.signature);
  });

  it('keeps a seed of its own and refuses one of another length', () => {
    const [vector] = rfc8032Vectors();
    const seed = new Uint8Array(vector!.seed);
    const signer = portableSigner(seed);
    seed.fill(0);
    expect(signer.sign(vector!.message)).toEqual(vector!.signature);
    expect(() => portableSigner(seed.subarray(1))).toThrow('32 bytes');
  });
});
