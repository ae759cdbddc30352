import {
  type Digest,
  type FileRole,
  invariant,
  type Lang,
  publisherValueCodec,
  type Verdict,
} from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import { carriersOf } from '../carriers.ts';
import { certifiedHeight, checkpointAt, leafAt, stateValue } from '../state.ts';
import { profileNow, roleNow, subjectVerdict } from '../subject-verdict.ts';

/** What a badge says of a file: its first record, or that of the publisher asked for, and where the subject of that stands. */
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
  /** Publishers that recorded it. */
  readonly publishers: number;
  readonly verdict: Verdict;
  /** What the file is to its subject. */
  readonly role: FileRole;
  /** The action of the record, by its title or, where the profile has none of that name, by its name. */
  readonly action: Readonly<Record<Lang, string>>;
}

/** Looks a file up, as a publisher recorded it or whoever did first; `now` in ms decides on periods of validity. */
export function badgeFacts(
  service: NodeService,
  digest: Digest,
  issuer: string | null,
  now: number,
): BadgeFacts {
  const { ledger } = service;
  const height = certifiedHeight(ledger);
  const size = height === null ? 0 : checkpointAt(ledger, height)!.size;
  const { index, count, publishers } = carriersOf(service, digest, issuer, size);
  if (index === null) return { digest, record: null };
  const leaf = leafAt(ledger, index);
  invariant(leaf !== null, 'a record of a digest is in the log');
  const { profile, subject, action } = leaf.entry.value;
  const deed = profileNow(service, profile)?.actions.find(({ name }) => name === action);
  const publisher = stateValue(service, publisherValueCodec, 'publisher', leaf.publisher);
  return {
    digest,
    record: {
      index,
      height: leaf.height,
      time: leaf.time,
      publisher: publisher?.name ?? leaf.publisher,
      count,
      publishers: publishers.length,
      verdict: subjectVerdict(service, { profile, ...subject }, now),
      role: roleNow(service, index, leaf),
      action: deed?.title ?? { zh: action, en: action },
    },
  };
}
