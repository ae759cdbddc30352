import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { equalBytes, fromHex, toHex } from '../encoding/bytes.ts';
import type { Result } from '../encoding/result.ts';
import { bitAt, mapHash } from './map-hash.ts';
import type { MapProof } from './map-proof.ts';
import { proveMapKey } from './map-prove.ts';
import { memoryNodeStore } from './map-store.ts';
import { updateMap } from './map-tree.ts';
import { verifyMapAbsence, verifyMapPresence } from './map-verify.ts';
import {
  branchingKeys,
  branchOff,
  bytes,
  flipped,
  oracleProof,
  oracleRoot,
  type Pair,
  sha256,
  sorted,
  testHash,
} from './testing/map-oracle.ts';

const code = (verdict: Result<void>) => (verdict.ok ? 'ok' : verdict.fault.code);
const present = (root: Uint8Array, key: Uint8Array, valueHash: Uint8Array, proof: MapProof) =>
  code(verifyMapPresence(testHash, root, key, valueHash, proof));
const absent = (root: Uint8Array, key: Uint8Array, proof: MapProof) =>
  code(verifyMapAbsence(testHash, root, key, proof));

function build(pairs: readonly Pair[]) {
  const store = memoryNodeStore();
  const update = updateMap(testHash, store, sorted(pairs));
  store.apply(update);
  return { store, root: update.root };
}

const pairsOf = (keys: readonly Uint8Array[]) => keys.map((key): Pair => [key, sha256(key)]);

/** A map with shared prefixes, and absent keys near its keys and elsewhere. */
const maps = fc
  .tuple(branchingKeys(0, 12), fc.array(fc.tuple(fc.nat(), fc.nat(255), bytes(32)), { maxLength: 6 }))
  .map(([keys, steps]) => {
    const near = steps.map(([at, bits, rest]) =>
      keys.length ? branchOff(keys[at % keys.length]!, bits, rest) : rest,
    );
    return { pairs: pairsOf(keys), missing: near.filter(key => !keys.some(known => equalBytes(known, key))) };
  });

/** How many of the first `end` bits are set. */
function onesBefore(bitmap: Uint8Array, end: number): number {
  let ones = 0;
  for (let i = 0; i < end; i++) ones += bitAt(bitmap, i);
  return ones;
}

/** Every proof that differs from `proof` in one field, one bit or one element. */
function* mutations(proof: MapProof): Generator<[string, MapProof]> {
  const { other, bitmap, siblings } = proof;
  const zeros = new Uint8Array(32);
  for (let i = 0; i < siblings.length; i++) {
    for (const bit of [0, 131, 255])
      yield [`sibling ${i} flipped`, { ...proof, siblings: siblings.with(i, flipped(siblings[i]!, bit)) }];
    yield [`sibling ${i} zero`, { ...proof, siblings: siblings.with(i, zeros) }];
    yield [`sibling ${i} short`, { ...proof, siblings: siblings.with(i, siblings[i]!.subarray(1)) }];
    yield [`sibling ${i} removed`, { ...proof, siblings: siblings.toSpliced(i, 1) }];
    const next = siblings[i + 1];
    if (next)
      yield [`siblings ${i} swapped`, { ...proof, siblings: siblings.toSpliced(i, 2, next, siblings[i]!) }];
  }
  for (const extra of [zeros, zeros.with(3, 1)]) {
    yield ['sibling appended', { ...proof, siblings: [...siblings, extra] }];
    yield ['sibling prepended', { ...proof, siblings: [extra, ...siblings] }];
  }
  for (let i = 0; i < 8 * bitmap.length; i++) {
    const flip = flipped(bitmap, i);
    if (flip[i >> 3]! > bitmap[i >> 3]!) {
      // The same path, with an empty sibling spelt out where it belongs: nothing but the form is wrong.
      const above = onesBefore(bitmap, i);
      const spelt = siblings.toSpliced(siblings.length - above, 0, zeros);
      yield [`empty sibling listed at level ${i}`, { ...proof, bitmap: flip, siblings: spelt }];
    }
    yield [`bit ${i} flipped`, { ...proof, bitmap: flip }];
    const more = [zeros.with(3, 1), ...siblings];
    yield [
      `bit ${i} flipped, sibling with it`,
      { ...proof, bitmap: flip, siblings: flip[i >> 3]! > bitmap[i >> 3]! ? more : siblings.slice(1) },
    ];
  }
  yield ['bitmap with a trailing zero byte', { ...proof, bitmap: Uint8Array.of(...bitmap, 0) }];
  yield [
    'bitmap over 32 bytes',
    { ...proof, bitmap: Uint8Array.of(...bitmap, ...zeros, 1), siblings: [zeros.with(0, 1), ...siblings] },
  ];
  if (bitmap.length > 0) yield ['bitmap cut', { ...proof, bitmap: bitmap.subarray(0, -1) }];
  const depth = bitmap.length === 0 ? 0 : 8 * bitmap.length - Math.log2(bitmap.at(-1)! & -bitmap.at(-1)!);
  for (const [by, top] of [
    [-1, depth - 2],
    [1, depth],
  ] as const) {
    if (top < 0 || top > 255) continue;
    const moved = new Uint8Array((top >> 3) + 1);
    moved.set(bitmap.subarray(0, moved.length));
    if (by < 0) moved[(depth - 1) >> 3]! &= ~(0x80 >> ((depth - 1) & 7));
    moved[top >> 3]! |= 0x80 >> (top & 7);
    yield [`depth ${by}, same siblings`, { ...proof, bitmap: moved }];
    yield [
      `depth ${by}, one sibling more`,
      { ...proof, bitmap: moved, siblings: [zeros.with(0, 1), ...siblings] },
    ];
  }
  if (other === null) {
    yield ['other added', { ...proof, other: [zeros.with(31, 9), zeros] }];
  } else {
    yield ['other dropped', { ...proof, other: null }];
    for (const bit of [0, 77, 255])
      yield ['other key flipped', { ...proof, other: [flipped(other[0], bit), other[1]] }];
    for (const bit of [0, 77, 255])
      yield ['other value flipped', { ...proof, other: [other[0], flipped(other[1], bit)] }];
    yield ['other key short', { ...proof, other: [other[0].subarray(1), other[1]] }];
    yield ['other value long', { ...proof, other: [other[0], Uint8Array.of(...other[1], 0)] }];
  }
}

