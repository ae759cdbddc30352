import { type LogHash, logProver, type Result, type TileId } from '@qifeng/core';
import { AuditFault, served } from './fault.ts';
import type { NodeReader } from './node-reader.ts';

/** The consistency proof between two sizes of a node's log, from the tiles it serves; what is in them is not checked. */
export function consistencyOf(
  reader: NodeReader,
  low: number,
  high: number,
  tree: LogHash,
): Promise<readonly Uint8Array[]> {
  return proofFrom(reader, tree, prover => prover.consistency(low, high));
}

/** The inclusion proof of a record in the log of a size, in the same way. */
export function inclusionOf(
  reader: NodeReader,
  index: number,
  size: number,
  tree: LogHash,
): Promise<readonly Uint8Array[]> {
  return proofFrom(reader, tree, prover => prover.inclusion(index, size));
}

async function proofFrom(
  reader: NodeReader,
  tree: LogHash,
  make: (prover: ReturnType<typeof logProver>) => Result<Uint8Array[]>,
): Promise<readonly Uint8Array[]> {
  const wanted: TileId[] = [];
  const tiles = new Map<string, Uint8Array>();
  const prove = () =>
    served(
      make(
        logProver(tree, {
          hashes: (level, index, width) => {
            const known = tiles.get(`${level}/${index}`);
            if (known !== undefined) return known.subarray(0, width * 32);
            wanted.push({ level, index, width });
            return new Uint8Array(width * 32);
          },
        }),
      ),
    );
  // Which tiles a proof is made of follows from the sizes alone: a first run tells them.
  prove();
  for (const tile of wanted) {
    const hashes = await reader.tile(tile);
    if (hashes.length !== tile.width * 32)
      throw new AuditFault('tile-mismatch', `tile ${tile.level}/${tile.index} has ${hashes.length} bytes`);
    tiles.set(`${tile.level}/${tile.index}`, hashes);
  }
  return prove();
}
