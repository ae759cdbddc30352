import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendLeaves, emptyFrontier, frontierRoot } from './log-frontier.ts';
import { logHash } from './log-hash.ts';
import { flat, mth, testHasher, testLeaves } from './testing/log-oracle.ts';
import { uniformRoot, uniformTiles } from './testing/log-uniform.ts';
import { hashesAt, type TileId, tilesAfterAppend } from './tile.ts';
import { buildTiles, edgeFromTiles, emptyEdge, frontierFromEdge } from './tile-builder.ts';

const hash = logHash(testHasher);
const leaves = testLeaves(70_000);
const all = flat(leaves);

/** Content of a tile as tlog-tiles defines it: MTH of 256^level leaves, one after the other. */
function defined({ level, index, width }: TileId): Uint8Array {
  const span = 256 ** level;
  const start = index * 256 * span;
  return flat(
    Array.from({ length: width }, (_, i) => mth(leaves.slice(start + i * span, start + (i + 1) * span))),
  );
}

test('tiles of the 70,000 leaves of the specification, written in blocks', () => {
  let edge = emptyEdge;
  const latest = new Map<string, Uint8Array>();
  for (const size of [1, 2, 255, 256, 257, 1300, 65_535, 65_536, 65_537, 65_537, 70_000]) {
    const before = edge.size;
    const built = buildTiles(hash, edge, all.subarray(before * 32, size * 32));
    edge = built.edge;
    expect(built.tiles.map(({ level, index, width }) => ({ level, index, width }))).toEqual(
      tilesAfterAppend(before, size),
    );
    for (const { level, index, hashes } of built.tiles) latest.set(`${level}/${index}`, hashes);
    const source = { hashes: (level: number, index: number) => latest.get(`${level}/${index}`)! };
    expect(edgeFromTiles(source, size)).toEqual(edge);
    expect(frontierFromEdge(hash, edge)).toEqual(
      appendLeaves(hash, emptyFrontier, all.subarray(0, size * 32)),
    );
  }
  expect(latest.size).toBe(277);
  for (const tile of tilesAfterAppend(0, 70_000)) {
    const content = Buffer.from(latest.get(`${tile.level}/${tile.index}`)!);
    expect(content.equals(defined(tile)), `${tile.level}/${tile.index}`).toBe(true);
  }
});

test('however an append is cut, the tiles are the same', () => {
  fc.assert(
    fc.property(fc.nat(1500), fc.nat(700), fc.nat(700), (start, one, two) => {
      const part = (from: number, to: number) => all.subarray(from * 32, to * 32);
      const { edge } = buildTiles(hash, emptyEdge, part(0, start));
      const at = start + one;
      const first = buildTiles(hash, edge, part(start, at));
      const second = buildTiles(hash, first.edge, part(at, at + two));
      const whole = buildTiles(hash, edge, part(start, at + two));
      expect(second.edge).toEqual(whole.edge);
      for (const tile of whole.tiles) {
        const same = [...second.tiles, ...first.tiles].find(
          t => t.level === tile.level && t.index === tile.index,
        );
        expect(same).toEqual(tile);
      }
    }),
    { numRuns: 15 },
  );
});

test.each([2 ** 32 - 1, 2 ** 40 - 2, 2 ** 40 + 255, 2 ** 53 - 3])('a log of %d leaves goes on', size => {
  const edge = edgeFromTiles(uniformTiles(size), size);
  expect(frontierRoot(hash, frontierFromEdge(hash, edge))).toEqual(uniformRoot(size));
  const built = buildTiles(hash, edge, flat([uniformRoot(1), uniformRoot(1)]));
  expect(frontierRoot(hash, frontierFromEdge(hash, built.edge))).toEqual(uniformRoot(size + 2));
  expect(built.edge).toEqual(edgeFromTiles(uniformTiles(size + 2), size + 2));
  for (const { level, index, width, hashes } of built.tiles) {
    expect(hashes).toEqual(uniformTiles(size + 2).hashes(level, index, width));
  }
  expect(hashesAt(0, built.edge.size)).toBe(size + 2);
});

test('storage with a short partial tile stops us', () => {
  expect(() => edgeFromTiles({ hashes: () => new Uint8Array(32) }, 2)).toThrow('has its 2 hashes');
});
