import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallPoints } from '../../../../../tests/vectors/ed25519-edge.ts';
import { nativeSigner } from '../../native/native-signer.ts';
import { portableVerifier } from '../portable-verifier.ts';
import type { Verifier } from '../verifier.ts';
import { cctvVectors, rfc8032Vectors, speccheckVectors, type VerdictVector } from './ed25519-vectors.ts';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The suite that every implementation of the Verifier port passes. */
export function verifierCompliance(name: string, verifier: Verifier): void {
  describe(`${name} follows the acceptance rule`, () => {
    it.each([...rfc8032Vectors(), ...speccheckVectors()])('on $name', vector => {
      expect(verdicts(verifier, vector)).toEqual({ isKey: vector.isKey, verify: vector.verify });
    });

    it('on all 914 CCTV edge vectors', () => {
      const wrong = cctvVectors().filter(vector => {
        const said = verdicts(verifier, vector);
        return said.isKey !== vector.isKey || said.verify !== vector.verify;
      });
      expect(wrong.map(vector => vector.name)).toEqual([]);
    });

    it('refuses as a key every small-order point and every encoding with y >= p', () => {
      for (const small of smallPoints())
        for (const key of [small.canonical, ...small.others]) expect(verifier.isKey(key)).toBe(false);
      for (let y = P; y < 2n ** 255n; y++) {
        expect(verifier.isKey(littleEndian(y))).toBe(false);
        expect(verifier.isKey(littleEndian(y | (1n << 255n)))).toBe(false);
      }
    });

    it('refuses S + L for a valid S', () => {
      for (const { key, message, signature } of rfc8032Vectors()) {
        const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`);
        const other = new Uint8Array(signature);
        other.set(littleEndian(s + L), 32);
        expect(verifier.verify(key, message, other)).toBe(false);
      }
    });

    it('reads views and shared memory like any other bytes', () => {
      const [, , vector] = rfc8032Vectors();
      const place = (bytes: Uint8Array) => {
        const view = new Uint8Array(new SharedArrayBuffer(bytes.length + 7)).subarray(3, 3 + bytes.length);
        view.set(bytes);
        return view;
      };
      const { key, message, signature } = vector!;
      expect(verifier.isKey(place(key))).toBe(true);
      expect(verifier.verify(place(key), place(message), place(signature))).toBe(true);
    });

    it('never throws and says what the portable verifier says, for bytes of any length', () => {
      const bytes = fc.uint8Array({ minLength: 0, maxLength: 80 });
      const property = fc.property(bytes, bytes, bytes, (key, message, signature) => {
        agree(verifier, { key, message, signature });
      });
      fc.assert(property, { numRuns: 300 });
    });

    it('never throws and says what the portable verifier says, for 32 and 64 random bytes', () => {
      const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
      const property = fc.property(sized(32), sized(40), sized(64), (key, message, signature) => {
        signature[63]! &= 0x0f; // else S >= L hides the equation nearly always
        agree(verifier, { key, message, signature });
      });
      fc.assert(property, { numRuns: 100 });
    });

    it('accepts an honest signature and refuses it with any one bit flipped', () => {
      const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
      const message = fc.uint8Array({ minLength: 1, maxLength: 80 });
      const flip = fc.tuple(fc.constantFrom('key', 'message', 'signature'), fc.nat(639));
      const property = fc.property(seed, message, flip, (secret, text, [part, bit]) => {
        const signer = nativeSigner(secret);
        const honest = { key: signer.publicKey, message: text, signature: signer.sign(text) };
        expect(agree(verifier, honest)).toEqual({ isKey: true, verify: true });
        const bytes = new Uint8Array(honest[part]);
        bytes[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7);
        expect(agree(verifier, { ...honest, [part]: bytes }).verify).toBe(false);
      });
      fc.assert(property, { numRuns: 40 });
    });
  });
}

type Question = Pick<VerdictVector, 'key' | 'message' | 'signature'>;

function verdicts(verifier: Verifier, { key, message, signature }: Question) {
  return { isKey: verifier.isKey(key), verify: verifier.verify(key, message, signature) };
}

function agree(verifier: Verifier, question: Question) {
  const said = verdicts(verifier, question);
  if (verifier !== portableVerifier) expect(said).toEqual(verdicts(portableVerifier, question));
  return said;
}

function littleEndian(n: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse());
}
