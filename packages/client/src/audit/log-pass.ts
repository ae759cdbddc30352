import {
  type BuiltTile,
  buildTiles,
  type Checkpoint,
  decodeBundle,
  emptyEdge,
  equalBytes,
  type Fault,
  frontierFromEdge,
  frontierRoot,
  hashesAt,
  type LogHash,
  leafHashesOf,
  TILE_WIDTH,
  type TileEdge,
  type TileId,
  tileWidth,
} from '@qifeng/core';
import { ahead, range } from './ahead.ts';
import { served } from './fault.ts';
import type { NodeReader } from './node-reader.ts';

/** Bundles asked for at a time. */
const AT_ONCE = 8;

/** What a node's log is, rebuilt from the records it serves. */
export interface LogPass {
  /** Roots at the sizes that were asked for and at the whole size. */
  readonly roots: ReadonlyMap<number, Uint8Array>;
  /** The first tile that differs from the records, or null. */
  readonly tileFault: Fault | null;
}

/** Told of the records of a log as they are read, a bundle at a time. */
export interface BundleSink {
  /** `first` is the log index of the first record. */
  bundle(first: number, records: readonly Uint8Array[]): Promise<void>;
}

/**
 * Reads a node's whole log up to a checkpoint, with every tile, a bundle at a time: what is kept is the right edge. Faults
 * that end it, thrown: `bad-entry-bundle`, `not-served`.
 */
export async function readLog(
  reader: NodeReader,
  { size }: Checkpoint,
  sizes: ReadonlySet<number>,
  tree: LogHash,
  sink: BundleSink,
): Promise<LogPass> {
  const roots = new Map<number, Uint8Array>();
  let edge: TileEdge = emptyEdge;
  let tileFault: Fault | null = null;
  const compare = (tile: TileId, told: Uint8Array, made: Uint8Array) => {
    if (tileFault !== null || equalBytes(told, made)) return;
    tileFault = { code: 'tile-mismatch', detail: differing(tile, told, made) };
  };
  const remember = () => roots.set(edge.size, frontierRoot(tree, frontierFromEdge(tree, edge)));
  const bundles = ahead(range(0, Math.ceil(size / TILE_WIDTH)), AT_ONCE, async index => {
    const tile = { level: 0, index, width: tileWidth(0, index, size) };
    const [entries, told] = await Promise.all([reader.entries(index, tile.width), reader.tile(tile)]);
    return { tile, entries: served(decodeBundle(entries, tile.width)), told };
  });
  for await (const { tile, entries, told } of bundles) {
    const hashes = leafHashesOf(tree, entries);
    compare(tile, told, hashes);
    const full: BuiltTile[] = [];
    const first = edge.size;
    for (let at = 0; at < entries.length; ) {
      let end = at + 1;
      while (end < entries.length && !sizes.has(first + end)) end++;
      const built = buildTiles(tree, edge, hashes.slice(at * 32, end * 32));
      full.push(...built.tiles.filter(({ level, width }) => level > 0 && width === TILE_WIDTH));
      edge = built.edge;
      at = end;
      if (sizes.has(edge.size)) remember();
    }
    for (const made of full) compare(made, await reader.tile(made), made.hashes);
    await sink.bundle(first, entries);
  }
  remember();
  for (let level = 1; hashesAt(level, size) > 0; level++) {
    const made = edge.partials[level]!;
    const last = { level, index: hashesAt(level + 1, size), width: made.length / 32 };
    if (last.width > 0) compare(last, await reader.tile(last), made);
  }
  return { roots, tileFault };
}

function differing({ level, index, width }: TileId, told: Uint8Array, made: Uint8Array): string {
  const where = `tile ${level}/${index} of ${width} hashes`;
  if (told.length !== made.length) return `${where} has ${told.length} bytes`;
  const at = made.findIndex((byte, i) => byte !== told[i]);
  return `${where} differs from the records in hash ${Math.floor(at / 32)}`;
}
