import { describe, expect, it } from 'vitest';
import { smallPoints } from '../../../../tests/vectors/ed25519-edge.ts';
import { isReducedScalar, isRegularEncoding, passesScreen } from './screen.ts';

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;
const bytes = (n: bigint) => new Uint8Array(Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse());

describe('the screen', () => {
  it('refuses the 14 encodings of the small-order points and nothing close to them', () => {
    const encodings = smallPoints().flatMap(small => [small.canonical, ...small.others]);
    expect(new Set(encodings.map(encoding => encoding.toString('hex'))).size).toBe(14);
    for (const encoding of encodings) {
      expect(isRegularEncoding(encoding, 0)).toBe(false);
      if (encoding[31] === 0x7f || encoding[31] === 0xff) continue; // their neighbours are beyond p
      for (const at of [1, 15, 30]) {
        const near = new Uint8Array(encoding);
        near[at]! ^= 1;
        expect(isRegularEncoding(near, 0)).toBe(true);
      }
    }
  });

  it('draws its bounds exactly at p and at L', () => {
    expect([P - 2n, P, P + 1n, P + 18n].map(y => isRegularEncoding(bytes(y), 0))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([0n, L - 1n, L, L + 1n, 2n ** 256n - 1n].map(s => isReducedScalar(bytes(s), 0))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('reads R and S at their offsets and insists on both lengths', () => {
    const key = bytes(3n);
    const signature = new Uint8Array([...bytes(4n), ...bytes(L - 1n)]);
    expect(passesScreen(key, signature)).toBe(true);
    expect(passesScreen(key, new Uint8Array([...bytes(1n), ...bytes(L - 1n)]))).toBe(false);
    expect(passesScreen(key, new Uint8Array([...bytes(4n), ...bytes(L)]))).toBe(false);
    expect(passesScreen(key.subarray(1), signature)).toBe(false);
    expect(passesScreen(key, signature.subarray(1))).toBe(false);
    expect(passesScreen(key, new Uint8Array([...signature, 0]))).toBe(false);
  });
});
