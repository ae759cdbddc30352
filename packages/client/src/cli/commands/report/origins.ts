import { type Origin, sameDigest } from '@qifeng/core';
import type { Evidence } from './evidence.ts';

/** An origin of the file, and the record that states it. */
interface StatedOrigin {
  readonly index: number;
  readonly publisher: string;
  readonly origin: Origin;
}

/**
 * What is recorded about how the file came about: by the examined record, and, where the history is known, by the other
 * records of the same file, such as its first deposit. Each is verified.
 */
export function statedOrigins({
  receipt: { verified },
  examined,
  history,
}: Evidence): readonly StatedOrigin[] {
  const { index, leaf, disclosed } = verified;
  const own = (disclosed ?? leaf.entry.value).origin;
  const { digest: mine } = examined;
  const here = own === null ? [] : [{ index, publisher: leaf.publisher, origin: own }];
  const others = (history?.records ?? []).flatMap(({ record }) => {
    const { origin, digest } = record.leaf.entry.value;
    const same = record.index !== index && digest !== null && mine !== null && sameDigest(digest, mine);
    return origin !== null && same ? [{ index: record.index, publisher: record.leaf.publisher, origin }] : [];
  });
  return [...here, ...others];
}
