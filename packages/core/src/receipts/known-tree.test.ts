import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { logHash } from '../merkle/log-hash.ts';
import { pathsOf } from '../merkle/log-path.ts';
import { rootOf } from '../merkle/log-root.ts';
import { verifyInclusion } from '../merkle/log-verify.ts';
import { nativeHasher } from '../native/native-hasher.ts';
import { KnownTree } from './known-tree.ts';

const tree = logHash(nativeHasher);
const leafOf = (i: number) => tree.leaf(Uint8Array.of(i, i >> 8));

function treeOf(size: number) {
  const hashes = new Uint8Array(32 * size);
  for (let i = 0; i < size; i++) hashes.set(leafOf(i), 32 * i);
  return { root: rootOf(tree, hashes), path: pathsOf(tree, hashes) };
}

/** A question about a tree: an honest path, changed in some way or in none. */
const question = fc.record({
  leaf: fc.nat(),
  claimed: fc.option(fc.nat(80), { freq: 3 }),
  kind: fc.constantFrom('honest', 'honest', 'flip', 'cut', 'longer', 'other', 'leaf', 'short hash'),
  at: fc.nat(),
  bit: fc.nat(255),
});

describe('a known tree', () => {
  it('says what verifyInclusion says, whatever was asked before', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 70 }),
      fc.constantFrom(4, 20, 1000),
      fc.array(question, { minLength: 1, maxLength: 60 }),
      (size, capacity, questions) => {
        const { root, path: pathTo } = treeOf(size);
        const known = new KnownTree(tree, size, root, capacity);
        for (const { leaf, claimed, kind, at, bit } of questions) {
          const index = leaf % size;
          let path = pathTo(index);
          let hash = leafOf(index);
          const place = path.length === 0 ? 0 : at % path.length;
          const flipped = (bytes: Uint8Array) => bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
          if (kind === 'flip' && path.length > 0) path = path.with(place, flipped(path[place]!));
          if (kind === 'cut') path = path.slice(0, place);
          if (kind === 'longer') path = [...path, flipped(root)];
          if (kind === 'other') path = pathTo(at % size);
          if (kind === 'leaf') hash = leafOf(at % 100);
          if (kind === 'short hash' && path.length > 0) path = path.with(place, new Uint8Array(at % 70));
          const asked = claimed ?? index;
          expect(known.verify(hash, asked, path)).toEqual(
            verifyInclusion(tree, hash, asked, size, path, root),
          );
        }
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('accepts every leaf of every small tree, in any order', () => {
    for (let size = 1; size <= 40; size++) {
      const { root, path } = treeOf(size);
      const known = new KnownTree(tree, size, root, 1000);
      for (let i = 0; i < size; i++) {
        const index = (i * 7919) % size; // 7919 is prime and so meets every leaf
        expect(known.verify(leafOf(index), index, path(index))).toEqual({ ok: true, value: undefined });
      }
    }
  });

  it('hashes two nodes a leaf, not the height of the tree', () => {
    const node = vi.fn(tree.node);
    const { root, path } = treeOf(64);
    const known = new KnownTree({ ...tree, node }, 64, root, 1000);
    for (let i = 0; i < 64; i++) expect(known.verify(leafOf(i), i, path(i)).ok).toBe(true);
    expect(node.mock.calls.length).toBeLessThan(2 * 64);
  });
});
