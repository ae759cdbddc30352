import type { BlockRef } from './config.ts';

/** A block as the protocol sees it: its header with hashes in lowercase hex, and its own hash. */
export interface Block {
  readonly hash: string;
  readonly height: number;
  readonly parent: string;
  readonly proposer: string;
  readonly epoch: number;
  readonly timestamp: number;
  readonly batches: readonly string[];
  readonly barrier: boolean;
}

/** The two votes of the normal case. */
export type VoteKind = 'prepare' | 'commit';

/** What a PREPARE or COMMIT says. Both sign their kind, so neither is ever the other. */
export interface Vote {
  readonly kind: VoteKind;
  readonly epoch: number;
  readonly view: number;
  readonly height: number;
  readonly hash: string;
}

/** A vote with its signer's position and verified signature. */
export interface SignedVote extends Vote {
  readonly signer: number;
  readonly signature: Uint8Array;
}

/** One signature of a certificate. */
export interface CertificateSignature {
  readonly signer: number;
  readonly signature: Uint8Array;
}

/** q votes of one kind, view, height and hash by different signers, in signer order. */
export interface VoteCertificate extends Vote {
  readonly signatures: readonly CertificateSignature[];
}

/** PRE-PREPARE: a block with its proposer's ordinary PREPARE; nothing else in it is signed. */
export interface Proposal {
  readonly view: number;
  readonly block: Block;
  readonly signer: number;
  readonly signature: Uint8Array;
}

/** A C2SP cosignature of a checkpoint text; `time` in seconds. */
export interface CheckpointVote {
  readonly epoch: number;
  readonly height: number;
  readonly hash: string;
  readonly text: string;
  readonly signer: number;
  readonly time: number;
  readonly signature: Uint8Array;
}

/** q cosignatures of one checkpoint text: the block and all below it are final. */
export interface CheckpointCertificate {
  readonly epoch: number;
  readonly height: number;
  readonly hash: string;
  readonly text: string;
  readonly signatures: readonly (CertificateSignature & { readonly time: number })[];
}

/** What a VIEW-CHANGE says: the view asked for, and the strongest things its signer holds. */
export interface ViewChangeBody {
  readonly epoch: number;
  readonly newView: number;
  readonly high: VoteCertificate | null;
  readonly checkpoint: CheckpointCertificate | null;
}

/** VIEW-CHANGE with its signer. */
export interface ViewChange extends ViewChangeBody, CertificateSignature {}

/** What a NEW-VIEW says: the VIEW-CHANGEs from which everybody works out the tip. */
export interface NewViewBody {
  readonly epoch: number;
  readonly view: number;
  readonly viewChanges: readonly ViewChange[];
}

/** NEW-VIEW with its signer. */
export interface NewView extends NewViewBody, CertificateSignature {}

/** Two things that one honest signer never signs both. Self-contained: its signatures convict whoever made them. */
export type Evidence =
  | { readonly type: 'votes'; readonly first: SignedVote; readonly second: SignedVote }
  | { readonly type: 'checkpoints'; readonly first: CheckpointVote; readonly second: CheckpointVote };

/** Where a replica stands; it pulls what the others have beyond it. */
export interface Status {
  readonly epoch: number;
  readonly view: number;
  readonly asked: number;
  /** Highest height accepted in `view`. */
  readonly accepted: number;
  readonly committed: number;
  readonly final: number;
}

/** A request for headers: the block `hash` and its ancestors above height `above`. */
export interface HeaderRequest {
  readonly hash: string;
  readonly above: number;
}

/** Everything replicas say to each other, signatures and hashes checked before it becomes an input. */
export type Message =
  | { readonly type: 'proposal'; readonly proposal: Proposal }
  | { readonly type: 'vote'; readonly vote: SignedVote }
  | { readonly type: 'view-change'; readonly viewChange: ViewChange }
  | { readonly type: 'new-view'; readonly newView: NewView }
  | { readonly type: 'checkpoint-vote'; readonly vote: CheckpointVote }
  | { readonly type: 'commit-certificate'; readonly certificate: VoteCertificate }
  | { readonly type: 'checkpoint-certificate'; readonly certificate: CheckpointCertificate }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'evidence'; readonly evidence: Evidence }
  | { readonly type: 'header-request'; readonly request: HeaderRequest }
  | { readonly type: 'headers'; readonly blocks: readonly Block[] };

/** The block a certificate is about. */
export function refOf(of: { readonly height: number; readonly hash: string }): BlockRef {
  return { height: of.height, hash: of.hash };
}

/** The ordinary PREPARE that a proposal carries; it counts though every other message be lost. */
export function prepareOf({ view, block, signer, signature }: Proposal): SignedVote {
  const { epoch, height, hash } = block;
  return { kind: 'prepare', epoch, view, height, hash, signer, signature };
}

/** The epoch whose set must have signed the message; null for what is unsigned. */
export function epochOf(message: Message): number | null {
  switch (message.type) {
    case 'proposal':
      return message.proposal.block.epoch;
    case 'vote':
    case 'checkpoint-vote':
      return message.vote.epoch;
    case 'view-change':
      return message.viewChange.epoch;
    case 'new-view':
      return message.newView.epoch;
    case 'commit-certificate':
    case 'checkpoint-certificate':
      return message.certificate.epoch;
    case 'evidence':
      return message.evidence.first.epoch;
    case 'status':
    case 'header-request':
    case 'headers':
      return null;
  }
}
