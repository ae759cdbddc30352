import { describe, expect, it, vi } from 'vitest';
import { nativeSigner } from '../native/native-signer.ts';
import { nativeSuite } from '../native/native-suite.ts';
import { rememberingVerifier } from './remembering-verifier.ts';

const [one, two] = [1, 2].map(fill => nativeSigner(new Uint8Array(32).fill(fill)));
const message = Uint8Array.of(1, 2, 3);
const signature = one!.sign(message);

function spied(capacity?: number) {
  const verify = vi.fn(nativeSuite.verifier.verify);
  return { verify, verifier: rememberingVerifier({ ...nativeSuite.verifier, verify }, capacity) };
}

describe('a remembering verifier', () => {
  it('looks at the same signature once', () => {
    const { verify, verifier } = spied();
    for (let i = 0; i < 3; i++) expect(verifier.verify(one!.publicKey, message, signature)).toBe(true);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('takes no other key, message or signature for one it knows', () => {
    const { verifier } = spied();
    const changing = message.slice();
    expect(verifier.verify(one!.publicKey, changing, signature)).toBe(true);
    expect(verifier.verify(two!.publicKey, message, signature)).toBe(false);
    expect(verifier.verify(one!.publicKey, message.with(0, 9), signature)).toBe(false);
    expect(verifier.verify(one!.publicKey, message, signature.with(40, signature[40]! ^ 1))).toBe(false);
    changing[0] = 9;
    expect(verifier.verify(one!.publicKey, changing, signature)).toBe(false);
    expect(verifier.verify(one!.publicKey, message, signature)).toBe(true);
  });

  it('remembers no bad one, and no more than it may', () => {
    const { verify, verifier } = spied(1);
    for (let i = 0; i < 2; i++) expect(verifier.verify(two!.publicKey, message, signature)).toBe(false);
    expect(verify).toHaveBeenCalledTimes(2);
    expect(verifier.verify(one!.publicKey, message, signature)).toBe(true);
    expect(verifier.verify(two!.publicKey, message, two!.sign(message))).toBe(true);
    expect(verifier.verify(one!.publicKey, message, signature)).toBe(true);
    expect(verify).toHaveBeenCalledTimes(5);
  });
});
