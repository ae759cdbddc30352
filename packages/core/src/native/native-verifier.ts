import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { hasPrimeOrder } from '../crypto/edwards.ts';
import { passesScreen } from '../crypto/screen.ts';
import { KEY_LENGTH, type Verifier } from '../crypto/verifier.ts';
import { ExactMemory } from '../encoding/exact-memory.ts';

/** What is kept of one key; both halves are filled on first use. */
interface KnownKey {
  object?: KeyObject | null;
  primeOrder?: boolean;
}

/** Keys the shared verifier remembers: 4,096 of them weigh a few MB, well above any consortium's publishers in use. */
const REMEMBERED_KEYS = 4096;

/**
 * Ed25519 by node:crypto. The screen comes first, so that the verdict does not depend on the OpenSSL release: alone,
 * Node before 24.19 accepts keys and R of small order. The last `capacity` keys are remembered: importing one adds a
 * quarter to a verification, and OpenSSL has no torsion test, so `isKey` is the portable one at 0.7 ms; finding one costs
 * 0.07 µs, where a Map by a text of the key took 0.8 (measured).
 */
export function createNativeVerifier(capacity: number): Verifier {
  const known = new ExactMemory<KnownKey>(capacity);
  const recall = (key: Uint8Array): KnownKey => {
    const found = known.recall(key);
    if (found !== undefined) return found;
    const entry: KnownKey = {};
    known.keep(entry, key);
    return entry;
  };
  return {
    isKey: key => {
      if (key.length !== KEY_LENGTH) return false;
      const entry = recall(key);
      entry.primeOrder ??= hasPrimeOrder(key);
      return entry.primeOrder;
    },
    verify: (key, message, signature) => {
      if (!passesScreen(key, signature)) return false;
      const entry = recall(key);
      if (entry.object === undefined) entry.object = importKey(key);
      return entry.object !== null && verify(null, message, entry.object, signature);
    },
  };
}

/** The process's shared node:crypto verifier. */
export const nativeVerifier: Verifier = createNativeVerifier(REMEMBERED_KEYS);

/** A JWK imports no slower than DER (27 and 31 µs on Node 24, 5 and 68 on Node 20; measured). */
function importKey(key: Uint8Array): KeyObject | null {
  const x = Buffer.from(key).toString('base64url');
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  } catch {
    return null; // OpenSSL 3.5 imports any 32 bytes and fails at verification; one that looks earlier must not throw
  }
}
