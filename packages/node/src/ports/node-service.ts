import type { BodyPlace, Chain, Handover, Submission, Suite } from '@qifeng/core';
import type { LedgerReader, Outcome } from './ledger-store.ts';

/** Why a node takes no submission, or gives no final answer yet. Codes are stable and documented. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  /** Number of the entry at fault, if one is. */
  readonly entry: number | null;
  /** Seconds after which trying again makes sense; null: never with these bytes. */
  readonly retryAfter: number | null;
}

/** What a submission came to. */
export type SubmitResult =
  | { readonly type: 'queued'; readonly id: Uint8Array }
  /** Its block is final and executed here. `outcome.refusal` says if it was refused on the ledger. */
  | { readonly type: 'final'; readonly id: Uint8Array; readonly outcome: Outcome }
  | { readonly type: 'not-final'; readonly id: Uint8Array; readonly refusal: Refusal }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/** Where one peer stands, as it said itself. */
export interface PeerStanding {
  readonly code: string;
  readonly connected: boolean;
  readonly view: number | null;
  readonly height: number | null;
  readonly final: number | null;
}

/** Where this node stands. */
export interface Standing {
  readonly code: string;
  readonly epoch: number;
  /** Whether this node has a vote: it is of the set, and its key remembers what it signed. */
  readonly votes: boolean;
  readonly view: number;
  /** The view that it asks for; above `view` it has left that one and votes in none. */
  readonly asked: number;
  /** Position's member code of the present leader. */
  readonly leader: string;
  readonly height: number;
  readonly final: number;
  readonly pending: number;
  /** Connected to a quorum (itself included) and not behind it. */
  readonly ready: boolean;
  /** Why it is not ready, for a person. */
  readonly reason: string | null;
  readonly peers: readonly PeerStanding[];
}

/** A submission as it stands in a block's bodies, and what that block made of it. */
export interface ExecutedSubmission {
  readonly submission: Submission;
  readonly outcome: Outcome;
}

/** Some of them in the order of execution; `next` is where the following page begins, null after the last block. */
export interface ExecutedPage {
  readonly submissions: readonly ExecutedSubmission[];
  readonly next: BodyPlace | null;
}

/** What the HTTP side needs of a node: a chain, its ledger, and a way in. */
export interface NodeService {
  readonly chain: Chain;
  readonly suite: Suite;
  /** This node's member code. */
  readonly code: string;
  readonly ledger: LedgerReader;
  standing(): Standing;
  /** Accusations by evidence that this node holds about an epoch, as bytes, by member code. */
  evidence(epoch: number): ReadonlyMap<string, Uint8Array>;
  /** Takes a signed submission. With `wait` it answers when its block is final here, or after `wait` ms. */
  submit(bytes: Uint8Array, wait: number | null): Promise<SubmitResult>;
  /** Why any submission would be refused now, whatever it is, for want of room; null: there is some. */
  full(): Refusal | null;
  /** Pending here: taken in, not executed. */
  isPending(id: Uint8Array): boolean;
  /**
   * To be waited for before `signedCheckpoint` and `receipt`: the log line of the checkpoint by which a block is proven, which
   * a node without a vote asks validators for. True at once if none is lacking; false if none came.
   */
  prepare(height: number): true | Promise<boolean>;
  /** The signed checkpoint of a certified height (log line first, q cosignatures): the note that is served. */
  signedCheckpoint(height: number): Uint8Array | null;
  /** What blocks recorded and refused, from a place in the bodies of one on, at most `limit`; none may be at the base or below. */
  executed(from: BodyPlace, limit: number): ExecutedPage;
  /** What leads from the genesis to an epoch that has begun, as proofs carry it; null for epoch 0. */
  handovers(epoch: number): readonly Handover[] | null;
  /** The receipt of a final record at the first certified checkpoint at or above its block, or above `from`; null: none yet. */
  receipt(index: number, from?: number): Uint8Array | null;
  /** Called after each final block with its height; gives the way to stop it. */
  onFinal(listener: (height: number) => void): () => void;
}
