import { profileCodec, subjectValueCodec, type Verdict, verdictOf } from '@qifeng/core';
import type { NodeService } from '../ports/node-service.ts';
import { leafAt, type SubjectPath, stateValue } from './state.ts';

/** What a subject's standing comes to in the state of the last executed block, at a time in ms. */
export function subjectVerdict(
  service: NodeService,
  { profile, issuer, id }: SubjectPath,
  now: number,
): Verdict {
  const value = stateValue(service, subjectValueCodec, 'subject', profile, issuer, id);
  const last = value === null ? null : leafAt(service.ledger, value.head);
  return verdictOf(value, last, stateValue(service, profileCodec, 'profile', profile), now);
}
