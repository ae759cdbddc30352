import type { ToSign } from '../../consensus/output.ts';
import { signedMessage } from '../../consensus/signed.ts';
import type { CountName } from '../simulator/counts.ts';
import type { Random } from '../simulator/random.ts';
import type { Packet, Replica } from '../simulator/replica.ts';
import { type Symbols, saying } from '../simulator/symbolic.ts';

/** What a Byzantine replica has at hand: its own key, the network, and all it hears. */
export interface Hand {
  readonly id: number;
  readonly n: number;
  readonly q: number;
  readonly random: Random;
  readonly symbols: Symbols;
  /** The honest replica inside, whose state it reads. */
  readonly replica: Replica;
  now(): number;
  send(to: number, packet: Packet): void;
  count(what: CountName): void;
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

/** All peers. */
export function peersOf({ id, n }: Hand): number[] {
  return Array.from({ length: n }, (_, i) => i).filter(peer => peer !== id);
}

/** Some of the peers, at least one and not all. */
export function somePeers(hand: Hand): ReadonlySet<number> {
  const peers = peersOf(hand);
  return new Set(hand.random.sample(peers, hand.random.between(1, Math.max(1, peers.length - 1))));
}

/** Signs anything at all with this replica's key: no guard is asked. */
export function signAs({ id, symbols }: Hand, what: ToSign): ReturnType<typeof signedMessage> {
  return signedMessage(what, 0, id, symbols.sign(id, saying(what, symbols)));
}

/** Sends to every peer. */
export function sendAll(hand: Hand, packet: Packet): void {
  for (const peer of peersOf(hand)) hand.send(peer, packet);
}
