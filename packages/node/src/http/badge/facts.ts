import {
  type Digest,
  digestValueCodec,
  equalBytes,
  invariant,
  publisherValueCodec,
  subjectValueCodec,
  type Verdict,
} from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import { certifiedHeight, checkpointAt, leafAt, requireHeld, stateValue } from '../state.ts';
import { subjectVerdict } from '../subject-verdict.ts';

/** What a badge says of a file: its first record, and where the subject of that stands. */
export interface BadgeFacts {
  readonly digest: Digest;
  /** Null where no final record carries the digest. */
  readonly record: BadgeRecord | null;
}

/** The first record of a file. */
export interface BadgeRecord {
  readonly index: number;
  readonly height: number;
  /** Block time, ms. */
  readonly time: number;
  readonly publisher: string;
  /** Records of the same file. */
  readonly count: number;
  readonly verdict: Verdict;
  /** The subject goes by this very file, and not by a later one. */
  readonly current: boolean;
}

/** Looks a file up; `now` in ms decides on periods of validity. */
export function badgeFacts(service: NodeService, digest: Digest, now: number): BadgeFacts {
  const { ledger } = service;
  const known = stateValue(service, digestValueCodec, 'digest', digest.alg, digest.hash);
  const height = certifiedHeight(ledger);
  const size = height === null ? 0 : checkpointAt(ledger, height)!.size;
  if (known === null || known.first >= size) return { digest, record: null };
  requireHeld(service, known.first);
  const leaf = leafAt(ledger, known.first);
  invariant(leaf !== null, 'the first record of a digest is in the log');
  const { profile, subject } = leaf.entry.value;
  const value = stateValue(service, subjectValueCodec, 'subject', profile, subject.issuer, subject.id);
  const publisher = stateValue(service, publisherValueCodec, 'publisher', leaf.publisher);
  return {
    digest,
    record: {
      index: known.first,
      height: leaf.height,
      time: leaf.time,
      publisher: publisher?.name ?? leaf.publisher,
      count: known.count,
      verdict: subjectVerdict(service, { profile, ...subject }, now),
      current: value?.digest?.alg === digest.alg && equalBytes(value.digest.hash, digest.hash),
    },
  };
}
