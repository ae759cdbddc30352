import {
  buildTiles,
  emptyEdge,
  encodeBundle,
  leafHashesOf,
  logHash,
  parseTilePath,
  TILE_WIDTH,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';

const tree = logHash(nativeSuite.hasher);

/** What a path of C2SP tlog-tiles gives of a log of these leaves; null where there is nothing. */
export function tileAt(path: string, leaves: readonly Uint8Array[]): Uint8Array | null {
  const tile = parseTilePath(path.slice(1));
  if (!tile.ok) return null;
  const { index, width } = tile.value;
  if (tile.value.kind === 'entries') {
    const entries = leaves.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
    return entries.length === width ? encodeBundle(entries) : null;
  }
  const { level } = tile.value;
  const { tiles } = buildTiles(tree, emptyEdge, leafHashesOf(tree, leaves));
  const made = tiles.find(one => one.level === level && one.index === index && one.width >= width);
  return made?.hashes.slice(0, width * 32) ?? null;
}
