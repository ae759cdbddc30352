import type { Hasher, Signer } from '@qifeng/core';
import type { Block, Message, SignedVote } from '../../../packages/node/src/consensus/messages.ts';
import { signedMessage } from '../../../packages/node/src/consensus/signed.ts';
import { blockHasher, wireCodecs } from '../../../packages/node/src/engine/wire/codecs.ts';
import { type FrameCodec, frameCodec } from '../../../packages/node/src/engine/wire/frames.ts';
import { type SignedBytes, signedBytesOf } from '../../../packages/node/src/engine/wire/signed-bytes.ts';
import type { Random } from '../../../packages/node/src/testing/simulator/random.ts';

/** What a Byzantine member has in hand: its key without the guard, its choices, and who there is. */
export interface Hand {
  readonly genesis: Uint8Array;
  readonly hasher: Hasher;
  readonly signer: Signer;
  readonly random: Random;
  /** Codes of the other members. */
  readonly peers: readonly string[];
}

/** Turns one frame that the honest node inside sends to a member into those that leave. */
export type Behaviour = (to: string, frame: Uint8Array) => readonly Uint8Array[];

/** Old frames remembered. */
const REMEMBERED = 300;
/** Frames after which a withholding member chooses other victims. */
const MOOD = 400;

interface Tools {
  readonly frames: FrameCodec;
  readonly signed: SignedBytes;
  readonly hash: ReturnType<typeof blockHasher>;
}

function toolsOf({ genesis, hasher }: Hand): Tools {
  const codecs = wireCodecs(genesis, hasher);
  return {
    frames: frameCodec(codecs),
    signed: signedBytesOf(genesis, hasher, codecs),
    hash: blockHasher(genesis, hasher),
  };
}

function half({ peers, random }: Hand): ReadonlySet<string> {
  return new Set(random.sample(peers, Math.ceil(peers.length / 2)));
}

/** Shows half of the members another block at the same height, and votes for it there. */
function equivocate(hand: Hand): Behaviour {
  const { frames, signed, hash } = toolsOf(hand);
  const fooled = half(hand);
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
  const sign = (what: Parameters<SignedBytes['of']>[0], epoch: number, position: number): Uint8Array =>
    frames.encode({
      type: 'message',
      message: signedMessage(what, epoch, position, hand.signer.sign(signed.of(what))),
    });
  return (to, frame) => {
    const read = frames.decode(frame);
    if (!read.ok || read.value.type !== 'message' || !fooled.has(to)) return [frame];
    const { message } = read.value;
    if (message.type === 'proposal') {
      const { view, block, signer } = message.proposal;
      return [sign({ type: 'proposal', view, block: twinOf(block) }, block.epoch, signer)];
    }
    if (message.type === 'vote') {
      const { signer, signature: _, ...vote } = message.vote;
      const twin = twins.get(vote.hash);
      if (twin === undefined) return [frame];
      return [sign({ type: 'vote', vote: { ...vote, hash: twin.hash } }, vote.epoch, signer)];
    }
    return [frame];
  };
}

/** Votes for what it votes for and for something else as well, to everybody. */
function doubleVote(hand: Hand): Behaviour {
  const { frames, signed } = toolsOf(hand);
  const again = ({ signer, signature: _, ...vote }: SignedVote): Message => {
    const bytes = hand.hasher.digest(new TextEncoder().encode(`not ${vote.hash}`));
    const what = { type: 'vote', vote: { ...vote, hash: Buffer.from(bytes).toString('hex') } } as const;
    return signedMessage(what, vote.epoch, signer, hand.signer.sign(signed.of(what)));
  };
  return (_, frame) => {
    const read = frames.decode(frame);
    if (!read.ok || read.value.type !== 'message' || read.value.message.type !== 'vote') return [frame];
    return [frame, frames.encode({ type: 'message', message: again(read.value.message.vote) })];
  };
}

/** Silent towards some for a while, then towards others. */
function withhold(hand: Hand): Behaviour {
  let victims = half(hand);
  return (to, frame) => {
    if (hand.random.chance(1 / MOOD)) victims = half(hand);
    return victims.has(to) ? [] : [frame];
  };
}

/** Spoils some frames, and sends some that are noise. */
function garble({ random }: Hand): Behaviour {
  return (_, frame) => {
    if (random.chance(0.1)) {
      const noise = Uint8Array.from({ length: random.between(1, 200) }, () => random.between(0, 255));
      return [noise, frame];
    }
    if (!random.chance(0.2)) return [frame];
    const spoilt = frame.slice();
    spoilt[random.between(0, frame.length - 1)]! ^= 1 << random.between(0, 7);
    return random.chance(0.5) ? [spoilt] : [spoilt, frame];
  };
}

/** Says again what it said before, to anybody. */
function replay({ random }: Hand): Behaviour {
  const old: Uint8Array[] = [];
  let seen = 0;
  return (_, frame) => {
    if (old.length < REMEMBERED) old.push(frame);
    else if (random.chance(REMEMBERED / ++seen)) old[random.between(0, REMEMBERED - 1)] = frame;
    return random.chance(0.5) ? [frame, random.pick(old)] : [frame];
  };
}

/** What a member may be told to do. */
export const BEHAVIOURS: Readonly<Record<string, (hand: Hand) => Behaviour>> = {
  equivocate,
  'double-vote': doubleVote,
  withhold,
  garble,
  replay,
};

/** Several behaviours, one after the other. */
export function combined(names: readonly string[], hand: Hand): Behaviour {
  const behaviours = names.map(name => {
    const make = BEHAVIOURS[name];
    if (make === undefined) throw new Error(`${name} is none of ${Object.keys(BEHAVIOURS).join(', ')}`);
    return make(hand);
  });
  return (to, frame) =>
    behaviours.reduce<readonly Uint8Array[]>((sent, behave) => sent.flatMap(one => behave(to, one)), [frame]);
}
