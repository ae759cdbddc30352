import type { Hasher, Signer } from '@qifeng/core';
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
  /** Counts a lie that was told. */
  lied(): void;
}

/** One way to do wrong, between an honest node and the network. */
export interface Behaviour {
  /** The frames that leave in place of one that the honest node inside sends to a member. */
  outgoing(to: string, frame: Uint8Array): readonly Uint8Array[];
  /** A frame that a member sent to it. */
  incoming?(frame: Uint8Array): void;
}

/** What frames are read, made and signed with. */
export interface Tools {
  readonly frames: FrameCodec;
  readonly hash: ReturnType<typeof blockHasher>;
  /** The frame of a message in the place of signer `position`, rightly signed with this member's key: no guard is asked. */
  sign(what: Parameters<SignedBytes['of']>[0], epoch: number, position: number): Uint8Array;
}

/** The tools of a hand. */
export function toolsOf({ genesis, hasher, signer }: Hand): Tools {
  const codecs = wireCodecs(genesis, hasher);
  const frames = frameCodec(codecs);
  const signed = signedBytesOf(genesis, hasher, codecs);
  return {
    frames,
    hash: blockHasher(genesis, hasher),
    sign: (what, epoch, position) =>
      frames.encode({
        type: 'message',
        message: signedMessage(what, epoch, position, signer.sign(signed.of(what))),
      }),
  };
}

/** Half of the other members. */
export function half({ peers, random }: Hand): ReadonlySet<string> {
  return new Set(random.sample(peers, Math.ceil(peers.length / 2)));
}
