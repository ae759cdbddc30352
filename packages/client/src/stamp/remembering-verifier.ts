import { equalBytes, type Verifier } from '@qifeng/core';

/** A signature that was found good. */
interface Good {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
}

/** Signatures remembered: a receipt has 23 of them with 31 validators, and a few submissions are on their way at a time. */
const REMEMBERED = 256;

/**
 * A verifier that remembers the last good signatures: the receipts of one submission share the publisher's and mostly the
 * checkpoint's, which is four fifths of the work on each (measured). The verdict is that of `verifier`, as it is a pure
 * function: only the same key, message and signature, byte for byte, are not looked at again.
 */
export function rememberingVerifier(verifier: Verifier, capacity = REMEMBERED): Verifier {
  const good = new Map<string, Good>();
  return {
    isKey: key => verifier.isKey(key),
    verify: (key, message, signature) => {
      const name = Buffer.from(signature.buffer, signature.byteOffset, signature.length).toString('latin1');
      const known = good.get(name);
      if (known !== undefined && equalBytes(known.key, key) && equalBytes(known.message, message))
        return true;
      if (!verifier.verify(key, message, signature)) return false;
      good.delete(name);
      good.set(name, { key: key.slice(), message: message.slice() });
      if (good.size > capacity) good.delete(good.keys().next().value!);
      return true;
    },
  };
}
