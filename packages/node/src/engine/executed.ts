import { type BodyPlace, decodeSubmission, type Hasher, invariant } from '@qifeng/core';
import { wiresOf } from '../mempool/batch.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import type { ExecutedPage, ExecutedSubmission } from '../ports/node-service.ts';

/** Blocks looked at, and entries decoded, for one page at most: more would hold up the node's votes. */
const MOST_BLOCKS = 1024;
const MOST_ENTRIES = 1024;

/**
 * What executed blocks made of the submissions in their bodies, from a place on: those that they recorded or refused. A page
 * may be short, or empty, before the last.
 */
export function executedFrom(
  ledger: Pick<LedgerReader, 'head' | 'header' | 'batch' | 'outcome'>,
  hasher: Hasher,
  from: BodyPlace,
  limit: number,
): ExecutedPage {
  const head = ledger.head()?.header.height ?? 0;
  const submissions: ExecutedSubmission[] = [];
  let entries = 0;
  let { height, position } = from;
  for (let blocks = 0; height <= head; height++, position = 0) {
    if (blocks++ === MOST_BLOCKS) return { submissions, next: { height, position } };
    let first = 0;
    for (const digest of ledger.header(height)!.batches) {
      const bytes = ledger.batch(digest);
      const wires = bytes === null ? null : wiresOf(bytes);
      invariant(wires?.ok === true, 'the bodies of an executed block are in the store');
      for (; position < first + wires.value.length; position++) {
        if (submissions.length >= limit || entries >= MOST_ENTRIES)
          return { submissions, next: { height, position } };
        const submission = decodeSubmission(wires.value[position - first]!, hasher);
        invariant(submission.ok, 'a submission in an executed block is well-formed');
        entries += submission.value.entries.length;
        const outcome = ledger.outcome(submission.value.id);
        // Else it was dropped here, or is a repeat of one in an earlier block.
        if (outcome?.height === height) submissions.push({ submission: submission.value, outcome });
      }
      first += wires.value.length;
    }
  }
  return { submissions, next: null };
}
