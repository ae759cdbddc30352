import { readFileSync } from 'node:fs';
import {
  compareBytes,
  encode,
  fromHex,
  mapHash,
  mapProofCodec,
  memoryNodeStore,
  type NamePart,
  proveMapKey,
  STATE_KINDS,
  stateKey,
  updateMap,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../fixtures/builder.ts';
import { checkMapKey, checkState, type Proof } from './checker.mjs';

const { hasher } = nativeSuite;
const hash = mapHash(hasher);
const bytes = (hex: string) => unwrap(fromHex(hex));

interface MapVectors {
  readonly proofs: {
    readonly root: string;
    readonly list: readonly {
      readonly key: string;
      readonly valueHash: string | null;
      readonly other: readonly [string, string] | null;
      readonly bitmap: string;
      readonly siblings: readonly string[];
    }[];
  };
}

describe('state proofs by the independent checker', () => {
  it('pass as written by hand in the vectors, and only for what they prove', () => {
    const url = new URL('../vectors/sparse-map.json', import.meta.url);
    const { root, list } = (JSON.parse(readFileSync(url, 'utf8')) as MapVectors).proofs;
    for (const vector of list) {
      const other =
        vector.other === null ? null : ([bytes(vector.other[0]), bytes(vector.other[1])] as const);
      const proof: Proof = [other, bytes(vector.bitmap), vector.siblings.map(bytes)];
      const key = bytes(vector.key);
      const valueHash = vector.valueHash === null ? null : bytes(vector.valueHash);
      const claim = { root: bytes(root), key, valueHash, proof };
      expect(checkMapKey(claim).problems).toEqual([]);
      expect(checkMapKey({ ...claim, valueHash: valueHash === null ? key : null }).problems).toHaveLength(1);
      expect(checkMapKey({ ...claim, root: key }).problems).toHaveLength(1);
      expect(checkMapKey({ ...claim, proof: [other, key, []] }).problems).toHaveLength(1);
      expect(checkMapKey({ ...claim, key: bytes(root) }).problems).toHaveLength(1);
    }
    expect(list.length).toBeGreaterThan(3);
  });

  const part: fc.Arbitrary<NamePart> = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.nat(),
    fc.maxSafeNat(),
    fc.uint8Array({ maxLength: 40 }),
  );
  const name = fc.tuple(fc.constantFrom(...STATE_KINDS), part, part);
  const values = fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 300 })), {
    maxLength: 30,
    selector: ([[kind, ...parts]]) => stateKey(hasher, kind, ...parts).join(),
  });

  it('pass as core makes them, of presence and of absence, and fail with any one bit changed', () => {
    fc.assert(
      fc.property(values, name, fc.nat(), ([...held], [strayKind, ...strayParts], at) => {
        const changes = held
          .map(
            ([[kind, ...parts], value]) => [stateKey(hasher, kind, ...parts), hasher.digest(value)] as const,
          )
          .sort((a, b) => compareBytes(a[0], b[0]));
        const store = memoryNodeStore();
        const update = updateMap(hash, store, changes);
        store.apply(update);
        const about = (
          kind: (typeof STATE_KINDS)[number],
          parts: readonly NamePart[],
          value: Uint8Array | null,
        ) => {
          const { proof: found } = proveMapKey(hash, store, stateKey(hasher, kind, ...parts));
          const proof = encode(mapProofCodec, found);
          const claim = { root: update.root, name: [kind, ...parts], value, proof };
          expect(checkState(claim).problems).toEqual([]);
          const changed = proof.with(at % proof.length, proof[at % proof.length]! ^ (1 << (at % 8)));
          expect(checkState({ ...claim, proof: changed }).problems).toHaveLength(1);
          expect(checkState({ ...claim, value: value === null ? proof : null }).problems).toHaveLength(1);
          if (value !== null)
            expect(checkState({ ...claim, name: [kind, ...parts, 0] }).problems).toHaveLength(1);
        };
        for (const [[kind, ...parts], value] of held) about(kind, parts, value);
        if (
          !held.some(([[kind, ...parts]]) =>
            same(stateKey(hasher, kind, ...parts), stateKey(hasher, strayKind, ...strayParts)),
          )
        )
          about(strayKind, strayParts, null);
      }),
      { numRuns: 60 },
    );
  });
});

function same(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0;
}
