import type { Block } from '../../consensus/messages.ts';
import type { Packet } from '../simulator/packets.ts';
import { type Behaviour, type Hand, isOwn, signAs } from './behaviour.ts';

/**
 * A leader that goes on upon a block of a view that failed, which all have, beside the one it let them accept in this view:
 * in `share` of all cases.
 */
export function graft(hand: Hand, share = 0.5): Behaviour {
  /** What all are shown in place of a block, so that nobody sees two. */
  const shown = new Map<string, Block>();
  const grafted = (block: Block): Block => {
    const { state } = hand.replica;
    const { hash: _, ...draft } = block;
    const others = [...(state?.blocks.values() ?? [])].filter(
      ({ block: old, heldIn }) =>
        old.height === draft.height - 1 && old.hash !== draft.parent && heldIn !== null,
    );
    const other = others.at(-1)?.block;
    if (other === undefined || other.barrier) return block;
    const batches = draft.batches.filter(digest => !other.batches.includes(digest));
    const timestamp = Math.max(draft.timestamp, other.timestamp + 1);
    const changed = { ...draft, parent: other.hash, timestamp, batches };
    return { ...changed, hash: hand.symbols.hashBlock(changed) };
  };
  return {
    outgoing(_, packet): readonly Packet[] {
      if (packet.type !== 'proposal' || !isOwn(hand, packet.proposal)) return [packet];
      const { view, block } = packet.proposal;
      let instead = shown.get(block.hash);
      if (instead === undefined) {
        instead = hand.random.chance(share) ? grafted(block) : block;
        shown.set(block.hash, instead);
      }
      if (instead.hash === block.hash) return [packet];
      hand.count('grafts');
      return [signAs(hand, { type: 'proposal', view, block: instead })];
    },
  };
}
