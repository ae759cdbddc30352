import type { Rate } from '../limits/token-bucket.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What a mempool takes in. Amounts that wait are weights: see `weightOf`. */
export interface MempoolLimits {
  /** Of what this node took in from clients. */
  readonly own: number;
  /** Of everything, batches of other members included. */
  readonly all: number;
  /** What one publisher may have waiting of what this node took in, and hand in: submissions and their bytes. */
  readonly publisher: { readonly pending: number; readonly submissions: Rate; readonly bytes: Rate };
}

/** What an operator sets: MiB that may wait, and of one publisher; its submissions and KiB a second. */
export interface MempoolSettings {
  readonly pending: number;
  readonly publisher: number;
  readonly rate: number;
  readonly bytes: number;
}

/** Seconds of its rate that a publisher may hand in at once. */
const BURST_SECONDS = 4;

/** The limits that an operator set. */
export function mempoolLimits({ pending, publisher, rate, bytes }: MempoolSettings): MempoolLimits {
  return {
    own: pending * MIB,
    all: 2 * pending * MIB,
    publisher: {
      pending: publisher * MIB,
      submissions: { perSecond: rate, burst: BURST_SECONDS * rate },
      bytes: { perSecond: bytes * KIB, burst: BURST_SECONDS * bytes * KIB },
    },
  };
}

/**
 * The limits of a node that is told nothing else. `own` is some 5 s of the highest pace with small submissions; at a lower
 * pace less may wait (see `Weights`), as what waits longer would be given up by its client. A publisher has half of what
 * may wait, so that none keeps all the others out.
 */
export const DEFAULT_MEMPOOL_LIMITS = mempoolLimits({ pending: 32, publisher: 16, rate: 5000, bytes: 8192 });

/** What one record weighs besides its bytes: small ones too have to be remembered, checked and executed. */
const WEIGHT_OF_ONE = KIB;

/** What so many bytes of submissions with so many records weigh. */
export function weightOf(bytes: number, records: number): number {
  return bytes + WEIGHT_OF_ONE * records;
}
