import { MAX_ENTRIES, MAX_SUBMISSION_BYTES } from '@qifeng/core';
import { type Item, subjectKey } from './item.ts';

/** Bounds of one submission. */
export interface GroupLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** Entries under one signature: a block takes several such, and one refusal repeats little (interfaces allow 1,024). */
export const DEFAULT_GROUP: GroupLimits = { entries: 256, bytes: MAX_SUBMISSION_BYTES };
/** Header, signature and list heads take 268 bytes at most (submission.ts); rounded up. */
const FRAME_BYTES = 512;

/** Items in submissions, in order: within the limits, and no subject twice in one. */
export function groupItems(items: readonly Item[], limits: GroupLimits = DEFAULT_GROUP): Item[][] {
  const groups: Item[][] = [];
  let open: Item[] = [];
  let bytes = FRAME_BYTES;
  let subjects = new Set<string>();
  for (const item of items) {
    const key = subjectKey(item.entry);
    const full = open.length >= Math.min(limits.entries, MAX_ENTRIES);
    if (open.length > 0 && (full || bytes + item.bytes.length > limits.bytes || subjects.has(key))) {
      groups.push(open);
      open = [];
      bytes = FRAME_BYTES;
      subjects = new Set();
    }
    open.push(item);
    bytes += item.bytes.length;
    subjects.add(key);
  }
  if (open.length > 0) groups.push(open);
  return groups;
}

/** How long after `expires` a block may still hold the submission that a lagging node does not show yet. */
const GRACE_MS = 120_000;

/**
 * What to do with a submission that the journal holds without outcome. Before it expires the same bytes are sent again:
 * at most one of them is ever recorded. Later only a node's memory tells.
 */
export function resumeStep(expires: number, now: number): 'send' | 'ask' {
  return now < expires ? 'send' : 'ask';
}

/** Whether a submission that no node knows can no longer be recorded, so that its files may be signed anew. */
export function isForgotten(expires: number, now: number): boolean {
  return now >= expires + GRACE_MS;
}

/** What of a refused submission is refused for good, and what is sent again without it. */
export function afterRefusal<T>(
  items: readonly T[],
  entry: number | null,
): { readonly refused: readonly T[]; readonly again: readonly T[] } {
  if (entry === null || entry >= items.length) return { refused: items, again: [] };
  return { refused: [items[entry]!], again: items.filter((_, i) => i !== entry) };
}
