import type { SignedVote } from '../../../packages/node/src/consensus/messages.ts';
import { type Behaviour, type Hand, toolsOf } from './behaviour.ts';

/** Old frames remembered. */
const REMEMBERED = 300;

/** Spoils some frames, and sends some that are noise. */
export function garble({ random, lied }: Hand): Behaviour {
  return {
    outgoing(_, frame) {
      if (random.chance(0.1)) {
        lied();
        const noise = Uint8Array.from({ length: random.between(1, 200) }, () => random.between(0, 255));
        return [noise, frame];
      }
      if (!random.chance(0.2)) return [frame];
      lied();
      const spoilt = frame.slice();
      spoilt[random.between(0, frame.length - 1)]! ^= 1 << random.between(0, 7);
      return random.chance(0.5) ? [spoilt] : [spoilt, frame];
    },
  };
}

/**
 * With each vote goes one for another block in the name of every member: signed by this one's key, or not signed at all.
 * Were one of them believed, an honest member would be convicted.
 */
export function garbageVotes(hand: Hand): Behaviour {
  const { frames, sign } = toolsOf(hand);
  const forged = (vote: SignedVote, position: number): Uint8Array => {
    const hash = Buffer.from(hand.hasher.digest(Buffer.from(vote.hash))).toString('hex');
    if (position !== vote.signer && hand.random.chance(0.5))
      return sign({ type: 'vote', vote: { ...vote, hash } }, vote.epoch, position);
    const signature = vote.signature.slice();
    signature[hand.random.between(0, 63)]! ^= 1 << hand.random.between(0, 7);
    return frames.encode({
      type: 'message',
      message: { type: 'vote', vote: { ...vote, hash, signer: position, signature } },
    });
  };
  return {
    outgoing(_, frame) {
      const read = frames.decode(frame);
      if (!read.ok || read.value.type !== 'message' || read.value.message.type !== 'vote') return [frame];
      const { vote } = read.value.message;
      hand.lied();
      return [...hand.peers.keys(), hand.peers.length].map(position => forged(vote, position)).concat(frame);
    },
  };
}

/** Says again what it and others said before, of old views above all, to anybody. */
export function replay({ random, lied }: Hand): Behaviour {
  const old: Uint8Array[] = [];
  let seen = 0;
  // A random sample of all that was ever said, so that old views stay in it.
  const remember = (frame: Uint8Array): void => {
    if (old.length < REMEMBERED) old.push(frame);
    else if (random.chance(REMEMBERED / ++seen)) old[random.between(0, REMEMBERED - 1)] = frame;
  };
  return {
    incoming: remember,
    outgoing(_, frame) {
      remember(frame);
      if (!random.chance(0.5)) return [frame];
      lied();
      return [frame, random.pick(old)];
    },
  };
}
