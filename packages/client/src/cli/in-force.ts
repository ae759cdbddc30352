import {
  type FileRole,
  type HeldRecord,
  type Result,
  type Verdict,
  type VerifiedStatus,
  verifyInForce,
} from '@qifeng/core';
import type { Names } from '../register/register.ts';
import { verdictWith } from './verdicts.ts';

/** What a proven standing and the receipt in hand come to together. */
export interface Judged {
  /**
   * The verdict, by the dates too that a sealed record's receipt shows; `superseded` for the record of an earlier text,
   * `enclosure` for that of a file that was never the text.
   */
  readonly word: Verdict['word'] | 'enclosure';
  /** Dates of a sealed subject that nothing shows, by the names of their fields. */
  readonly unknown: readonly string[];
  /** That it is in force. Faults: those of `verifyInForce`. */
  readonly inForce: Result<void>;
}

/**
 * Judges whether a subject is in force by its proven standing and `held`, the receipt of one of its records: the last one, as
 * the proof has it, unless another is given. `role` says what its file is to the subject.
 */
export function judgeInForce(
  status: VerifiedStatus<'subject'>,
  names: Names,
  role: FileRole,
  held: HeldRecord | null = status.last,
): Judged {
  const { verdict: judged, undisclosed } = verdictWith(status, names, held);
  return {
    word:
      role === 'enclosed' ? 'enclosure' : judged.inForce && role === 'earlier' ? 'superseded' : judged.word,
    unknown: undisclosed,
    inForce: verifyInForce(judged, role, undisclosed),
  };
}
