import type { Block } from '../../../packages/node/src/consensus/messages.ts';
import { type Behaviour, type Hand, half, toolsOf } from './behaviour.ts';

/** Shows half of the members another block at the same height, and votes for it there. */
export function equivocate(hand: Hand): Behaviour {
  return shown(hand, half(hand));
}

/** Does so to one member alone, the last: the others go on, and none of them has both blocks. */
export function mislead(hand: Hand): Behaviour {
  return shown(hand, new Set(hand.peers.slice(-1)));
}

function shown(hand: Hand, fooled: ReadonlySet<string>): Behaviour {
  const { frames, hash, sign } = toolsOf(hand);
  /** The other block for a block, by hash. */
  const twins = new Map<string, Block>();
  const twinOf = (block: Block): Block => {
    const { hash: _, ...draft } = block;
    const parent = twins.get(block.parent)?.hash ?? block.parent;
    const changed = { ...draft, parent, timestamp: block.timestamp + 1 };
    const twin = twins.get(block.hash) ?? { ...changed, hash: hash(changed) };
    twins.set(block.hash, twin);
    return twin;
  };
  return {
    outgoing(to, frame) {
      const read = frames.decode(frame);
      if (!read.ok || read.value.type !== 'message' || !fooled.has(to)) return [frame];
      const { message } = read.value;
      if (message.type === 'proposal') {
        const { view, block, signer } = message.proposal;
        // What another one proposed is only passed on.
        if (hand.peers.includes(block.proposer)) return [frame];
        hand.lied();
        return [sign({ type: 'proposal', view, block: twinOf(block) }, block.epoch, signer)];
      }
      if (message.type !== 'vote') return [frame];
      const { signer, signature: _, ...vote } = message.vote;
      const twin = twins.get(vote.hash);
      if (twin === undefined) return [frame];
      hand.lied();
      return [sign({ type: 'vote', vote: { ...vote, hash: twin.hash } }, vote.epoch, signer)];
    },
  };
}