describe('sparse Merkle map proofs', () => {
  test('are the ones of the definition, verify, and prove nothing else', () => {
    fc.assert(
      fc.property(maps, bytes(32), ({ pairs, missing }, stray) => {
        const { store, root } = build(pairs);
        expect(toHex(root)).toBe(toHex(oracleRoot(pairs)));
        for (const [key, valueHash] of pairs) {
          const proved = proveMapKey(testHash, store, key);
          expect(proved).toEqual({ valueHash, proof: oracleProof(pairs, key) });
          const { proof } = proved;
          expect(present(root, key, valueHash, proof)).toBe('ok');
          expect(present(root, key, flipped(valueHash, 9), proof)).toBe('root-mismatch');
          expect(present(flipped(root, 200), key, valueHash, proof)).toBe('root-mismatch');
          expect(absent(root, key, proof)).toBe('root-mismatch');
          expect(absent(root, key, { ...proof, other: [key, valueHash] })).toBe('map-wrong-kind');
          for (const wrong of [stray, flipped(key, 255), flipped(key, 0), ...pairs.map(pair => pair[0])])
            if (!equalBytes(wrong, key)) {
              expect(present(root, wrong, valueHash, proof)).not.toBe('ok');
              expect(present(root, wrong, sha256(wrong), proof)).not.toBe('ok');
            }
        }
        for (const key of [...missing, stray]) {
          const { valueHash, proof } = proveMapKey(testHash, store, key);
          expect(valueHash).toBe(null);
          expect(proof).toEqual(oracleProof(pairs, key));
          expect(absent(root, key, proof)).toBe('ok');
          expect(absent(flipped(root, 3), key, proof)).toBe('root-mismatch');
          expect(present(root, key, sha256(key), proof)).not.toBe('ok');
          for (const [held, heldHash] of pairs) {
            expect(absent(root, held, proof)).not.toBe('ok');
            expect(present(root, held, heldHash, { ...proof, other: null }) === 'ok').toBe(
              proof.other !== null && equalBytes(proof.other[0], held),
            );
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('are refused after any single mutation, by both verifiers', () => {
    fc.assert(
      fc.property(maps, bytes(32), ({ pairs, missing }, stray) => {
        const { store, root } = build(pairs);
        for (const key of [...pairs.slice(0, 3).map(pair => pair[0]), ...missing.slice(0, 2), stray]) {
          const { valueHash, proof } = proveMapKey(testHash, store, key);
          for (const [what, mutant] of mutations(proof)) {
            const claim = valueHash ?? mutant.other?.[1] ?? sha256(key);
            expect(`${what}: ${present(root, key, claim, mutant)}`).not.toBe(`${what}: ok`);
            expect(`${what}: ${absent(root, key, mutant)}`).not.toBe(`${what}: ok`);
          }
        }
      }),
      { numRuns: 12 },
    );
  });

  test('never make a verifier throw', () => {
    const odd = fc.oneof(bytes(32), fc.uint8Array({ maxLength: 40 }));
    const proofs = fc.record({
      other: fc.option(fc.tuple(odd, odd)),
      bitmap: odd,
      siblings: fc.array(odd, { maxLength: 260 }),
    });
    fc.assert(
      fc.property(odd, odd, odd, proofs, (root, key, valueHash, proof) => {
        expect(present(root, key, valueHash, proof)).not.toBe('ok');
        expect(absent(root, key, proof)).not.toBe('ok');
      }),
    );
  });

  test('name what is wrong', () => {
    const zero = new Uint8Array(32);
    const one = zero.with(31, 1);
    const none: MapProof = { other: null, bitmap: new Uint8Array(0), siblings: [] };
    expect(absent(zero, one, none)).toBe('ok');
    expect(absent(zero.subarray(1), one, none)).toBe('bad-hash-length');
    expect(absent(zero, one.subarray(1), none)).toBe('bad-hash-length');
    expect(present(zero, one, new Uint8Array(33), none)).toBe('bad-hash-length');
    expect(present(zero, one, one, { ...none, other: [zero, zero] })).toBe('map-wrong-kind');
    expect(absent(zero, one, { ...none, other: [one, zero] })).toBe('map-wrong-kind');
    expect(absent(zero, one, { ...none, bitmap: Uint8Array.of(0) })).toBe('bad-map-proof');
    expect(absent(zero, one, { ...none, siblings: [one] })).toBe('bad-map-proof');
    for (const sibling of [zero, one.subarray(1), Uint8Array.of(...one, 1)])
      expect(absent(zero, one, { ...none, bitmap: Uint8Array.of(0x80), siblings: [sibling] })).toBe(
        'bad-map-proof',
      );
    expect(absent(zero, one, { ...none, bitmap: Uint8Array.of(...zero, 0x80), siblings: [one] })).toBe(
      'bad-map-proof',
    );
    const deep: MapProof = { other: [zero, zero], bitmap: zero.with(31, 1), siblings: [one] };
    expect(absent(zero, one, deep)).toBe('map-wrong-path');
    expect(absent(oracleRoot([[one, one]]), zero, { ...none, other: [one, one] })).toBe('ok');
    expect(present(oracleRoot([[one, one]]), one, one, none)).toBe('ok');
  });

  test('a pair 256 bits deep', () => {
    const key = new Uint8Array(32).fill(0x3c);
    const pairs = pairsOf([key, flipped(key, 255)]);
    const { store, root } = build(pairs);
    const { proof } = proveMapKey(testHash, store, key);
    expect(proof.siblings).toHaveLength(1);
    expect(present(root, key, pairs[0]![1], proof)).toBe('ok');
    for (const at of [0, 100, 254]) {
      const { proof } = proveMapKey(testHash, store, flipped(key, at));
      expect(proof.other).toBe(null);
      expect(absent(root, flipped(key, at), proof)).toBe('ok');
    }
  });
});

describe('sparse Merkle map vectors', () => {
  const vectors: {
    maps: { note: string; pairs: [string, string][]; root: string }[];
    proofs: {
      root: string;
      list: {
        key: string;
        valueHash: string | null;
        other: [string, string] | null;
        bitmap: string;
        siblings: string[];
      }[];
    };
  } = JSON.parse(readFileSync(new URL('../../../../tests/vectors/sparse-map.json', import.meta.url), 'utf8'));
  const hex = (text: string) => {
    const read = fromHex(text);
    if (!read.ok) throw new Error(text);
    return read.value;
  };
  const pairsIn = (map: { pairs: [string, string][] }) =>
    map.pairs.map(([key, value]): Pair => [hex(key), sha256(hex(value))]);

  test.each(vectors.maps)('$note', map => {
    expect(toHex(oracleRoot(pairsIn(map)))).toBe(map.root);
    expect(toHex(updateMap(mapHash(portableHasher), memoryNodeStore(), sorted(pairsIn(map))).root)).toBe(
      map.root,
    );
  });

  test('proofs', () => {
    const { root, list } = vectors.proofs;
    const { store } = build(pairsIn(vectors.maps.find(map => map.root === root)!));
    for (const { key, valueHash, other, bitmap, siblings } of list) {
      const proof: MapProof = {
        other: other && [hex(other[0]), hex(other[1])],
        bitmap: hex(bitmap),
        siblings: siblings.map(hex),
      };
      expect(proveMapKey(testHash, store, hex(key))).toEqual({
        valueHash: valueHash && hex(valueHash),
        proof,
      });
      if (valueHash) expect(present(hex(root), hex(key), hex(valueHash), proof)).toBe('ok');
      else expect(absent(hex(root), hex(key), proof)).toBe('ok');
    }
  });
});
