import type { CheckpointVote, SignedVote } from '../../consensus/messages.ts';
import type { Packet } from '../simulator/packets.ts';
import { type Behaviour, type Hand, isOwn, signAs } from './behaviour.ts';

/** Votes for everything: for each vote of its own another one, for a rival that it heard of or makes up. */
export function doubleVote(hand: Hand): Behaviour {
  /** Hashes heard of by height. */
  const heard = new Map<number, Set<string>>();
  const rival = (height: number, hash: string): string =>
    [...(heard.get(height) ?? [])].find(other => other !== hash) ?? `${hash} or not`;
  const second = ({ kind, epoch, view, height, hash }: SignedVote): Packet =>
    signAs(hand, { type: 'vote', vote: { kind, epoch, view, height, hash: rival(height, hash) } });
  return {
    incoming(_, packet) {
      if (packet.type !== 'vote') return;
      const { height, hash } = packet.vote;
      const hashes = heard.get(height) ?? new Set();
      heard.set(height, hashes.add(hash));
      if (heard.size > 200) heard.delete(heard.keys().next().value!);
    },
    outgoing(_, packet) {
      const own = (packet.type === 'vote' || packet.type === 'checkpoint-vote') && isOwn(hand, packet.vote);
      if (!own || !hand.random.chance(0.5)) return [packet];
      hand.count('doubleVotes');
      const other = packet.type === 'vote' ? second(packet.vote) : otherText(hand, packet.vote);
      return hand.random.chance(0.5) ? [packet, other] : [other, packet];
    },
  };
}

/** Cosigns two texts at one height, and votes as it should: nothing else gives it away. */
export function doubleCosign(hand: Hand): Behaviour {
  return {
    outgoing(_, packet) {
      if (packet.type !== 'checkpoint-vote' || !isOwn(hand, packet.vote) || !hand.random.chance(0.5))
        return [packet];
      hand.count('doubleCosignatures');
      return [packet, otherText(hand, packet.vote)];
    },
  };
}

function otherText(hand: Hand, { height, hash, text, time }: CheckpointVote): Packet {
  const other = text.replace(/\nstate ..../, '\nstate AAAA');
  return signAs(hand, { type: 'cosignature', height, hash, text: other, time });
}
