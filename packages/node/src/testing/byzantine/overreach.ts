import type { Block } from '../../consensus/messages.ts';
import { sizeOfAll } from '../simulator/batches.ts';
import type { Packet } from '../simulator/packets.ts';
import { type Behaviour, type Hand, isOwn, signAs } from './behaviour.ts';

/** A leader that puts more into a block than it may hold, dates it into an epoch that is over, and puts another one upon a barrier. */
export function overreach(hand: Hand): Behaviour {
  /** What all are shown in place of a block, so that nobody sees two. */
  const shown = new Map<string, Block>();
  const named = (draft: Omit<Block, 'hash'>): Block => ({ ...draft, hash: hand.symbols.hashBlock(draft) });
  const swell = (block: Block): Block => {
    const { state, config } = hand.replica;
    const { hash: _, ...draft } = block;
    const more = [...(state?.pool.keys() ?? [])].filter(digest => !draft.batches.includes(digest));
    const large = named({ ...draft, batches: [...draft.batches, ...more] });
    const fits = sizeOfAll(large.batches) <= config.maxBytes;
    return fits || draft.barrier !== more.concat(draft.batches).some(isBarrier) ? block : large;
  };
  const turnBack = (block: Block): Block => {
    const { hash: _, ...draft } = block;
    return draft.epoch === 0 ? block : named({ ...draft, epoch: draft.epoch - 1 });
  };
  const isBarrier = (digest: string): boolean => hand.replica.state?.pool.get(digest)?.barrier === true;
  const above = ({ hash, height, proposer, epoch, timestamp }: Block): Block =>
    named({
      height: height + 1,
      parent: hash,
      proposer,
      epoch,
      timestamp: timestamp + 1,
      batches: [],
      barrier: false,
    });
  return {
    outgoing(_, packet): readonly Packet[] {
      if (packet.type !== 'proposal' || !isOwn(hand, packet.proposal)) return [packet];
      const { view, block } = packet.proposal;
      let instead = shown.get(block.hash);
      if (instead === undefined) {
        instead = hand.random.chance(0.3) ? hand.random.pick([swell, turnBack])(block) : block;
        shown.set(block.hash, instead);
      }
      if (instead !== block) {
        hand.count(instead.epoch === block.epoch ? 'oversized' : 'pastEpochs');
        return [signAs(hand, { type: 'proposal', view, block: instead })];
      }
      if (!block.barrier) return [packet];
      hand.count('aboveBarrier');
      return [packet, signAs(hand, { type: 'proposal', view, block: above(block) })];
    },
  };
}
