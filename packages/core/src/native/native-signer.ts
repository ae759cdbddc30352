import { createPrivateKey, createPublicKey, KeyObject, sign } from 'node:crypto';
import { SEED_LENGTH } from '../crypto/portable-signer.ts';
import { KEY_LENGTH, type Signer } from '../crypto/verifier.ts';
import { invariant } from '../encoding/result.ts';

/** DER of an Ed25519 PrivateKeyInfo (RFC 8410 section 7) up to the seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Signs with node:crypto, from a 32-byte seed or a private Ed25519 KeyObject. Anything else is our own mistake and
 * throws.
 */
export function nativeSigner(secret: Uint8Array | KeyObject): Signer {
  const privateKey = secret instanceof KeyObject ? secret : fromSeed(secret);
  invariant(
    privateKey.type === 'private' && privateKey.asymmetricKeyType === 'ed25519',
    'a signer needs a private Ed25519 key',
  );
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(der.subarray(der.length - KEY_LENGTH)),
    sign: message => new Uint8Array(sign(null, message, privateKey)),
  };
}

function fromSeed(seed: Uint8Array): KeyObject {
  invariant(seed.length === SEED_LENGTH, 'an Ed25519 seed has 32 bytes');
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}
