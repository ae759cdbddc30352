import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { compareBytes, equalBytes } from '../encoding/bytes.ts';
import type { Result } from '../encoding/result.ts';
import { mapHash } from './map-hash.ts';
import { foldChildren, foldPairs, type MapPart, mapChildren, mapPairs } from './map-parts.ts';
import { memoryNodeStore } from './map-store.ts';
import { updateMap } from './map-tree.ts';

const hash = mapHash(portableHasher);

/** Keys that often begin alike, so that the map is deep in places. */
const keys = fc
  .uniqueArray(
    fc
      .tuple(fc.integer({ min: 0, max: 8 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([n, key]) => {
        const made = key.slice();
        made.fill(7, 0, n);
        return made;
      }),
    { maxLength: 80, selector: key => key.join() },
  )
  .map(found => found.sort(compareBytes));

function mapOf(found: readonly Uint8Array[]) {
  const store = memoryNodeStore();
  const { root, ...update } = updateMap(
    hash,
    store,
    found.map((key, i) => [key, portableHasher.digest(key), i] as const),
  );
  store.apply({ root, ...update });
  return { store, root };
}

/** What a newcomer does: asks for the pairs of a part or, if there are many, for its children; judges each by its hash. */
function gather(
  store: ReturnType<typeof mapOf>['store'],
  path: string,
  part: MapPart,
  most: number,
): Uint8Array[] {
  if (part === null) return [];
  const pairs = mapPairs(store, path, most);
  if (pairs !== undefined) {
    expect(unwrap(foldPairs(hash, path, pairs))).toEqual(hashOf(part));
    return pairs.map(({ key }) => key.slice());
  }
  const children = mapChildren(store, path);
  expect(unwrap(foldChildren(hash, path, children))).toEqual(hashOf(part));
  return children.flatMap((child, i) => gather(store, path + i.toString(16), child, most));
}

function hashOf(part: MapPart & {}): Uint8Array {
  if (part.kind === 'inner') return part.hash;
  const leaf = new Uint8Array(32);
  hash.leafInto(part.key, part.valueHash, leaf, 0);
  return leaf;
}

function unwrap(result: Result<Uint8Array>): Uint8Array {
  if (!result.ok) throw new Error(result.fault.code);
  return result.value;
}

describe('the parts of a map', () => {
  it('fold to its root, from the pairs or from the children, at every place and of whatever size', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 20 }), (found, most) => {
        const { store, root } = mapOf(found);
        expect(unwrap(foldChildren(hash, '', mapChildren(store, '')))).toEqual(root);
        expect(gather(store, '', { kind: 'inner', hash: root }, most)).toEqual(found);
      }),
    );
  });

  it('fold to another hash with a pair changed, left out, added or moved, or are refused', () => {
    fc.assert(
      fc.property(keys, fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (found, n, other) => {
        fc.pre(found.length > 0);
        const { store } = mapOf(found);
        const pairs = mapPairs(store, '', found.length)!.map(({ key, valueHash }) => ({ key, valueHash }));
        const right = foldPairs(hash, '', pairs);
        const i = n % pairs.length;
        const wrong = [
          pairs.with(i, { ...pairs[i]!, valueHash: other }),
          pairs.with(i, { ...pairs[i]!, key: other }),
          pairs.toSpliced(i, 1),
          [...pairs, { key: other, valueHash: other }].sort((a, b) => compareBytes(a.key, b.key)),
          [...pairs, pairs[i]!],
        ];
        for (const mutant of wrong) {
          const folded = foldPairs(hash, '', mutant);
          expect(folded.ok && right.ok && equalBytes(folded.value, right.value)).toBe(false);
        }
      }),
    );
  });

  it('fold to another hash with a child changed, emptied or exchanged', () => {
    fc.assert(
      fc.property(keys, fc.nat(15), fc.nat(15), (found, i, j) => {
        fc.pre(found.length > 1);
        const { store, root } = mapOf(found);
        const children = mapChildren(store, '');
        const child = children[i]!;
        const flipped = (bytes: Uint8Array) => bytes.with(20, bytes[20]! ^ 1);
        const changed: MapPart[] =
          child === null
            ? [{ kind: 'inner', hash: new Uint8Array(32).fill(1) }]
            : child.kind === 'inner'
              ? [null, { kind: 'inner', hash: flipped(child.hash) }]
              : [
                  null,
                  { ...child, key: flipped(child.key) },
                  { ...child, valueHash: flipped(child.valueHash) },
                ];
        const wrong = changed.map(part => children.with(i, part));
        if (i !== j && (child !== null || children[j] !== null))
          wrong.push(children.with(i, children[j]!).with(j, child));
        for (const mutant of wrong) {
          const folded = foldChildren(hash, '', mutant);
          expect(folded.ok && equalBytes(folded.value, root)).toBe(false);
        }
      }),
    );
  });

  it('below another path are refused, and so are keys of another length', () => {
    const key = new Uint8Array(32).fill(0xab);
    const pair = { key, valueHash: key };
    expect(foldPairs(hash, 'aba', [pair]).ok).toBe(true);
    expect(foldPairs(hash, 'abb', [pair])).toMatchObject({ fault: { code: 'map-wrong-path' } });
    expect(foldPairs(hash, '', [pair, pair])).toMatchObject({ fault: { code: 'map-parts-order' } });
    expect(foldPairs(hash, '', [{ key: key.slice(1), valueHash: key }])).toMatchObject({
      fault: { code: 'bad-hash-length' },
    });
  });
});
