import type { Config } from './config.ts';
import type {
  Block,
  CheckpointCertificate,
  Evidence,
  Message,
  NewView,
  NewViewBody,
  ViewChangeBody,
  Vote,
  VoteCertificate,
} from './messages.ts';

/** What must be on disk, synced, before anything later in the same batch leaves the replica. */
export type WalRecord =
  /** First in the log of every epoch but the first: what the epoch stands on. */
  | { readonly type: 'epoch'; readonly epoch: number; readonly base: Config['base'] }
  | { readonly type: 'accept'; readonly view: number; readonly block: Block }
  | { readonly type: 'prepared'; readonly certificate: VoteCertificate }
  | { readonly type: 'view-change'; readonly body: ViewChangeBody }
  | { readonly type: 'new-view-sent'; readonly body: NewViewBody }
  | { readonly type: 'new-view'; readonly message: NewView }
  | {
      readonly type: 'cosign';
      readonly height: number;
      readonly hash: string;
      readonly text: string;
      readonly time: number;
    }
  | { readonly type: 'checkpoint'; readonly certificate: CheckpointCertificate };

/** Something to sign with the validator key. The signed thing goes to all peers and comes back as a message. */
export type ToSign =
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'proposal'; readonly view: number; readonly block: Block }
  | { readonly type: 'view-change'; readonly body: ViewChangeBody }
  | { readonly type: 'new-view'; readonly body: NewViewBody }
  | {
      readonly type: 'cosignature';
      readonly height: number;
      readonly hash: string;
      readonly text: string;
      readonly time: number;
    };

/**
 * Why a replica asks for a later view: nothing came of what waits, no NEW-VIEW came, the leader is slow or leaves something
 * out (`leader-watch.ts`), or f+1 others ask.
 */
export type AskReason = 'no-progress' | 'no-new-view' | 'slow-leader' | 'censoring-leader' | 'others-ask';

/**
 * What a step asks of its host. The outputs of one step are one ordered batch: first every `persist`, then one sync,
 * then the rest in order. Nothing may be sent or delivered before the sync has returned.
 */
export type Output =
  | { readonly type: 'persist'; readonly record: WalRecord }
  | { readonly type: 'sign'; readonly what: ToSign }
  | { readonly type: 'send'; readonly to: number | 'all'; readonly message: Message }
  /** Answer a header request: `blocks` from memory, then from the store the ancestors of the last, above `above`. */
  | {
      readonly type: 'send-headers';
      readonly to: number;
      readonly blocks: readonly Block[];
      readonly next: string;
      readonly above: number;
    }
  /** Send the checkpoint certificate of the last block of `epoch`, which is over: the peer still is in it. */
  | { readonly type: 'send-handover'; readonly to: number; readonly epoch: number }
  /** Get the bodies of this block and answer with `bodies`. */
  | { readonly type: 'need-bodies'; readonly block: Block }
  /** Execute this block (heights strictly in order), sync, and answer with `executed`. */
  | { readonly type: 'execute'; readonly block: Block }
  /** Everything up to this certificate's height is final: tell clients. */
  | { readonly type: 'final'; readonly certificate: CheckpointCertificate }
  /** Somebody signed two things that exclude each other: keep it, once a signer. */
  | { readonly type: 'evidence'; readonly evidence: Evidence }
  /** This replica asks for `view` in place of one that the validator at position `leader` leads: for whoever watches. */
  | {
      readonly type: 'asks';
      readonly epoch: number;
      readonly view: number;
      readonly leader: number;
      readonly reason: AskReason;
    }
  /** This replica contradicts a certificate: stop, loudly. */
  | { readonly type: 'diverged'; readonly reason: string };
