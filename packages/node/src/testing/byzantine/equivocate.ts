import type { Block, Proposal } from '../../consensus/messages.ts';
import type { Packet } from '../simulator/packets.ts';
import { type Behaviour, type Hand, isOwn, signAs, somePeers } from './behaviour.ts';

/** A leader that shows half of its peers one chain and the others another, and votes for each in its half. */
export function equivocate(hand: Hand): Behaviour {
  const halves = new Map<number, ReadonlySet<number>>();
  /** The other half's block for a block, by hash. */
  const twins = new Map<string, Block>();
  /** Half of the views pass honestly, so that the chain grows. */
  const half = (view: number): ReadonlySet<number> => {
    let peers = halves.get(view);
    if (peers === undefined) {
      peers = hand.random.chance(0.5) ? somePeers(hand) : new Set();
      halves.set(view, peers);
    }
    return peers;
  };
  const twinOf = (block: Block): Block => {
    let twin = twins.get(block.hash);
    if (twin === undefined) {
      const { hash: _, ...draft } = block;
      const changed = {
        ...draft,
        parent: twins.get(block.parent)?.hash ?? block.parent,
        timestamp: block.timestamp + 1,
      };
      twin = { ...changed, hash: hand.symbols.hashBlock(changed) };
      twins.set(block.hash, twin);
    }
    return twin;
  };
  const other = ({ view, block }: Proposal): Packet => {
    hand.count('equivocations');
    return signAs(hand, { type: 'proposal', view, block: twinOf(block) });
  };
  return {
    outgoing(to, packet) {
      if (packet.type === 'proposal' && isOwn(hand, packet.proposal)) {
        const { view, block } = packet.proposal;
        // Now and then a height is shown the other way round: a block upon one its reader never had.
        const swapped = half(view).size > 0 && block.height % 5 === view % 5;
        return [half(view).has(to) !== swapped ? other(packet.proposal) : packet];
      }
      if (packet.type === 'vote' && isOwn(hand, packet.vote) && half(packet.vote.view).has(to)) {
        const { kind, epoch, view, height, hash } = packet.vote;
        const twin = twins.get(hash);
        if (twin === undefined) return [packet];
        return [signAs(hand, { type: 'vote', vote: { kind, epoch, view, height, hash: twin.hash } })];
      }
      return [packet];
    },
  };
}
