import { hasPrimeOrder, satisfiesEquation } from './edwards.ts';
import { passesScreen } from './screen.ts';
import type { Verifier } from './verifier.ts';

/**
 * Ed25519 in plain JavaScript, for the browser and as the reference for the native verifiers: about ten times slower
 * than node:crypto (0.9 ms a signature, 0.7 ms a key; measured).
 *
 * `verify` itself refuses a key that is non-canonical, of small order or off the curve. Of `isKey` it leaves out only
 * the test for torsion, which costs as much as a second verification; with a mixed-order key the verdict is still the
 * same in every implementation.
 */
export const portableVerifier: Verifier = {
  isKey: hasPrimeOrder,
  verify: (key, message, signature) =>
    passesScreen(key, signature) && satisfiesEquation(key, message, signature),
};
