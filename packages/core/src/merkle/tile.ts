import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { isCount } from './log-shape.ts';

/** Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

/**
 * A tile by place and width. Tile `index` of `level` holds the roots of the full subtrees of 256^level leaves from
 * number 256 * index on; `width` of them, 256 when full. A narrower tile is a prefix of a wider one.
 */
export interface TileId {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** What a tile path names: hashes of a level, or the entries under a level 0 tile of the same index and width. */
export type TileResource =
  | ({ readonly kind: 'hashes' } & TileId)
  | { readonly kind: 'entries'; readonly index: number; readonly width: number };

/** Path of a tile: `tile/<level>/<index>[.p/<width>]`, without a leading slash. */
export function tilePath(tile: TileId): string {
  invariant(isCount(tile.level) && tile.level <= 63, 'a tile level is 0 to 63');
  return `tile/${tile.level}/${placePath(tile.index, tile.width)}`;
}

/** Path of an entry bundle: `tile/entries/<index>[.p/<width>]`. */
export function entriesPath(index: number, width: number): string {
  return `tile/entries/${placePath(index, width)}`;
}

const PATH =
  /^tile\/(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** The tile or bundle a path names. Strict, so that one resource has one path; else `bad-tile-path`. */
export function parseTilePath(path: string): Result<TileResource> {
  const found = PATH.exec(path);
  if (found === null) return refuse('bad-tile-path', 'expected tile/<level>/<index>[.p/<width>]');
  const index = Number(found[2]!.replaceAll(/[x/]/g, ''));
  const width = found[3] === undefined ? TILE_WIDTH : Number(found[3]);
  if (found[3] !== undefined && width >= TILE_WIDTH)
    return refuse('bad-tile-path', `no partial tile is ${width} wide`);
  if (!Number.isSafeInteger(index)) return refuse('bad-tile-path', 'tile index beyond 2^53 - 1');
  if (found[2]!.startsWith('x000/'))
    return refuse('bad-tile-path', 'tile index with a needless leading group');
  if (found[1] === 'entries') return ok({ kind: 'entries', index, width });
  return ok({ kind: 'hashes', level: Number(found[1]), index, width });
}

/** Number of hashes at tile level `level` of a log of `size` leaves. */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** Width of a tile in a log of `size` leaves: 256 when full, 0 when there is none. */
export function tileWidth(level: number, index: number, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAt(level, size) - index * TILE_WIDTH));
}

/**
 * The tiles that are new or wider in a log of `newSize` leaves than it had with `oldSize`, by level, then index;
 * with `oldSize` 0, all it has. Those of level 0 are the bundles to write as well.
 */
export function tilesAfterAppend(oldSize: number, newSize: number): TileId[] {
  invariant(isCount(oldSize) && isCount(newSize) && oldSize <= newSize, 'a log only grows');
  const tiles: TileId[] = [];
  for (let level = 0; hashesAt(level, newSize) > hashesAt(level, oldSize); level++) {
    const count = hashesAt(level, newSize);
    for (let index = hashesAt(level + 1, oldSize); index * TILE_WIDTH < count; index++) {
      tiles.push({ level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) });
    }
  }
  return tiles;
}

function placePath(index: number, width: number): string {
  invariant(isCount(index), 'a tile index is a safe integer');
  invariant(isCount(width) && width >= 1 && width <= TILE_WIDTH, 'a tile is 1 to 256 wide');
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const place = padded.replaceAll(/[0-9]{3}(?=[0-9])/g, 'x$&/');
  return width === TILE_WIDTH ? place : `${place}.p/${width}`;
}
