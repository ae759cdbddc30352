import { ed25519 } from '@noble/curves/ed25519.js';
import { invariant } from '../encoding/result.ts';
import type { Signer } from './verifier.ts';

/** Bytes in an Ed25519 private key (RFC 8032 section 5.1.5), from which everything else is derived. */
export const SEED_LENGTH = 32;

/** Signs with a 32-byte seed in plain JavaScript. The seed is copied; any other length is our own mistake and throws. */
export function portableSigner(seed: Uint8Array): Signer {
  invariant(seed.length === SEED_LENGTH, 'an Ed25519 seed has 32 bytes');
  const own = new Uint8Array(seed);
  return { publicKey: ed25519.getPublicKey(own), sign: message => ed25519.sign(message, own) };
}
