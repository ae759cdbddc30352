import type { Clock } from '../../consensus/input.ts';
import type { Message } from '../../consensus/messages.ts';
import type { Packet, Protocol } from '../simulator/packets.ts';
import type { CrashPoint, Seen, Watch, World } from '../simulator/world.ts';
import type { Behaviour, Hand } from './behaviour.ts';
import { doubleCosign, doubleVote } from './double-vote.ts';
import { equivocate } from './equivocate.ts';
import { flood } from './flood.ts';
import { forge } from './forge.ts';
import { garbage } from './garbage.ts';
import { graft } from './graft.ts';
import type { BehaviourName } from './names.ts';
import { newViews } from './new-views.ts';
import { overreach } from './overreach.ts';
import { pad } from './pad.ts';
import { censor, slowLeader } from './poor-leaders.ts';
import { repeat } from './repeat.ts';
import { replay } from './replay.ts';
import { withhold } from './withhold.ts';

const MAKERS: Readonly<Record<BehaviourName, (hand: Hand) => Behaviour>> = {
  equivocate,
  withhold,
  'double-vote': doubleVote,
  replay,
  forge,
  'new-views': newViews,
  flood,
  garbage,
  overreach,
  graft,
  slow: slowLeader,
  censor,
  repeat,
  'double-cosign': doubleCosign,
  pad,
};

/** Nobody looks at what goes on inside a faulty replica: it owes nothing. */
export const UNWATCHED: Watch = {
  started: () => {},
  adopted: () => {},
  rewritten: () => {},
  opened: () => {},
  trusts: () => true,
  received: () => {},
  settled: () => {},
  handled: () => {},
  signed: () => {},
  refused: () => {},
  persisted: () => {},
  delivered: () => {},
  ordered: () => {},
  executed: () => {},
  stepped: () => {},
};

/**
 * The world as a Byzantine replica's host sees it: the protocol inside is the honest one, and its behaviours stand
 * between it and the others. Inside nothing crashes and nothing is checked.
 */
export class ByzantineWorld implements World {
  readonly watch = UNWATCHED;
  readonly compaction = false;
  readonly #world: World;
  readonly #behaviours: readonly Behaviour[];

  constructor(world: World, names: readonly BehaviourName[], hand: Hand) {
    this.#world = world;
    this.#behaviours = names.map(name => MAKERS[name](hand));
  }

  get protocol(): Protocol {
    return this.#world.protocol;
  }
  get symbols(): World['symbols'] {
    return this.#world.symbols;
  }
  get ledger(): World['ledger'] {
    return this.#world.ledger;
  }

  get members(): number {
    return this.#world.members;
  }

  clock(id: number): Clock {
    return this.#world.clock(id);
  }

  isExpired(digest: string): boolean {
    return this.#world.isExpired(digest);
  }

  send(from: number, to: number, packet: Packet): void {
    let packets: readonly Packet[] = [packet];
    for (const { outgoing } of this.#behaviours)
      if (outgoing !== undefined) packets = packets.flatMap(one => outgoing(to, one));
    for (const one of packets) this.#world.send(from, to, one);
  }

  verify(from: number, message: Message, reader: Seen): boolean {
    if (!this.#world.verify(from, message, reader)) return false;
    for (const behaviour of this.#behaviours) behaviour.incoming?.(from, message);
    return true;
  }

  offers(digest: string): boolean {
    return this.#behaviours.every(behaviour => behaviour.offers?.(digest) ?? true);
  }

  tick(): void {
    for (const behaviour of this.#behaviours) behaviour.tick?.();
  }

  later(delay: number, run: () => void): void {
    this.#world.later(delay, run);
  }

  crashPoint(): CrashPoint | null {
    return null;
  }

  compacted(): void {}

  died(): void {}
}
