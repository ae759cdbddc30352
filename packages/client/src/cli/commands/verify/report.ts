import {
  type CliError,
  EXIT,
  type ExitCode,
  type Fault,
  type VerifiedReceipt,
  type VerifiedStatus,
} from '@qifeng/core';

import type { Inbound } from '../../../succession/inbound.ts';

/**
 * Why there is no current standing: not asked for, nobody to ask, no answer, a proof older than the bound or than the
 * record, or one that does not verify.
 */
export type StandingReason = 'offline' | 'no-node' | 'no-answer' | 'too-old' | 'not-proven';

/** Where the subject of a record stands, by a verified status proof. */
export interface ProvenStanding {
  /** The node that gave the proof; null where it came from a file. */
  readonly node: string | null;
  readonly status: VerifiedStatus<'subject'>;
}

/** What came of one file: verified, a false or malformed proof, or nothing to verify with. */
export type FileReport = { readonly file: string; readonly receipt: string } & (
  | {
      readonly kind: 'verified';
      readonly verified: VerifiedReceipt;
      readonly standing: ProvenStanding | StandingReason;
      /** What other records say of the subject; null where nobody was asked, or nothing can be said. */
      readonly inbound: Inbound | null;
    }
  /** `verified` is what a receipt proves all the same, where its document alone is not what was asked for. */
  | { readonly kind: 'refuted'; readonly fault: Fault; readonly verified?: VerifiedReceipt }
  | { readonly kind: 'unusable'; readonly error: CliError }
);

/** 1 if any proof is false, else 2 if anything is missing, else 0. */
export function exitOf(reports: readonly FileReport[]): ExitCode {
  if (reports.some(({ kind }) => kind === 'refuted')) return EXIT.refuted;
  return reports.every(({ kind }) => kind === 'verified') ? EXIT.done : EXIT.usage;
}
