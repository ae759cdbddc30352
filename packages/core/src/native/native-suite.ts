import type { Suite } from '../crypto/suite.ts';
import { nativeHasher } from './native-hasher.ts';
import { nativeVerifier } from './native-verifier.ts';

/** Ed25519 and SHA-256 by node:crypto. */
export const nativeSuite: Suite = { id: 'ed25519-sha256', hasher: nativeHasher, verifier: nativeVerifier };
