import type { Names } from '@qifeng/client';
import { askedText, digestText, isStatus, type VerifiedStatus, verdictOf } from '@qifeng/core';
import type { StandingFacts } from './facts.ts';
import { cosignerFacts, profileIn, publisherFacts, recordFacts, same } from './record-facts.ts';

/** What the page shows of a verified status proof, by the clock `now`, in ms. */
export function standingFacts(status: VerifiedStatus, names: Names, now: number): StandingFacts {
  const { asked, asOf, checkpoint, cosigners, validators, last } = status;
  return {
    about: askedText(asked),
    asOf,
    age: Math.max(0, now - asOf),
    height: checkpoint.height,
    size: checkpoint.size,
    cosigners: cosignerFacts(cosigners, names.chain),
    of: validators,
    last: last && recordFacts(last, names, now),
    holds: holdsOf(status, names),
  };
}

function holdsOf(status: VerifiedStatus, names: Names): StandingFacts['holds'] {
  if (isStatus(status, 'digest')) return { kind: 'digest', value: status.value };
  if (isStatus(status, 'publisher')) {
    const { value } = status;
    return {
      kind: 'publisher',
      value: value && { name: value.name, status: value.status, records: value.seq },
    };
  }
  const { asked, value, last, asOf } = status as VerifiedStatus<'subject'>;
  const profile = profileIn(names, asked.profile);
  const { word, inForce, next, by } = verdictOf(value, last?.leaf ?? null, profile, asOf);
  const state =
    value && (profile?.states.find(({ name }) => name === value.state)?.title ?? same(value.state));
  return {
    kind: 'subject',
    word,
    inForce,
    next,
    state,
    by: by.map(({ rel, subject: { issuer, id }, index }) => ({ rel, subject: `${issuer}/${id}`, index })),
    validFrom: value?.validFrom ?? null,
    validTo: value?.validTo ?? null,
    awaiting: value?.awaiting ?? [],
    owner: value && publisherFacts(value.owner, names),
    version: value?.version ?? 0,
    digest: value?.digest ? digestText(value.digest) : null,
  };
}
