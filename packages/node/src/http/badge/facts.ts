import {
  type Digest,
  digestValueCodec,
  type FileRole,
  invariant,
  type Lang,
  publisherValueCodec,
  type Verdict,
} from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import { certifiedHeight, checkpointAt, leafAt, requireHeld, stateValue } from '../state.ts';
import { profileNow, roleNow, subjectVerdict } from '../subject-verdict.ts';

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
  /** What the file is to its subject. */
  readonly role: FileRole;
  /** The action of the record, by its title or, where the profile has none of that name, by its name. */
  readonly action: Readonly<Record<Lang, string>>;
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
  const { profile, subject, action } = leaf.entry.value;
  const deed = profileNow(service, profile)?.actions.find(({ name }) => name === action);
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
      role: roleNow(service, known.first, leaf),
      action: deed?.title ?? { zh: action, en: action },
    },
  };
}
