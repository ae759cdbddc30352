import type { Hasher, Signer } from '@qifeng/core';
import type { Message } from '../../../packages/node/src/consensus/messages.ts';
import type { ToSign } from '../../../packages/node/src/consensus/output.ts';
import { signedMessage } from '../../../packages/node/src/consensus/signed.ts';
import type { State } from '../../../packages/node/src/consensus/state.ts';
import { blockHasher, wireCodecs } from '../../../packages/node/src/engine/wire/codecs.ts';
import { type FrameCodec, frameCodec } from '../../../packages/node/src/engine/wire/frames.ts';
import { signedBytesOf } from '../../../packages/node/src/engine/wire/signed-bytes.ts';
import type { Lane } from '../../../packages/node/src/ports/transport.ts';
import type { Random } from '../../../packages/node/src/testing/simulator/random.ts';

/** What a Byzantine member has in hand: its key without the guard, its choices, and who there is. */
export interface Hand {
  readonly genesis: Uint8Array;
  readonly hasher: Hasher;
  readonly signer: Signer;
  readonly random: Random;
  /** Codes of the validators in the order of their positions, and those of the others. */
  readonly codes: readonly string[];
  readonly peers: readonly string[];
  /** The last epoch in which its key has a vote, as far as its ledger goes, and its position there; null: in none. */
  readonly voted: { readonly epoch: number; readonly position: number } | null;
  /** The honest node inside. */
  readonly node: Inside;
  /** Counts a lie that was told, and apart from others those of one kind. */
  lied(kind?: string): void;
}

/** What a Byzantine member knows of the honest node inside, and has it do. */
export interface Inside {
  /** Null before it has started. */
  readonly state: State | null;
  /** Codes of the members connected now. */
  connected(): readonly string[];
  /** Offers again for ordering what no behaviour let it order so far. */
  offerHeld(): void;
  /** Sends a frame past all behaviours. */
  send(to: string, frame: Uint8Array, lane: Lane): void;
}

/** One way to do wrong, between an honest node and the network. */
export interface Behaviour {
  /** The frames that leave in place of one that the honest node inside sends to a member. */
  outgoing(to: string, frame: Uint8Array): readonly Uint8Array[];
  /** A frame that a member sent to it. */
  incoming?(frame: Uint8Array, from: string): void;
  /** Every 100 ms. */
  tick?(): void;
  /** False for batches that the node inside is not to order. */
  offers?(digest: string): boolean;
}

/** What frames are read, made and signed with. */
export interface Tools {
  readonly frames: FrameCodec;
  readonly hash: ReturnType<typeof blockHasher>;
  /** A message in the place of signer `position`, rightly signed with this member's key: no guard is asked. */
  signed(what: ToSign, epoch: number, position: number): Message;
  /** The frame of such a message. */
  sign(what: ToSign, epoch: number, position: number): Uint8Array;
}

/** The tools of a hand. */
export function toolsOf({ genesis, hasher, signer }: Hand): Tools {
  const codecs = wireCodecs(genesis, hasher);
  const frames = frameCodec(codecs);
  const bytes = signedBytesOf(genesis, hasher, codecs);
  const message = (what: ToSign, epoch: number, position: number): Message =>
    signedMessage(what, epoch, position, signer.sign(bytes.of(what)));
  return {
    frames,
    hash: blockHasher(genesis, hasher),
    signed: message,
    sign: (what, epoch, position) =>
      frames.encode({ type: 'message', message: message(what, epoch, position) }),
  };
}

/** Half of the other members. */
export function half({ peers, random }: Hand): ReadonlySet<string> {
  return new Set(random.sample(peers, Math.ceil(peers.length / 2)));
}
