import { leafHashesOf, logHash, rootOf } from '@qifeng/core';
import { nativeHasher, nativeVerifier } from '@qifeng/core/native';
import { hashCalls, hashingLimit, nodeVerifies } from './limits.ts';
import { inputs, signatures } from './material.ts';
import { compare, type Row } from './measure.ts';

const LEAVES = 50_000;
const LEAF_BYTES = 300;
const SIGNATURES = 1_000;
const EFFORT = { quick: true, rounds: 3 };

/** What verifying costs here, each beside what the machine does at most in the same run: leaf hashes, log roots, signatures. */
export async function speeds(): Promise<readonly Row[]> {
  const tree = logHash(nativeHasher);
  const leaves = inputs(LEAVES, LEAF_BYTES);
  const hashes = leafHashesOf(tree, leaves);
  const signed = signatures(SIGNATURES, 16, 200);
  const limit = (work: Parameters<typeof hashCalls>[0]) => [hashingLimit(hashCalls(work))];
  const verifyAll = () => {
    for (const [key, message, signature] of signed)
      if (!nativeVerifier.verify(key, message, signature)) throw new Error('a signature does not verify');
  };
  return [
    await compare(
      { case: 'leaf hashes', what: 'leaf-hashes', unit: '/s' },
      LEAVES,
      { name: 'ours', how: 'leafHashesOf', run: () => void leafHashesOf(tree, leaves) },
      limit(hasher => leafHashesOf(logHash(hasher), leaves)),
      EFFORT,
    ),
    await compare(
      { case: 'leaf hashes', what: 'log-root', unit: '/s' },
      LEAVES,
      { name: 'ours', how: 'rootOf', run: () => void rootOf(tree, hashes) },
      limit(hasher => rootOf(logHash(hasher), hashes)),
      EFFORT,
    ),
    await compare(
      { case: 'Ed25519', what: 'signatures', unit: '/s' },
      SIGNATURES,
      { name: 'ours', how: 'nativeVerifier.verify', run: verifyAll },
      [
        {
          name: 'node:crypto, key cached',
          how: 'crypto.verify(null, message, keyObject, signature)',
          run: nodeVerifies(signed),
        },
      ],
      EFFORT,
    ),
  ];
}
