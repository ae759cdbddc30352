import type { CliError, Fault, StandingView, VerifiedReceipt } from '@qifeng/core';
import type { AsOf } from '../../../sdk/answers.ts';

/** Why there is no current standing: not asked for, nobody to ask, no answer, an old one, or none that has this record. */
export type StandingReason = 'offline' | 'no-node' | 'no-answer' | 'too-old' | 'not-listed';

/** Where the subject of a record stands, by the word of a node: nothing proves it yet. */
export interface StandingWord {
  readonly node: string;
  readonly standing: StandingView;
  readonly asOf: AsOf;
}

/** What came of one file: verified, a false or malformed proof, or nothing to verify with. */
export type FileReport = { readonly file: string; readonly receipt: string } & (
  | {
      readonly kind: 'verified';
      readonly verified: VerifiedReceipt;
      readonly standing: StandingWord | StandingReason;
    }
  | { readonly kind: 'refuted'; readonly fault: Fault }
  | { readonly kind: 'unusable'; readonly error: CliError }
);
