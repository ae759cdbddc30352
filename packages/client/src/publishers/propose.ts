import {
  CHANGE_PUBLISHERS,
  type Chain,
  encode,
  type Proposal,
  proposalsCodec,
  publisherChangeCodec,
} from '@qifeng/core';
import { changeOf, grouped, type Item } from './item.ts';

/** The file by which items are proposed in an epoch, for a carrier to record once members have approved them elsewhere. */
export function proposalsOf(
  items: readonly Item[],
  epoch: number,
  carrier: string,
  chain: Chain,
): Uint8Array {
  const proposals = grouped(items, carrier).map(
    (group): Proposal => ({
      v: 1,
      genesis: chain.hash,
      action: CHANGE_PUBLISHERS,
      change: encode(publisherChangeCodec, changeOf(group, epoch, carrier)),
      approvals: [],
    }),
  );
  return encode(proposalsCodec, proposals);
}
