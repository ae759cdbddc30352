import { ExactMemory } from '../encoding/exact-memory.ts';
import type { Verifier } from './verifier.ts';

/** Signatures remembered: a note of 31 validators has 22 of them. */
const REMEMBERED = 256;

/**
 * A verifier that remembers the last good signatures. The verdict is that of `verifier`, as it is a pure function: only
 * the same key, message and signature, byte for byte, are not looked at again. Bad ones are not remembered.
 */
export function rememberingVerifier(verifier: Verifier, capacity = REMEMBERED): Verifier {
  const good = new ExactMemory<true>(capacity);
  return {
    isKey: key => verifier.isKey(key),
    verify: (key, message, signature) => {
      if (good.recall(key, message, signature) === true) return true;
      if (!verifier.verify(key, message, signature)) return false;
      good.keep(true, key, message, signature);
      return true;
    },
  };
}
