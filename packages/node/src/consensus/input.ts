import type { BlockRef } from './config.ts';
import type { Message } from './messages.ts';

/** Everything that can happen to a replica. */
export type Input =
  /** Time passes: `now` in ms never goes back. */
  | { readonly type: 'tick'; readonly now: number }
  /** A message from a peer, or from this replica itself once signed; everything in it is verified. */
  | { readonly type: 'message'; readonly from: number; readonly message: Message }
  /** A well-formed batch is persisted here and waits to be ordered. */
  | { readonly type: 'batch'; readonly digest: string; readonly barrier: boolean }
  /** A batch needs no ordering any more: it expired, or another block carried its submissions. */
  | { readonly type: 'batch-dropped'; readonly digest: string }
  /** All bodies of a block are persisted here and well-formed; `barrier`: one holds a governance submission. */
  | { readonly type: 'bodies'; readonly hash: string; readonly barrier: boolean }
  /** A block was executed and its results synced; `text` is its checkpoint. */
  | { readonly type: 'executed'; readonly block: BlockRef; readonly text: string }
  /** A connection to a peer (re)opened: no stream is assumed to survive. */
  | { readonly type: 'connected'; readonly peer: number };
