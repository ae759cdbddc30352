import type { Amount } from './amount.ts';
import type { BlockRef } from './config.ts';
import type { Message } from './messages.ts';

/** Two clocks of one replica: what the one says is never taken for the other. */
export interface Clock {
  /** Ms from any start; never goes back. Timers run by it. */
  readonly now: number;
  /** Ms since 1970 as the machine believes; may jump. Blocks and cosignatures are dated by it. */
  readonly wall: number;
}

/** Everything that can happen to a replica. */
export type Input =
  | ({ readonly type: 'tick' } & Clock)
  /** A message from a peer, or from this replica itself once signed; everything in it is verified. */
  | { readonly type: 'message'; readonly from: number; readonly message: Message }
  /** A well-formed batch is persisted here and waits to be ordered. */
  | ({ readonly type: 'batch'; readonly digest: string; readonly barrier: boolean } & Amount)
  /** A batch needs no ordering any more: it expired, or another block carried its submissions. */
  | { readonly type: 'batch-dropped'; readonly digest: string }
  /** All bodies of a block are persisted here and well-formed; `barrier`: one holds a governance submission. */
  | ({ readonly type: 'bodies'; readonly hash: string; readonly barrier: boolean } & Amount)
  /** A block was executed and its results synced; `text` is its checkpoint. `closes`: its state holds the next epoch. */
  | {
      readonly type: 'executed';
      readonly block: BlockRef;
      readonly text: string;
      readonly closes: boolean;
    }
  /** A connection to a peer (re)opened: no stream is assumed to survive. */
  | { readonly type: 'connected'; readonly peer: number };
