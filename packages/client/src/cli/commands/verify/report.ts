import type { Fault, VerifiedReceipt } from '@qifeng/core';
import type { CliError } from '../../exit.ts';

/** Why the current standing was not asked for. */
export type StandingReason = 'offline' | 'no-node' | 'not-available';

/** What came of one file: verified, a false or malformed proof, or nothing to verify with. */
export type FileReport = { readonly file: string; readonly receipt: string } & (
  | { readonly kind: 'verified'; readonly verified: VerifiedReceipt }
  | { readonly kind: 'refuted'; readonly fault: Fault }
  | { readonly kind: 'unusable'; readonly error: CliError }
);
