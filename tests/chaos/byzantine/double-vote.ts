import type { CheckpointVote, SignedVote } from '../../../packages/node/src/consensus/messages.ts';
import { type Behaviour, type Hand, toolsOf } from './behaviour.ts';

/** PREPAREs and COMMITs what it does and something else as well, to everybody. */
export function doubleVote(hand: Hand): Behaviour {
  const { frames, sign } = toolsOf(hand);
  const again = ({ signer, signature: _, ...vote }: SignedVote): Uint8Array => {
    const bytes = hand.hasher.digest(new TextEncoder().encode(`not ${vote.hash}`));
    const hash = Buffer.from(bytes).toString('hex');
    return sign({ type: 'vote', vote: { ...vote, hash } }, vote.epoch, signer);
  };
  return {
    outgoing(_, frame) {
      const read = frames.decode(frame);
      if (!read.ok || read.value.type !== 'message' || read.value.message.type !== 'vote') return [frame];
      hand.lied();
      return [frame, again(read.value.message.vote)];
    },
  };
}

/** Cosigns two checkpoint texts at each height: the right one, and one with another state root. */
export function twoHeads(hand: Hand): Behaviour {
  const { frames, sign } = toolsOf(hand);
  const other = ({ epoch, height, hash, text, time, signer }: CheckpointVote): Uint8Array => {
    const changed = text.replace(/\nstate (.)/, (_, letter) => `\nstate ${letter === 'A' ? 'B' : 'A'}`);
    return sign({ type: 'cosignature', height, hash, text: changed, time }, epoch, signer);
  };
  return {
    outgoing(_, frame) {
      const read = frames.decode(frame);
      if (!read.ok || read.value.type !== 'message' || read.value.message.type !== 'checkpoint-vote')
        return [frame];
      hand.lied();
      return [other(read.value.message.vote), frame];
    },
  };
}
