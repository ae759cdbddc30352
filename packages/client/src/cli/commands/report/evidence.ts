import type { Asked, Chain, Digest, Inspection, Receipt, VerifiedReceipt } from '@qifeng/core';
import type { Trail } from '../history/provenance.ts';
import type { QrCode } from '../info/qr.ts';
import type { ProvenStanding, StandingReason } from '../verify/report.ts';

/** The file that was examined: its name without folders, and the digest that was worked out over its bytes. */
export interface ExaminedFile {
  readonly name: string;
  readonly bytes: number;
  readonly digest: Digest;
}

/** The receipt that it was examined by, which verifies. */
export interface ExaminedReceipt {
  readonly name: string;
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
}

/** All that a report says, gathered and verified before any of it is written. */
export interface Evidence extends CurrentEvidence {
  readonly file: ExaminedFile;
  readonly receipt: ExaminedReceipt;
  readonly chain: Chain;
  /** Null for a receipt that is too long and of which no node's address is known. */
  readonly qr: QrCode | null;
  /** Time of the report, in ms. */
  readonly madeAt: number;
  /** Version of the software that verified. */
  readonly version: string;
}
