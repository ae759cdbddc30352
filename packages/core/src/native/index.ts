export { formatKey, isEncryptedKey, type KeyFault, newKey, parseKey } from './key-file.ts';
export { latin1 } from './latin1.ts';
export { nativeHasher } from './native-hasher.ts';
export { nativeSigner } from './native-signer.ts';
export { nativeSuite } from './native-suite.ts';
export { createNativeVerifier, nativeVerifier } from './native-verifier.ts';
export { type AskSecret, secretAsker } from './secret.ts';
