import { invariant } from '@qifeng/core';
import { BUCKET, numberKey } from './buckets.ts';
import type { View } from './key-value.ts';
import { read, type SealedBatch } from './sealed.ts';

/** Leaves in a group. A block that fills one puts it as one value, so that what it adds costs a sixteenth of the puts. */
const GROUP = 16;
const LENGTH = 2;

/** Puts the leaves of a block: those of whole groups together, the others one by one. Nothing is written twice. */
export function stageLeaves(batch: SealedBatch, firstIndex: number, leaves: readonly Uint8Array[]): void {
  for (let i = 0; i < leaves.length; ) {
    const index = firstIndex + i;
    if (index % GROUP === 0 && i + GROUP <= leaves.length) {
      const group = leaves.slice(i, i + GROUP);
      batch.put(numberKey(BUCKET.leafGroup, index / GROUP), lengthsOf(group), ...group);
      i += GROUP;
    } else {
      batch.put(numberKey(BUCKET.leaf, index), leaves[i]!);
      i++;
    }
  }
}

/** The leaf with a log index, or null. */
export function readLeaf(view: View, index: number): Uint8Array | null {
  const group = read(view, numberKey(BUCKET.leafGroup, Math.floor(index / GROUP)));
  if (group === null) return read(view, numberKey(BUCKET.leaf, index));
  let at = GROUP * LENGTH;
  for (let i = 0; i < index % GROUP; i++) at += lengthAt(group, i);
  return group.subarray(at, at + lengthAt(group, index % GROUP));
}

function lengthsOf(group: readonly Uint8Array[]): Uint8Array {
  const lengths = new Uint8Array(GROUP * LENGTH);
  group.forEach(({ length }, i) => {
    invariant(length <= 0xffff, 'a leaf has at most 65,535 bytes');
    lengths[LENGTH * i] = length >> 8;
    lengths[LENGTH * i + 1] = length;
  });
  return lengths;
}

function lengthAt(group: Uint8Array, i: number): number {
  return group[LENGTH * i]! * 256 + group[LENGTH * i + 1]!;
}
