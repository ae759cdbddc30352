import { HASH_LENGTH } from '../crypto/hasher.ts';
import { invariant } from '../encoding/result.ts';

/** Where stored tiles are read. Tiles only ever grow, so what was read once stays true. */
export interface TileSource {
  /**
   * The first `width` hashes of a tile, end to end. Only tiles that the log has are asked for, so an
   * implementation that lacks one throws its coded I/O error.
   */
  hashes(level: number, index: number, width: number): Uint8Array;
}

/** Reads from `source` and stops on an answer of another length. */
export function readTile(source: TileSource, level: number, index: number, width: number): Uint8Array {
  const hashes = source.hashes(level, index, width);
  invariant(hashes.length === width * HASH_LENGTH, `tile ${level}/${index} has its ${width} hashes`);
  return hashes;
}
