import {
  type FileRole,
  fileRole,
  type Leaf,
  type Profile,
  profileCodec,
  subjectValueCodec,
  type Verdict,
  verdictOf,
} from '@qifeng/core';
import type { NodeService } from '../ports/node-service.ts';
import { leafAt, type SubjectPath, stateValue } from './state.ts';

/** The profile of this name in the state of the last executed block. */
export function profileNow(service: NodeService, name: string): Profile | null {
  return stateValue(service, profileCodec, 'profile', name);
}

/** What a subject's standing comes to in the state of the last executed block, at a time in ms. */
export function subjectVerdict(
  service: NodeService,
  { profile, issuer, id }: SubjectPath,
  now: number,
): Verdict {
  const value = stateValue(service, subjectValueCodec, 'subject', profile, issuer, id);
  const last = value === null ? null : leafAt(service.ledger, value.head);
  return verdictOf(value, last, profileNow(service, profile), now);
}

/** What the file of a record is to its subject in the state of the last executed block. */
export function roleNow(service: NodeService, index: number, leaf: Leaf): FileRole {
  const { profile, subject } = leaf.entry.value;
  const value = stateValue(service, subjectValueCodec, 'subject', profile, subject.issuer, subject.id);
  return fileRole({ index, leaf }, value, profileNow(service, profile));
}
