import { leafHashesOf, logHash, rootOf } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import { hashCalls, hashingLimit, nobleSha256 } from '../bare.ts';
import { inputs } from '../material.ts';
import { compare, type Effort, type Row } from '../measure.ts';

const LEAF_BYTES = 300;
/** Noble does a twentieth of the work: all of it would take most of the case's time. */
const NOBLE_SHARE = 1 / 20;

/** Leaf hashing and the RFC 6962 root over a million leaves. */
export async function leaves(effort: Effort): Promise<readonly Row[]> {
  const count = effort.quick ? 200_000 : 1_000_000;
  const entries = inputs(count, LEAF_BYTES);
  const tree = logHash(nativeHasher);
  const hashes = leafHashesOf(tree, entries);
  const label = count === 1_000_000 ? '1 million leaves' : `${count.toLocaleString('en-US')} leaves`;
  const rounds = { ...effort, rounds: Math.min(3, effort.rounds) };
  const noble = (length: number, calls: number) => {
    const input = new Uint8Array(length);
    return {
      name: '@noble/hashes',
      how: 'sha256(input) as often (a twentieth, scaled)',
      share: NOBLE_SHARE,
      run: () => {
        for (let i = 0; i < calls * NOBLE_SHARE; i++) nobleSha256(input);
      },
    };
  };
  return [
    await compare(
      { case: 'leaves', what: `leaf hashes of ${label}, 300 B each`, unit: 'leaves/s' },
      count,
      { name: 'ours', how: 'leafHashesOf', run: () => void leafHashesOf(tree, entries) },
      [hashingLimit(new Array<number>(count).fill(LEAF_BYTES + 1)), noble(LEAF_BYTES + 1, count)],
      rounds,
    ),
    await compare(
      { case: 'leaves', what: `RFC 6962 root over ${label}`, unit: 'leaves/s' },
      count,
      { name: 'ours', how: 'rootOf', run: () => void rootOf(tree, hashes) },
      [hashingLimit(hashCalls(hasher => rootOf(logHash(hasher), hashes))), noble(65, count - 1)],
      rounds,
    ),
  ];
}
