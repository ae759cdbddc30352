import type { Asked, Digest, Inspection, Receipt, VerifiedReceipt } from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import type { Inbound } from '../../../succession/inbound.ts';
import type { LinkTitles } from '../../record-words.ts';
import type { Trail } from '../history/provenance.ts';
import type { QrCode } from '../info/qr.ts';
import type { ProvenStanding, StandingReason } from '../verify/report.ts';

/** What was examined beside the receipt. */
export type Examined =
  /** A file: its name without folders, and the digest that was worked out over its bytes. */
  | { readonly kind: 'file'; readonly name: string; readonly bytes: number; readonly digest: Digest }
  /** No file, but the digest of one, which was given. */
  | { readonly kind: 'digest'; readonly digest: Digest }
  /** Nothing: the record alone, with the digest that it carries, or that its receipt opens, if any. */
  | { readonly kind: 'record'; readonly digest: Digest | null };

/** The receipt that the examination is by, which verifies. */
export interface ExaminedReceipt {
  readonly name: string;
  /** Whether a node gave it: it is in no file yet. */
  readonly fetched: boolean;
  readonly bytes: Uint8Array;
  readonly parts: Receipt;
  readonly inspection: Inspection;
  readonly verified: VerifiedReceipt;
}

/** Where the subject stands and what its records are, as far as they were asked for and are proven. */
export interface CurrentEvidence {
  readonly standing: ProvenStanding | StandingReason;
  /** Null where no node was asked, or none answered. */
  readonly history: Trail<Asked<'subject'>> | null;
  /** What other records say of the subject; null where that is not known. */
  readonly inbound: Inbound | null;
}

/** All that a report says, gathered and verified before any of it is written. */
export interface Evidence extends CurrentEvidence {
  readonly examined: Examined;
  readonly receipt: ExaminedReceipt;
  /** Titles of the records that those in the report link to. */
  readonly linkTitles: LinkTitles;
  /** What the chain's profiles and publishers are called; with the chain. */
  readonly names: Names;
  /** Null for a receipt that is too long and of which no node's address is known. */
  readonly qr: QrCode | null;
  /** Time of the report, in ms. */
  readonly madeAt: number;
  /** Version of the software that verified. */
  readonly version: string;
}
