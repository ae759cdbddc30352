import { createHash, randomBytes } from 'node:crypto';
import type { Signer } from '@qifeng/core';
import { nativeSigner } from '@qifeng/core/native';
import type { Signed } from './limits.ts';

/** Signers that protect nothing. */
export function signers(count: number): readonly Signer[] {
  return Array.from({ length: count }, (_, i) =>
    nativeSigner(new Uint8Array(createHash('sha256').update(`bench ${i}`).digest())),
  );
}

/** Signatures of as many keys over messages of as many bytes each. */
export function signatures(count: number, keys: number, bytes: number): readonly Signed[] {
  const by = signers(keys);
  return Array.from({ length: count }, (_, i) => {
    const signer = by[i % keys]!;
    const message = new Uint8Array(randomBytes(bytes));
    return [signer.publicKey, message, signer.sign(message)] as const;
  });
}

/** `count` inputs of `bytes` random bytes, side by side in one buffer. */
export function inputs(count: number, bytes: number): readonly Uint8Array[] {
  const all = new Uint8Array(count * bytes);
  const some = randomBytes(Math.min(all.length, 1 << 20));
  for (let at = 0; at < all.length; at += some.length) all.set(some.subarray(0, all.length - at), at);
  const view = new DataView(all.buffer);
  for (let i = 0; i < count; i++) view.setUint32(i * bytes, i);
  return Array.from({ length: count }, (_, i) => all.subarray(i * bytes, (i + 1) * bytes));
}
