import { type Approvals, approvalBytes, type Chain, type NewValidator, possessionBytes } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeHome, NodeKeys } from '../../config/node-home.ts';
import { finalCheckpoint } from './nodes.ts';

/**
 * What a home offers, in `epoch`, as a validator of the next one: its keys, where it is reached, and its signature over the
 * newest final checkpoint that its own node, at `url`, has executed.
 */
export async function candidateOf(
  keys: NodeKeys,
  addresses: readonly string[],
  chain: Chain,
  epoch: number,
  url: string,
): Promise<NewValidator> {
  const { height, hash } = await finalCheckpoint(url);
  return {
    key: keys.validator.publicKey,
    logKey: keys.log.publicKey,
    p2pKey: keys.p2p.publicKey,
    addresses,
    possession: {
      height,
      hash,
      signature: keys.validator.sign(possessionBytes(chain.hash, epoch, height, hash)),
    },
  };
}

/** A validator's approval of a change, given by its bytes, in its epoch. */
export function approve(
  { member, keys }: Pick<NodeHome, 'member' | 'keys'>,
  chain: Chain,
  epoch: number,
  change: Uint8Array,
): Approvals[number] {
  return [member, keys.validator.sign(approvalBytes(chain.hash, epoch, nativeSuite.hasher.digest(change)))];
}

/** Approvals in the order in which a record holds them, one of each. */
export function sorted(approvals: Approvals): Approvals {
  return [...new Map(approvals)].sort(([a], [b]) => (a < b ? -1 : 1));
}
