import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logHash } from './log-hash.ts';
import { rootFromInclusion, verifyConsistency, verifyInclusion } from './log-verify.ts';
import {
  hex,
  leafHash,
  mth,
  path,
  proof,
  rootByPath,
  rootsByProof,
  testHasher,
  testLeaves,
  vectors,
} from './testing/log-oracle.ts';
import { uniformPath, uniformProof, uniformRoot } from './testing/log-uniform.ts';

interface Named {
  readonly name: string;
  readonly path: readonly string[];
  readonly accepted: boolean;
}
interface InclusionVector extends Named {
  readonly index: number;
  readonly size: number;
  readonly leafHash: string;
  readonly root: string;
}
interface ConsistencyVector extends Named {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: string;
  readonly newRoot: string;
}
const probes = vectors<{ inclusion: InclusionVector[]; consistency: ConsistencyVector[] }>('rfc6962-proofs');
const hash = logHash(testHasher);

describe('probes of transparency-dev/merkle', () => {
  test.each(probes.inclusion)('$name', v => {
    const verdict = verifyInclusion(hash, hex(v.leafHash), v.index, v.size, v.path.map(hex), hex(v.root));
    expect(verdict.ok).toBe(v.accepted);
  });
  // Accepted there because equal roots are not looked at; here a root is 32 bytes.
  const stricter = ['consistency/additional/sizes-are-equal-one-and-proof-is-empty'];
  test.each(probes.consistency)('$name', v => {
    const [oldRoot, newRoot] = [hex(v.oldRoot), hex(v.newRoot)];
    const verdict = verifyConsistency(hash, v.oldSize, v.newSize, oldRoot, newRoot, v.path.map(hex));
    expect(verdict.ok).toBe(v.accepted && !stricter.includes(v.name));
    if (stricter.includes(v.name)) expect(verdict).toMatchObject({ fault: { code: 'bad-hash-length' } });
  });
});

describe('the example of RFC 6962 section 2.1.3', () => {
  const [a, b, c, d, e, f, j] = testLeaves(7) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const [g, h, i] = [hash.node(a, b), hash.node(c, d), hash.node(e, f)];
  const [k, l] = [hash.node(g, h), hash.node(i, j)];
  const root = hash.node(k, l);
  test.each([
    [0, a, [b, h, l]],
    [3, d, [c, g, l]],
    [4, e, [f, j, k]],
    [6, j, [i, k]],
  ] as const)('audit path of d%i', (index, leaf, audit) => {
    expect(verifyInclusion(hash, leaf, index, 7, audit, root).ok).toBe(true);
  });
  test.each([
    [3, hash.node(g, c), [c, d, g, l]],
    [4, k, [l]],
    [6, hash.node(k, i), [i, j, k]],
  ] as const)('consistency from hash of %i', (size, oldRoot, audit) => {
    expect(verifyConsistency(hash, size, 7, oldRoot, root, audit).ok).toBe(true);
  });
});

const flip = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

/** Every way to spoil a list of hashes in one place, by name. */
function* spoiled(given: readonly Uint8Array[], root: Uint8Array): Generator<[string, Uint8Array[]]> {
  for (const [i, at] of given.entries()) {
    for (const bit of [0, 7, 128, 255]) yield [`hash ${i}, bit ${bit} flipped`, given.with(i, flip(at, bit))];
    yield [`hash ${i} left out`, given.toSpliced(i, 1)];
    yield [`hash ${i} twice`, given.toSpliced(i, 0, at)];
    yield [`hash ${i} cut short`, given.with(i, at.subarray(0, 31))];
    yield [`hash ${i} too long`, given.with(i, new Uint8Array(33))];
    if (i > 0) yield [`hashes ${i - 1} and ${i} swapped`, given.with(i, given[i - 1]!).with(i - 1, at)];
  }
  yield ['root before', [root, ...given]];
  yield ['root after', [...given, root]];
}

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 63];

