import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logHash } from './log-hash.ts';
import { logProver } from './log-prove.ts';
import { verifyConsistency, verifyInclusion } from './log-verify.ts';
import { flat, mth, path, proof, testHasher, testLeaves } from './testing/log-oracle.ts';
import { uniformPath, uniformProof, uniformRoot, uniformTiles } from './testing/log-uniform.ts';
import { buildTiles, emptyEdge } from './tile-builder.ts';
import type { TileSource } from './tile-source.ts';

const hash = logHash(testHasher);
const leaves = testLeaves(65_600);

/** Tiles as a node stores them: one value a tile, replaced by a wider one. */
function stored(n: number): TileSource & { readonly asked: string[] } {
  const { tiles } = buildTiles(hash, emptyEdge, flat(leaves.slice(0, n)));
  const byPlace = new Map(tiles.map(tile => [`${tile.level}/${tile.index}`, tile]));
  const asked: string[] = [];
  return {
    asked,
    hashes: (level, index, width) => {
      asked.push(`${level}/${index}/${width}`);
      const tile = byPlace.get(`${level}/${index}`);
      if (tile === undefined || tile.width < width) throw new Error(`no tile ${level}/${index} of ${width}`);
      return tile.hashes.subarray(0, width * 32);
    },
  };
}
const value = <T>(result: { ok: true; value: T } | { ok: false; fault: { code: string } }): T => {
  if (!result.ok) throw new Error(result.fault.code);
  return result.value;
};

test('proofs from tiles are PATH and PROOF for all sizes to 24, all leaves', () => {
  for (let n = 1; n <= 24; n++) {
    const prover = logProver(hash, stored(n));
    for (let m = 0; m < n; m++) {
      expect(value(prover.inclusion(m, n))).toEqual(path(m, leaves.slice(0, n)));
      expect(value(prover.consistency(m + 1, n))).toEqual(proof(m + 1, leaves.slice(0, n)));
    }
  }
});

test('one prover over a log of 5,000 serves every earlier size', () => {
  const prover = logProver(hash, stored(5000), 3);
  expect(prover.root(0)).toEqual({ ok: true, value: hash.emptyRoot });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (n, at) => {
      const m = at % n;
      const prefix = leaves.slice(0, n);
      expect(value(prover.root(n))).toEqual(mth(prefix));
      expect(value(prover.inclusion(m, n))).toEqual(path(m, prefix));
      expect(value(prover.consistency(m + 1, n))).toEqual(proof(m + 1, prefix));
    }),
    { numRuns: 25 },
  );
});

describe('around the widths of tiles', () => {
  const source = stored(65_600);
  const prover = logProver(hash, source);
  test.each([255, 256, 257, 511, 512, 513, 65_280, 65_535, 65_536, 65_537])('size %i', n => {
    const prefix = leaves.slice(0, n);
    const root = mth(prefix);
    expect(value(prover.root(n))).toEqual(root);
    for (const m of new Set([0, 254, n >> 1, n - 2, n - 1])) {
      const audit = value(prover.inclusion(m, n));
      if (n < 600 || m === n - 1) expect(audit).toEqual(path(m, prefix));
      expect(verifyInclusion(hash, leaves[m]!, m, n, audit, root).ok).toBe(true);
      const given = value(prover.consistency(m + 1, n));
      const oldRoot = value(prover.root(m + 1));
      if (n < 600) expect(given).toEqual(proof(m + 1, prefix));
      expect(verifyConsistency(hash, m + 1, n, oldRoot, root, given).ok).toBe(true);
    }
  });
});

test('a growing log is followed: a wider tile is read again, a known one is not', () => {
  const source = stored(300);
  const prover = logProver(hash, source);
  for (const n of [3, 10, 255, 256, 300, 299, 4]) {
    expect(value(prover.inclusion(2, n))).toEqual(path(2, leaves.slice(0, n)));
  }
  expect(source.asked).toEqual(['0/0/3', '0/0/10', '0/0/255', '0/0/256', '0/1/44']);
});

test('a prover keeps no more tiles than it is told, those used last', () => {
  const source = stored(1024);
  const prover = logProver(hash, source, 2);
  for (const m of [0, 0, 256, 1, 512, 2, 257]) prover.inclusion(m, 768);
  // Every path here ends in tile 1/0, so one place is left for level 0.
  const level0 = source.asked.filter(tile => tile.startsWith('0/'));
  expect(level0).toEqual(['0/0/256', '0/1/256', '0/0/256', '0/2/256', '0/0/256', '0/1/256']);
  expect(source.asked.filter(tile => tile.startsWith('1/'))).toEqual(['1/0/3']);
});

test('a tile that grows leaf by leaf has each inner node hashed once', () => {
  let hashed = 0;
  const counting = logHash({
    digest: testHasher.digest,
    digestInto: (data, out, at) => {
      hashed++;
      testHasher.digestInto(data, out, at);
    },
  });
  const prover = logProver(counting, stored(256));
  const sizes = [2, 4, 8, 16, 32, 64, 128];
  for (const n of sizes) expect(value(prover.inclusion(0, n))).toEqual(path(0, leaves.slice(0, n)));
  for (const n of [...sizes, 128]) prover.root(n);
  expect(hashed).toBe(127);
});

test.each([2 ** 32, 2 ** 32 + 257, 2 ** 40 + 3, 2 ** 53 - 1])(
  'a log of %d leaves reads only tiles that it has',
  n => {
    const prover = logProver(hash, uniformTiles(n));
    expect(value(prover.root(n))).toEqual(uniformRoot(n));
    for (const m of [0, 2 ** 31, 2 ** 32 - 1, n - 1]) {
      expect(value(prover.inclusion(m, n))).toEqual(uniformPath(m, n));
      expect(value(prover.consistency(m + 1, n))).toEqual(uniformProof(m + 1, n));
    }
  },
);

test('what cannot be proven is refused', () => {
  const prover = logProver(hash, stored(10));
  expect(prover.inclusion(10, 10)).toMatchObject({ fault: { code: 'bad-leaf-index' } });
  expect(prover.inclusion(-1, 10)).toMatchObject({ fault: { code: 'bad-leaf-index' } });
  expect(prover.inclusion(0, 0.5)).toMatchObject({ fault: { code: 'bad-tree-size' } });
  expect(prover.consistency(0, 10)).toMatchObject({ fault: { code: 'bad-tree-size' } });
  expect(prover.consistency(9, 8)).toMatchObject({ fault: { code: 'bad-tree-size' } });
  expect(prover.root(-1)).toMatchObject({ fault: { code: 'bad-tree-size' } });
});

test('storage that lacks a tile, or has a short one, stops us', () => {
  expect(() => logProver(hash, stored(10)).inclusion(10, 11)).toThrow('no tile 0/0 of 11');
  expect(() => logProver(hash, { hashes: () => new Uint8Array(32) }).root(2)).toThrow('has its 2 hashes');
});
