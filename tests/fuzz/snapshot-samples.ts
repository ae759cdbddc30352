import {
  buildTiles,
  certificateIn,
  emptyEdge,
  type Header,
  leafHashesOf,
  logHash,
  MAP_CHILDREN,
} from '@qifeng/core';
import { epochSet } from '@qifeng/core/execution';
import { nativeHasher } from '@qifeng/core/native';
import { encodeManifest } from '../../packages/node/src/engine/snapshot/manifest.ts';
import type { StatePart } from '../../packages/node/src/engine/wire/snapshots.ts';
import { unwrap } from '../fixtures/builder.ts';
import type { EpochLedger } from '../fixtures/epoch-ledger.ts';

const tree = logHash(nativeHasher);

/** What a node offers of the state after the last block: its manifest verifies. */
export function manifestOf(ledger: EpochLedger): Uint8Array {
  const { handovers, height } = ledger;
  const ends = handovers.map(
    (_, epoch): Header => ledger.blocks[epochSet(ledger, epoch + 1)!.start - 2]!.header,
  );
  const { checkpoint } = unwrap(certificateIn(ledger.note(height), handovers));
  const { edge } = buildTiles(tree, emptyEdge, leafHashesOf(tree, ledger.leaves));
  return encodeManifest({ header: ledger.blocks.at(-1)!.header, checkpoint, handovers, ends, edge });
}

/** Parts of a state of each kind: split, of values, and of a state that the sender does not hold. */
export function partsOf(hash: Uint8Array): readonly StatePart[] {
  const children = Array.from({ length: MAP_CHILDREN }, (_, i) =>
    i % 3 === 0 ? null : { key: i % 3 === 1 ? hash : null, hash },
  );
  const value = { name: hash.subarray(0, 9), value: hash };
  return [
    { height: 7, path: '', children, values: null },
    { height: 7, path: '0f', children: null, values: [value, value] },
    { height: 7, path: '', children: null, values: null },
  ];
}
