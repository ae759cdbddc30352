import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hasher, portableHasher } from '../crypto/hasher.ts';
import { nativeHasher } from './native-hasher.ts';

describe.each([
  ['nativeHasher', nativeHasher],
  ['portableHasher', portableHasher],
] as [string, Hasher][])('%s', (_, hasher) => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('hashes the FIPS 180-4 example %j', (text, expected) => {
    expect(Buffer.from(hasher.digest(Buffer.from(text))).toString('hex')).toBe(expected);
  });

  it('writes only where it is told, every byte value included, and throws where a digest does not fit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(16), (data, at) => {
        const out = new Uint8Array(48).fill(0xaa);
        const expected = new Uint8Array(out);
        expected.set(portableHasher.digest(data), at);
        hasher.digestInto(data, out, at);
        expect(out).toEqual(expected);
        expect(hasher.digest(data)).toEqual(expected.subarray(at, at + 32));
      }),
    );
    expect(() => hasher.digestInto(new Uint8Array(0), new Uint8Array(32), 1)).toThrow();
  });
});
