import type { Clock } from '../../consensus/input.ts';
import type { Block, Message } from '../../consensus/messages.ts';
import type { Output, ToSign, WalRecord } from '../../consensus/output.ts';
import type { State } from '../../consensus/state.ts';
import type { Disk } from './disk.ts';
import type { SimulatedLedger } from './ledger.ts';
import type { Packet, Protocol } from './packets.ts';
import type { Seat } from './seat.ts';
import type { Symbols } from './symbolic.ts';

/** A replica as those around it see it. */
export interface Seen {
  readonly id: number;
  /** Number of the key it signs with. */
  readonly key: number;
  readonly disk: Disk;
  /** Null while it is down. */
  readonly state: State | null;
  readonly seat: Seat;
}

/** What a replica needs of the world around it. */
export interface World {
  readonly protocol: Protocol;
  readonly symbols: Symbols;
  readonly ledger: SimulatedLedger;
  clock(id: number): Clock;
  send(from: number, to: number, packet: Packet): void;
  /** Whether every signature in a message holds, by the sets that its reader knows. */
  verify(from: number, message: Message, reader: Seen): boolean;
  /** Whether a batch that is here is offered for ordering now; an honest host offers all. */
  offers(digest: string): boolean;
  /** Whether a batch lived so long that nobody keeps it who does not need it. */
  isExpired(digest: string): boolean;
  later(delay: number, run: () => void): void;
  /** Who can be reached: members by number. */
  readonly members: number;
  /** How many records of a step's write survive, and whether the replica dies there; null: no crash. */
  crashPoint(replica: Seen, records: number, rest: number): CrashPoint | null;
  /** A log was rewritten to what rebuilds its replica. */
  compacted(replica: Seen): void;
  /** A replica lost all but its disk. */
  died(replica: Seen, why: Death): void;
  readonly watch: Watch;
  readonly compaction: boolean;
}

/** Why a replica stopped. */
export type Death = 'crash' | 'torn' | 'disk full' | 'for ever';

/** A crash in the middle of one step's outputs. */
export interface CrashPoint {
  /** Whole records on disk. */
  readonly records: number;
  /** Outputs after the sync that still happened; only if all records did. */
  readonly rest: number;
}

/** What the checkers see. They throw when something is wrong. */
export interface Watch {
  /** It has read its disk; `lost`: it found that its memory is not whole, and has no vote. */
  started(replica: Seen, lost: string | null): void;
  /** True if its memory is taken to be whole without a look. */
  trusts(replica: Seen): boolean;
  /** A verified message, before and after its step. */
  received(replica: Seen, message: Message): void;
  /** It need not be checked, as it can lead to nothing. */
  settled(replica: Seen, message: Message): void;
  handled(replica: Seen, message: Message): void;
  /** Another's certified state has taken the place of its ledger. */
  adopted(replica: Seen): void;
  /** Its log was begun anew, as its ledger is of a later epoch. */
  rewritten(replica: Seen): void;
  /** It begins an epoch, its log begun anew. */
  opened(replica: Seen): void;
  signed(replica: Seen, what: ToSign): void;
  refused(replica: Seen, what: ToSign, reason: string): void;
  persisted(replica: Seen, record: WalRecord): void;
  delivered(replica: Seen, output: Output): void;
  /** The protocol has a block executed, which then may wait for a body that is gone. */
  ordered(replica: Seen, block: Block): void;
  executed(replica: Seen, block: Block, result: { readonly text: string; readonly closes: boolean }): void;
  stepped(replica: Seen, outputs: number): void;
}
