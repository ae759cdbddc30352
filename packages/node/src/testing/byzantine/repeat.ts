import type { Block } from '../../consensus/messages.ts';
import { contentOf, hasDocuments, isGovernance, numberOf, sizeOfAll } from '../simulator/batches.ts';
import type { Packet } from '../simulator/packets.ts';
import { batchSaying, CLIENT } from '../simulator/symbolic.ts';
import { type Behaviour, type Hand, isOwn, sendAll, signAs } from './behaviour.ts';

type Draft = Omit<Block, 'hash'>;

/**
 * A leader that says again what was: a batch that is executed, or is on its way in an ancestor or this block; submissions that
 * are executed, as another batch; its parent's time.
 */
export function repeat(hand: Hand): Behaviour {
  /** What all are shown in place of a block, so that nobody sees two. */
  const shown = new Map<string, Block>();
  const holding = (draft: Draft, digest: string | undefined): Draft => {
    if (digest === undefined) return draft;
    const more = [...draft.batches, digest];
    const batches = sizeOfAll(more) <= hand.replica.config.maxBytes ? more : [digest];
    return { ...draft, batches, barrier: batches.some(isGovernance) };
  };
  const anyOf = (digests: Iterable<string>): string | undefined => {
    const plain = [...digests].filter(digest => !isGovernance(digest));
    const documents = plain.filter(hasDocuments);
    const some = documents.length > 0 && hand.random.chance(0.5) ? documents : plain;
    return some.length === 0 ? undefined : hand.random.pick(some);
  };
  const executed = (draft: Draft): Draft => holding(draft, anyOf(hand.replica.disk.executedBatches));
  const onItsWay = (draft: Draft): Draft => {
    const { accepted, blocks, executed: last } = hand.replica.state!;
    const above = [...accepted].filter(([height]) => height > last.height && height < draft.height);
    const batches = above.flatMap(([, hash]) => blocks.get(hash)?.block.batches ?? []);
    return holding(draft, anyOf([...batches, ...draft.batches]));
  };
  const repacked = (draft: Draft): Draft => {
    const old = anyOf(hand.replica.disk.executedBatches);
    if (old === undefined || contentOf(old) !== old) return draft;
    const digest = `again ${numberOf(old)}`;
    const signature = hand.symbols.sign(CLIENT, batchSaying(old));
    hand.count('repacked');
    hand.publish(digest);
    hand.replica.addBatch(digest, signature);
    sendAll(hand, { type: 'batch', digest, signature });
    return holding(draft, digest);
  };
  const standing = (draft: Draft): Draft => {
    const parent = hand.replica.state!.blocks.get(draft.parent)?.block;
    return parent === undefined ? draft : { ...draft, timestamp: parent.timestamp };
  };
  const made = ({ hash, ...draft }: Block): Block => {
    const changed = hand.random.chance(0.3)
      ? hand.random.pick([executed, onItsWay, repacked, standing])(draft)
      : draft;
    const parent = shown.get(draft.parent)?.hash ?? draft.parent;
    if (changed === draft && parent === draft.parent) return { ...draft, hash };
    const next = { ...changed, parent };
    return { ...next, hash: hand.symbols.hashBlock(next) };
  };
  return {
    outgoing(_, packet): readonly Packet[] {
      if (packet.type !== 'proposal' || !isOwn(hand, packet.proposal)) return [packet];
      const { view, block } = packet.proposal;
      const instead = shown.get(block.hash) ?? made(block);
      shown.set(block.hash, instead);
      if (instead.hash === block.hash) return [packet];
      hand.count('repeats');
      return [signAs(hand, { type: 'proposal', view, block: instead })];
    },
  };
}
