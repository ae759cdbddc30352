import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HASH_LENGTH, portableHasher } from '../crypto/hasher.ts';
import { appendLeaves, emptyFrontier, frontierOf, frontierRoot } from './log-frontier.ts';
import { logHash } from './log-hash.ts';
import { pathOf, pathsOf } from './log-path.ts';
import { leafHashesOf, rootOf, rootOfEntries } from './log-root.ts';
import {
  flat,
  hex,
  leafHash,
  mth,
  nodeOf,
  path,
  testHasher,
  testLeaves,
  vectors,
} from './testing/log-oracle.ts';
import { uniformRoot } from './testing/log-uniform.ts';

interface Reference {
  readonly leafInputs: readonly string[];
  readonly emptyRoot: string;
  readonly nodeHashes: readonly (readonly string[])[];
  readonly roots: readonly string[];
}
const reference = vectors<Reference>('rfc6962');
const hash = logHash(testHasher);
const leaves = testLeaves(5000);
const all = flat(leaves);
const first = (n: number) => all.subarray(0, n * HASH_LENGTH);

describe.each([
  ['native', testHasher],
  ['portable', portableHasher],
] as const)('reference values of certificate-transparency, %s hasher', (_, hasher) => {
  const tree = logHash(hasher);
  const inputs = reference.leafInputs.map(hex);

  test('the oracle has them too', () => {
    expect(reference.roots).toEqual(
      reference.roots.map((_, n) => toHex(mth(inputs.slice(0, n).map(leafHash)))),
    );
  });
  test('leaf and node hashes', () => {
    expect(inputs.map(input => toHex(tree.leaf(input)))).toEqual(reference.nodeHashes[0]);
    for (let level = 1; level < 4; level++) {
      const below = reference.nodeHashes[level - 1]!.map(hex);
      for (const [i, node] of reference.nodeHashes[level]!.entries()) {
        expect(toHex(tree.node(below[2 * i]!, below[2 * i + 1]!))).toBe(node);
      }
    }
    expect(toHex(tree.emptyRoot)).toBe(reference.emptyRoot);
  });
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('root of %i leaves', n => {
    expect(toHex(rootOfEntries(tree, inputs.slice(0, n)))).toBe(reference.roots[n]);
    const grown = appendLeaves(tree, emptyFrontier, leafHashesOf(tree, inputs.slice(0, n)));
    expect(toHex(frontierRoot(tree, grown))).toBe(reference.roots[n]);
  });
});

test('entries of any length hash alone, whatever was hashed before', () => {
  for (const length of [70_000, 0, 65_535, 65_536, 1023, 1024, 1025, 3, 40_000]) {
    const entry = new Uint8Array(length).fill(length & 0xff);
    expect(hash.leaf(entry)).toEqual(leafHash(entry));
  }
});

test('a child may be overwritten by its parent', () => {
  const [a, b] = [leaves[0]!.slice(), leaves[1]!];
  hash.nodeInto(a, b, a, 0);
  expect(a).toEqual(nodeOf(leaves[0]!, b));
});

test('root, root of one array and frontier are MTH for all sizes 0 to 600', () => {
  let frontier = emptyFrontier;
  for (let n = 0; n <= 600; n++) {
    const root = mth(leaves.slice(0, n));
    expect(rootOf(hash, first(n))).toEqual(root);
    expect(rootOf(hash, leaves.slice(0, n))).toEqual(root);
    expect(frontierRoot(hash, frontier)).toEqual(root);
    frontier = appendLeaves(hash, frontier, leaves[n]!);
  }
  expect(flat(leaves)).toEqual(all);
});

test('however a log is cut into blocks, its frontier is the same; the old one stays', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1700), { maxLength: 3 }), blocks => {
      let frontier = emptyFrontier;
      for (const block of blocks) {
        const before = frontier;
        const kept = before.hashes.slice();
        frontier = appendLeaves(
          hash,
          before,
          all.subarray(before.size * 32, Math.min(5000, before.size + block) * 32),
        );
        expect(before.hashes).toEqual(kept);
      }
      const restored = frontierOf(frontier.size, frontier.hashes);
      expect(restored).toEqual({ ok: true, value: frontier });
      expect(frontierRoot(hash, frontier)).toEqual(mth(leaves.slice(0, frontier.size)));
      expect(frontier).toEqual(appendLeaves(hash, emptyFrontier, first(frontier.size)));
    }),
    { numRuns: 20 },
  );
});

test.each([2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 40 - 1, 2 ** 40 + 1, 2 ** 53 - 4])(
  'frontier grows past %d',
  size => {
    const ones = [...BigInt(size).toString(2)].flatMap((bit, i, { length }) =>
      bit === '1' ? [2 ** (length - 1 - i)] : [],
    );
    const frontier = frontierOf(size, flat(ones.map(uniformRoot)));
    if (!frontier.ok) throw new Error(frontier.fault.detail);
    expect(frontierRoot(hash, frontier.value)).toEqual(uniformRoot(size));
    const leaf = uniformRoot(1);
    const grown = appendLeaves(hash, frontier.value, flat([leaf, leaf, leaf]));
    expect(grown.size).toBe(size + 3);
    expect(frontierRoot(hash, grown)).toEqual(uniformRoot(size + 3));
  },
);

test.each([
  ['a hash too few', 3, 32],
  ['a hash too many', 4, 64],
  ['half a hash', 4, 31],
  ['hashes of no log', 0, 32],
  ['a negative size', -1, 32],
  ['a size beyond safe integers', 2 ** 53, 32],
])('frontier with %s is refused', (_, size, length) => {
  expect(frontierOf(size, new Uint8Array(length))).toMatchObject({ fault: { code: 'bad-frontier' } });
});

test('half a hash among leaf hashes stops us', () => {
  expect(() => rootOf(hash, new Uint8Array(33))).toThrow('whole hashes');
  expect(() => rootOf(hash, [new Uint8Array(31)])).toThrow('32 bytes');
});

test('paths in memory are PATH', () => {
  for (let n = 1; n <= 40; n++) {
    const paths = pathsOf(hash, first(n));
    for (let m = 0; m < n; m++) expect(paths(m)).toEqual(path(m, leaves.slice(0, n)));
  }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1024 }), fc.nat(), (n, at) => {
      expect(pathOf(hash, first(n), at % n)).toEqual(path(at % n, leaves.slice(0, n)));
    }),
    { numRuns: 20 },
  );
  expect(() => pathOf(hash, first(3), 3)).toThrow('one of the tree');
});

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
