import { type BodyPlace, bodyPlaceParam } from '@qifeng/core';
import { AuditFault } from './fault.ts';
import type { ExecutedPage, NodeReader } from './node-reader.ts';

/** A submission as a node tells of it; only what it is checked against makes it more than a word. */
export type Executed = ExecutedPage['submissions'][number];

/**
 * What a node's blocks up to a height made of their submissions, in the order of execution, a page read ahead. Faults, thrown:
 * `submission-mismatch` (out of order, pages that lead nowhere).
 */
export async function* submissionsOf(reader: NodeReader, height: number): AsyncGenerator<Executed, void> {
  let from: BodyPlace | null = { height: 1, position: 0 };
  let coming = reader.executed(from);
  let last = 0;
  while (from !== null) {
    const page = await coming;
    const next = nextPlace(from, page.next);
    from = next !== null && next.height <= height ? next : null;
    if (from !== null) {
      coming = reader.executed(from);
      // Whoever stops listening must not leave a rejection that nobody takes.
      coming.catch(() => {});
    }
    for (const item of page.submissions) {
      if (item.height < last)
        throw new AuditFault('submission-mismatch', `block ${item.height} after ${last}`);
      last = item.height;
      if (last > height) return;
      yield item;
    }
  }
}

function nextPlace(from: BodyPlace, told: string | null): BodyPlace | null {
  if (told === null) return null;
  const next = bodyPlaceParam.parse(told);
  const goesOn =
    next !== null &&
    (next.height > from.height || (next.height === from.height && next.position > from.position));
  if (!goesOn)
    throw new AuditFault('submission-mismatch', `after the page at ${bodyPlaceParam.format(from)}: ${told}`);
  return next;
}
