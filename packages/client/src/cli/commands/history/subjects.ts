import { type Asked, subjectText } from '@qifeng/core';
import type { SubjectAnswer } from '../../../sdk/answers.ts';
import type { Inbound } from '../../../succession/inbound.ts';
import { inboundOf } from './inbound.ts';
import { type Sources, type Trail, trailOf } from './provenance.ts';

/** A subject's records, and where it stands by the node's word where nothing proves it. */
export interface SubjectTrail extends Trail<Asked<'subject'>> {
  readonly word: SubjectAnswer | null;
  /** What other records say of it; null where nothing can be said. */
  readonly inbound: Inbound | null;
}

/** What `history` found: the records asked for, and of a digest the whole history of each subject they are of. */
export interface History {
  readonly trail: Trail;
  readonly subjects: readonly SubjectTrail[];
}

/** `trailOf` a subject, with its standing and what other records say of it. */
export async function subjectTrail(asked: Asked<'subject'>, sources: Sources): Promise<SubjectTrail> {
  const trail = await trailOf(asked, sources);
  const word = trail.status === null ? await sources.client.subject(asked.profile, asked.subject) : null;
  return { ...trail, word, inbound: await inboundOf(asked, sources, trail) };
}

/** The subjects of a history's records, each once; those of the last records first. */
export function subjectsOf({ records }: Trail): readonly Asked<'subject'>[] {
  const subjects = new Map<string, Asked<'subject'>>();
  for (const { record } of records.toReversed()) {
    const { profile, subject } = record.leaf.entry.value;
    const named = { kind: 'subject', profile, subject } as const;
    if (!subjects.has(subjectText(named))) subjects.set(subjectText(named), named);
  }
  return [...subjects.values()];
}
