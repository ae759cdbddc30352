import type { ToSign } from '../../consensus/output.ts';
import { signedMessage } from '../../consensus/signed.ts';
import type { CountName } from '../simulator/counts.ts';
import type { Packet } from '../simulator/packets.ts';
import type { Random } from '../simulator/random.ts';
import type { Replica } from '../simulator/replica.ts';
import { type Symbols, saying } from '../simulator/symbolic.ts';

/** What a Byzantine replica has at hand: its own key, the network, and all it hears. */
export interface Hand {
  readonly id: number;
  /** Everybody who can be reached. */
  readonly members: number;
  readonly random: Random;
  readonly symbols: Symbols;
  /** The honest replica inside, whose state it reads. */
  readonly replica: Replica;
  now(): number;
  send(to: number, packet: Packet): void;
  count(what: CountName): void;
  /** From now on a batch is among those that were sent. */
  publish(digest: string): void;
}

/** One way to do wrong: it sees what comes in, changes what goes out, and speaks when it likes. */
export interface Behaviour {
  /** What leaves in place of a packet. */
  outgoing?(to: number, packet: Packet): readonly Packet[];
  incoming?(from: number, packet: Packet): void;
  /** Every 100 ms. */
  tick?(): void;
  /** False for batches that the replica inside is not told of. */
  offers?(digest: string): boolean;
}

/** All peers, whether they have a vote or not. */
export function peersOf({ id, members }: Hand): number[] {
  return Array.from({ length: members }, (_, i) => i).filter(peer => peer !== id);
}

/** Some of the peers, at least one and not all. */
export function somePeers(hand: Hand): ReadonlySet<number> {
  const peers = peersOf(hand);
  return new Set(hand.random.sample(peers, hand.random.between(1, Math.max(1, peers.length - 1))));
}

/** Validators in the epoch it is in, and how many make a quorum. */
export function sizesOf({ replica }: Hand): { readonly n: number; readonly q: number } {
  const n = replica.config.validators.length;
  return { n, q: Math.floor((n + Math.floor((n - 1) / 3)) / 2) + 1 };
}

/** The position under which it speaks: its own, or, when it is of the set no more, one like any other. */
export function positionIn({ id, replica }: Hand): number {
  const { me, validators } = replica.config;
  return me >= 0 ? me : id % validators.length;
}

/** Whether a signed thing is its own. */
export function isOwn(hand: Hand, { signer }: { readonly signer: number }): boolean {
  return signer === positionIn(hand);
}

/** Signs anything at all with this replica's key, which may be retired: no guard is asked. */
export function signAs(hand: Hand, what: ToSign): ReturnType<typeof signedMessage> {
  const { symbols, replica } = hand;
  const signature = symbols.sign(replica.key, saying(what, symbols));
  return signedMessage(what, replica.config.epoch, positionIn(hand), signature);
}

/** Sends to every peer. */
export function sendAll(hand: Hand, packet: Packet): void {
  for (const peer of peersOf(hand)) hand.send(peer, packet);
}
