import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rfc8032Vectors } from '../crypto/testing/ed25519-vectors.ts';
import { nativeSigner } from './native-signer.ts';
import { nativeVerifier } from './native-verifier.ts';

describe('nativeSigner', () => {
  it.each(rfc8032Vectors())('makes the key and the signature of RFC 8032 $name', vector => {
    const signer = nativeSigner(vector.seed);
    expect(signer.publicKey).toEqual(vector.key);
    expect(signer.sign(vector.message)).toEqual(vector.signature);
  });

  it('takes a private KeyObject', () => {
    const signer = nativeSigner(generateKeyPairSync('ed25519').privateKey);
    const message = new Uint8Array([1, 2, 3]);
    expect(nativeVerifier.verify(signer.publicKey, message, signer.sign(message))).toBe(true);
  });

  it('refuses what is not a private Ed25519 key', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(() => nativeSigner(new Uint8Array(31))).toThrow('32 bytes');
    expect(() => nativeSigner(createPublicKey(privateKey))).toThrow('private Ed25519 key');
    expect(() => nativeSigner(generateKeyPairSync('x25519').privateKey)).toThrow('private Ed25519 key');
  });
});
