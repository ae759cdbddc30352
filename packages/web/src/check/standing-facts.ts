import { askedText, type Chain, digestText, isStatus, type VerifiedStatus, verdictOf } from '@qifeng/core';
import type { StandingFacts } from './facts.ts';
import { cosignerFacts, profileIn, publisherFacts, recordFacts, same } from './record-facts.ts';

/** What the page shows of a verified status proof, by the clock `now`, in ms. */
export function standingFacts(status: VerifiedStatus, chain: Chain, now: number): StandingFacts {
  const { asked, asOf, checkpoint, cosigners, validators, last } = status;
  return {
    about: askedText(asked),
    asOf,
    age: Math.max(0, now - asOf),
    height: checkpoint.height,
    size: checkpoint.size,
    cosigners: cosignerFacts(cosigners, chain),
    of: validators,
    last: last && recordFacts(last, chain, now),
    holds: holdsOf(status, chain),
  };
}

function holdsOf(status: VerifiedStatus, chain: Chain): StandingFacts['holds'] {
  if (isStatus(status, 'digest')) return { kind: 'digest', value: status.value };
  if (isStatus(status, 'publisher')) {
    const { value } = status;
    return {
      kind: 'publisher',
      value: value && { name: value.name, status: value.status, records: value.seq },
    };
  }
  const { asked, value, last, asOf } = status as VerifiedStatus<'subject'>;
  const profile = profileIn(chain, asked.profile);
  const { word, inForce, by } = verdictOf(value, last?.leaf ?? null, profile, asOf);
  const state =
    value && (profile?.states.find(({ name }) => name === value.state)?.title ?? same(value.state));
  return {
    kind: 'subject',
    word,
    inForce,
    state,
    by: by.map(({ rel, subject: { issuer, id }, index }) => ({ rel, subject: `${issuer}/${id}`, index })),
    validFrom: value?.validFrom ?? null,
    validTo: value?.validTo ?? null,
    awaiting: value?.awaiting ?? [],
    owner: value && publisherFacts(value.owner, chain),
    version: value?.version ?? 0,
    digest: value?.digest ? digestText(value.digest) : null,
  };
}