test.each(SIZES)('inclusion in %i leaves: true paths accepted, every mutation refused', n => {
  const leaves = testLeaves(n);
  const root = mth(leaves);
  for (const [m, leaf] of leaves.entries()) {
    const audit = path(m, leaves);
    expect(verifyInclusion(hash, leaf, m, n, audit, root)).toEqual({ ok: true, value: undefined });
    expect(rootFromInclusion(hash, leaf, m, n, audit)).toEqual({ ok: true, value: root });
    for (const [name, bad] of spoiled(audit, root)) {
      expect(verifyInclusion(hash, leaf, m, n, bad, root).ok, `${m}: ${name}`).toBe(false);
    }
    for (let other = 0; other < n + 2; other++) {
      if (other !== m)
        expect(verifyInclusion(hash, leaf, other, n, audit, root).ok, `${m} as ${other}`).toBe(false);
    }
    expect(verifyInclusion(hash, flip(leaf, 9), m, n, audit, root)).toMatchObject({
      fault: { code: 'root-mismatch' },
    });
    expect(verifyInclusion(hash, leaf, m, n, audit, flip(root, 9)).ok).toBe(false);
    // A path says only on which side each hash stands, so some other sizes give the same root: the definition decides.
    for (let size = m + 1; size < 2 * n + 2; size++) {
      const byDefinition = rootByPath(leaf, m, size, audit);
      const accepted = byDefinition !== null && Buffer.compare(byDefinition, root) === 0;
      expect(verifyInclusion(hash, leaf, m, size, audit, root).ok, `${m} of ${size}`).toBe(accepted);
    }
  }
});

test.each(SIZES.filter(n => n < 40))(
  'consistency to %i leaves: true proofs accepted, every mutation refused',
  n => {
    const leaves = testLeaves(n);
    const newRoot = mth(leaves);
    for (let m = 1; m <= n; m++) {
      const oldRoot = mth(leaves.slice(0, m));
      const given = proof(m, leaves);
      expect(verifyConsistency(hash, m, n, oldRoot, newRoot, given)).toEqual({ ok: true, value: undefined });
      for (const [name, bad] of spoiled(given, newRoot)) {
        expect(verifyConsistency(hash, m, n, oldRoot, newRoot, bad).ok, `${m}: ${name}`).toBe(false);
      }
      expect(verifyConsistency(hash, m, n, flip(oldRoot, 9), newRoot, given).ok).toBe(false);
      expect(verifyConsistency(hash, m, n, oldRoot, flip(newRoot, 9), given).ok).toBe(false);
      if (m < n) expect(verifyConsistency(hash, m, n, newRoot, oldRoot, given).ok).toBe(false);
      for (let oldSize = 1; oldSize <= n; oldSize++) {
        for (let newSize = oldSize; newSize < n + 3; newSize++) {
          const byDefinition = rootsByProof(oldSize, newSize, oldRoot, given);
          const accepted =
            byDefinition !== null &&
            Buffer.compare(byDefinition[0], oldRoot) === 0 &&
            Buffer.compare(byDefinition[1], newRoot) === 0;
          const verdict = verifyConsistency(hash, oldSize, newSize, oldRoot, newRoot, given);
          expect(verdict.ok, `${m} to ${n} as ${oldSize} to ${newSize}`).toBe(accepted);
          if (oldSize !== m && newSize === n) expect(verdict.ok).toBe(false);
        }
      }
    }
  },
);

test.each([2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 40 + 12_345, 2 ** 53 - 1])(
  'trees of %d leaves',
  n => {
    const [root, leaf] = [uniformRoot(n), uniformRoot(1)];
    for (const m of [0, 1, 2 ** 31, 2 ** 32 - 2, n - 2, n - 1]) {
      expect(verifyInclusion(hash, leaf, m, n, uniformPath(m, n), root).ok, `leaf ${m}`).toBe(true);
      expect(verifyInclusion(hash, leaf, m, n, uniformPath(m, n).slice(1), root).ok).toBe(false);
      const oldRoot = uniformRoot(m + 1);
      expect(
        verifyConsistency(hash, m + 1, n, oldRoot, root, uniformProof(m + 1, n)).ok,
        `from ${m + 1}`,
      ).toBe(true);
    }
  },
);

test('no input makes a verifier throw, and none that is made up is accepted', () => {
  const hashes = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 40 }));
  const numbers = fc.oneof(fc.nat(20), fc.maxSafeInteger(), fc.double());
  const paths = fc.array(hashes, { maxLength: 60 });
  fc.assert(
    fc.property(numbers, numbers, hashes, hashes, paths, (a, b, one, two, given) => {
      fc.pre(Buffer.compare(one, two) !== 0);
      expect(verifyInclusion(hash, one, a, b, given, two).ok).toBe(false);
      expect(verifyConsistency(hash, a, b, one, two, given).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['bad-tree-size', 0, -1],
  ['bad-tree-size', 0, 2 ** 53],
  ['bad-tree-size', 0, Number.NaN],
  ['bad-leaf-index', 0, 0],
  ['bad-leaf-index', -1, 1],
  ['bad-leaf-index', 0.5, 1],
  ['bad-path-length', 0, 2],
] as const)('%s for leaf %d of %d', (code, index, size) => {
  const leaf = leafHash(new Uint8Array(0));
  expect(verifyInclusion(hash, leaf, index, size, [], leaf)).toMatchObject({ fault: { code } });
});
