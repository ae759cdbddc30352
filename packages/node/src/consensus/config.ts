import { faultsTolerated, quorum } from '@qifeng/core';

/** A block by height and hash (lowercase hex). */
export interface BlockRef {
  readonly height: number;
  readonly hash: string;
}

/** Delays in milliseconds of virtual or real time. */
export interface Timing {
  /** First progress timeout; doubles with each failed view and returns here after W commits. */
  readonly baseTimeout: number;
  readonly maxTimeout: number;
  /** Period of STATUS. */
  readonly status: number;
  /** A block is made at least this often, so that standing stays fresh. */
  readonly heartbeat: number;
  /** How far apart the clocks of honest replicas are at most. */
  readonly precision: number;
  /** How long a header is under way at most, before any view failed. */
  readonly delay: number;
  /** A batch unordered for this long is sent to all again; after as long again its leader is judged by it. */
  readonly overdue: number;
  /** Time with work waiting over which a leader's rate is measured. */
  readonly rateWindow: number;
}

/** What one replica knows of its epoch: fixed while the epoch lasts. */
export interface Config {
  readonly epoch: number;
  /** Member codes in order; a position in this list is a signer's only identity. */
  readonly validators: readonly string[];
  /** This replica's position. */
  readonly me: number;
  /** False for an observer and for a key whose memory is lost: it follows, and signs nothing. */
  readonly votes: boolean;
  /** The epoch's base: height 0 and the genesis hash, or the last barrier block. */
  readonly base: BlockRef & { readonly timestamp: number };
  /** W: blocks in flight above the last final one. */
  readonly window: number;
  /** K: blocks one leader proposes before the next takes over within a view. */
  readonly term: number;
  /** Uncommitted blocks in flight, 1 to W, above which only a full block is proposed: work gathers meanwhile. */
  readonly depth: number;
  /** Batches in one block at most: what its leader puts in. */
  readonly maxBatches: number;
  /** Bytes of the bodies of one block at most, the same on every replica: one of more is never PREPAREd. */
  readonly maxBytes: number;
  /** Weight above which a leader adds no further batch: a block holds everybody up while it executes. */
  readonly fill: number;
  readonly timing: Timing;
}

/** The delays of consensus.md. */
export const DEFAULT_TIMING: Timing = {
  baseTimeout: 1_000,
  maxTimeout: 30_000,
  status: 500,
  heartbeat: 10_000,
  precision: 500,
  delay: 2_000,
  overdue: 10_000,
  rateWindow: 2_000,
};

/** Validators in the set. */
export function size(config: Config): number {
  return config.validators.length;
}

/** Votes that make a certificate. */
export function quorumOf(config: Config): number {
  return quorum(config.validators.length);
}

/** f: validators that may be faulty. */
export function faultsOf(config: Config): number {
  return faultsTolerated(config.validators.length);
}

/** Position of the validator that sends NEW-VIEW of a view. */
export function viewLeader(config: Config, view: number): number {
  return view % size(config);
}

/**
 * Position of the only validator that may propose a fresh block at `height` in `view`:
 * V[(v + floor((h-1-t)/K)) mod n], t the height of the tip of the view's NEW-VIEW.
 */
export function proposerOf(config: Config, view: number, height: number, tipHeight: number): number {
  return (view + Math.floor((height - 1 - tipHeight) / config.term)) % size(config);
}
