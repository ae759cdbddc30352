import { type Hasher, portableHasher } from './hasher.ts';
import { portableVerifier } from './portable-verifier.ts';
import type { Verifier } from './verifier.ts';

/** The names a genesis may give; one suite per chain, never negotiated. */
export type SuiteId = 'ed25519-sha256' | 'sm2-sm3';

/** The hash and the signature scheme of one chain, as ports: a host chooses the implementation, never the verdict. */
export interface Suite {
  readonly id: SuiteId;
  readonly hasher: Hasher;
  readonly verifier: Verifier;
}

/** Ed25519 and SHA-256 with no platform API. */
export const portableSuite: Suite = {
  id: 'ed25519-sha256',
  hasher: portableHasher,
  verifier: portableVerifier,
};
